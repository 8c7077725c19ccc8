"""The demo's data: TPC-H orders and line items, a bad delivery of orders, and the repaired one."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

SCALE: Final = "0.1"  # 150,000 orders and 600,572 lines
NULLS: Final = 120
DUPLICATES: Final = 40
UNKNOWN: Final = 75

_BAD: Final = f"""
    COPY (
        SELECT * EXCLUDE (place) REPLACE (
            CASE WHEN place <= {NULLS} THEN NULL ELSE o_custkey END AS o_custkey,
            CASE WHEN place BETWEEN 1001 AND 1000 + {UNKNOWN} THEN 'X' ELSE o_orderstatus END
                AS o_orderstatus
        )
        FROM (SELECT *, row_number() OVER (ORDER BY o_orderkey) AS place FROM read_parquet($good))
        UNION ALL
        SELECT * FROM (SELECT * FROM read_parquet($good) ORDER BY o_orderkey LIMIT {DUPLICATES})
    ) TO '{{target}}' (FORMAT parquet)
"""  # noqa: S608 - numbers of our own


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """Files in ``folder``, each replaced whole, so that no run ever sees half of one."""

    folder: Path

    def make(self) -> int:
        """Generate both tables and return how many rows they hold together."""
        generator = Path(sys.executable).with_name("tpchgen-cli")
        command = [str(generator), "parquet", "--scale-factor", SCALE]
        command += ["--tables", "orders,lineitem", "--output-dir", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own arguments
        (self.folder / "good").mkdir()
        (self.folder / "good" / "orders.parquet").write_bytes(
            (self.folder / "orders.parquet").read_bytes()
        )
        with duckdb.connect() as database:
            counts = (self._count(database, name) for name in ("orders", "lineitem"))
            return sum(counts)

    def spoil(self) -> None:
        """Deliver orders with missing customers, an unknown status and orders that come twice."""
        target = self.folder / "spoiled.parquet"
        with duckdb.connect() as database:
            database.execute(
                _BAD.format(target=target), {"good": str(self.folder / "good" / "orders.parquet")}
            )
        target.replace(self.folder / "orders.parquet")

    def repair(self) -> None:
        """Deliver the good orders again."""
        target = self.folder / "repaired.parquet"
        target.write_bytes((self.folder / "good" / "orders.parquet").read_bytes())
        target.replace(self.folder / "orders.parquet")

    def _count(self, database: duckdb.DuckDBPyConnection, name: str) -> int:
        query = "SELECT count(*) FROM read_parquet($path)"
        row = database.execute(query, {"path": str(self.folder / f"{name}.parquet")}).fetchone()
        return int(row[0]) if row else 0
