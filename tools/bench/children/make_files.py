"""Make data in a folder, if it is not there: ``python -m tools.bench.children.make_files FILE``.

The JSON file holds ``folder``, ``scale`` and ``variant`` for TPC-H line items and orders in a
folder below it, or ``folder``, ``columns`` and ``rows`` for the wide table. Writes the number of
rows.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import duckdb

from tools.bench import planting, wide
from tools.bench.rules import KEY

_MEMORY: Final = "2GB"


def make_lines(folder: Path, scale: str, variant: str) -> int:
    """Good line items, and bad ones if ``variant`` asks; returns how many there are of each."""
    clean, bad = folder / "clean", folder / planting.variant()
    if not clean.exists():
        _generate(clean, scale)
    with duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2}) as database:
        rows = _count(database, clean / "lineitem.parquet")
        if variant == "bad" and not bad.exists():
            _spoil(database, clean, bad, rows=rows)
    return rows


def _generate(folder: Path, scale: str) -> None:
    generator = Path(sys.executable).with_name("tpchgen-cli")
    unfinished = _unfinished(folder)
    command = [str(generator), "parquet", "--scale-factor", scale, "--num-threads", "2"]
    command += ["--tables", "orders,lineitem", "--output-dir", str(unfinished)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own arguments
    unfinished.rename(folder)


def _spoil(database: duckdb.DuckDBPyConnection, clean: Path, bad: Path, *, rows: int) -> None:
    unfinished = _unfinished(bad)
    source = (
        f"(SELECT * EXCLUDE (file_row_number), file_row_number AS place FROM "  # noqa: S608 - our own path
        f"read_parquet('{clean / 'lineitem.parquet'}', file_row_number = true))"
    )
    places = ", ".join(map(str, planting.before_repeated(rows)))
    keys = database.execute(
        f"SELECT {', '.join(KEY)} FROM {source} WHERE place IN ({places}) ORDER BY place"  # noqa: S608 - our own names
    ).fetchall()
    named = {column: [key[at] for key in keys] for at, column in enumerate(KEY)}
    target = unfinished / "lineitem.parquet"
    database.execute(
        f"COPY ({planting.spoilt(rows, source)}) TO '{target}' (FORMAT parquet)",
        named,
    )
    shutil.copy(clean / "orders.parquet", unfinished)
    unfinished.rename(bad)


def make_wide(folder: Path, columns: int, rows: int) -> int:
    """The wide table; returns its rows."""
    if not folder.exists():
        unfinished = _unfinished(folder)
        with duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2}) as database:
            target = unfinished / f"{wide.TABLE}.parquet"
            database.execute(f"COPY ({wide.rows_sql(columns, rows)}) TO '{target}'")
        unfinished.rename(folder)
    return rows


def _unfinished(folder: Path) -> Path:
    """A new folder beside ``folder``, to be renamed to it when it is whole."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    return unfinished


def _count(database: duckdb.DuckDBPyConnection, file: Path) -> int:
    row = database.execute("SELECT count(*) FROM read_parquet($file)", {"file": str(file)})
    return int((row.fetchone() or (0,))[0])


def main() -> None:
    """Make what is asked for, and write the number of rows."""
    asked = json.loads(Path(sys.argv[1]).read_text())
    folder = Path(asked["folder"])
    if "scale" in asked:
        rows = make_lines(folder, asked["scale"], asked["variant"])
    else:
        rows = make_wide(folder, asked["columns"], asked["rows"])
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    main()
