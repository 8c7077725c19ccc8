"""The demo's data: five tables of TPC-H, as they should be and as their bad habits make them."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from cli.demo.cast import Role

SCALE: Final = "0.1"  # 150,000 orders, 600,572 lines, 15,000 customers, 20,000 parts
_GOOD: Final = "(SELECT *, row_number() OVER (ORDER BY {key}) AS place FROM read_parquet($good))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """Files in ``folder``, each replaced whole, so that no run ever sees half of one."""

    folder: Path
    cast: Sequence[Role]

    def make(self) -> int:
        """Generate every table and return how many rows they hold together."""
        generator = Path(sys.executable).with_name("tpchgen-cli")
        tables = ",".join(role.table for role in self.cast)
        command = [str(generator), "parquet", "--scale-factor", SCALE]
        command += ["--tables", tables, "--output-dir", str(self._good)]
        self._good.mkdir(parents=True)
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own arguments
        self.repair()
        with duckdb.connect() as database:
            return sum(self._count(database, role.table) for role in self.cast)

    def spoil(self) -> None:
        """Deliver everything as the bad habits make it."""
        for role in self.cast:
            if not role.habit.rows:
                self._file(role.table).unlink()
                continue
            rows = role.habit.rows.format(good=_GOOD.format(key=role.key))
            target = self.folder / f"{role.table}.new"
            query = f"COPY (SELECT * EXCLUDE (place) FROM ({rows})) TO '{target}' (FORMAT parquet)"  # noqa: S608 - our own words
            with duckdb.connect() as database:
                good = self._good / f"{role.table}.parquet"
                database.execute(query, {"good": str(good)})
            target.replace(self._file(role.table))

    def repair(self) -> None:
        """Deliver everything as it should be."""
        for role in self.cast:
            target = self.folder / f"{role.table}.new"
            target.write_bytes((self._good / f"{role.table}.parquet").read_bytes())
            target.replace(self._file(role.table))

    @property
    def _good(self) -> Path:
        return self.folder.parent / "good"

    def _file(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    def _count(self, database: duckdb.DuckDBPyConnection, table: str) -> int:
        query = "SELECT count(*) FROM read_parquet($path)"
        row = database.execute(query, {"path": str(self._file(table))}).fetchone()
        return int(row[0]) if row else 0
