"""Load tables into a database of its own: ``python -m tools.bench.children.make_postgresql FILE``.

The JSON file holds ``address`` (of any database of the server), ``database`` (made anew) and
``schemas``: by name, a folder of Parquet files. With no schemas the database is only dropped.
Writes the process id of the server, or null where it runs on another machine.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
import psycopg
from psycopg import sql

from tools.bench import servers

_TYPES: Final = {"VARCHAR": "text"}


def load(database: str, schemas: Mapping[str, str]) -> None:
    """Make every table of ``schemas`` in ``database``, an address, with fresh statistics."""
    with psycopg.connect(database, autocommit=True) as connection:
        for schema, folder in schemas.items():
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
            for file in sorted(Path(folder).glob("*.parquet")):
                _copy(connection, file, sql.Identifier(schema, file.stem))
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _copy(connection: psycopg.Connection, file: Path, table: sql.Identifier) -> None:
    with duckdb.connect() as files, TemporaryDirectory() as folder:
        described = files.execute(f"DESCRIBE FROM '{file}'").fetchall()
        text = Path(folder) / "rows.csv"
        files.execute(f"COPY (FROM '{file}') TO '{text}' (HEADER false)")
        columns = sql.SQL(", ").join(
            sql.SQL("{} " + _TYPES.get(row[1], row[1])).format(sql.Identifier(row[0]))
            for row in described
        )
        made = sql.SQL("CREATE TABLE {} ({}) WITH (autovacuum_enabled = false)")
        connection.execute(made.format(table, columns))
        copied = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(table)
        with connection.cursor().copy(copied) as copy, text.open("rb") as rows:
            while part := rows.read(1 << 20):
                copy.write(part)


def postmaster(connection: psycopg.Connection) -> int | None:
    """Process id of the server; None where it runs on another machine."""
    try:
        return servers.parent(connection.info.backend_pid)
    except OSError:
        return None


def main() -> None:
    """Drop the database, make it anew if schemas are named, and write the server's process id."""
    asked = json.loads(Path(sys.argv[1]).read_text())
    name = sql.Identifier(asked["database"])
    with psycopg.connect(asked["address"], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        if asked["schemas"]:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
            load(f"{asked['address']} dbname={asked['database']}", asked["schemas"])
        sys.stdout.write(json.dumps(postmaster(connection)))


if __name__ == "__main__":
    main()
