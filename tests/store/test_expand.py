"""Each migration only adds: what the release before reads and writes stays as it is.

So a database is migrated first, and processes are replaced one by one afterwards.
"""

import re
from pathlib import Path
from typing import Final

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, inspect

from store.engine import create_store_engine, reading, writing
from store.migrate import configuration

TAKES_AWAY: Final = re.compile(
    r"\bDROP\b|\bRENAME\b|\bALTER COLUMN\b|\bSET NOT NULL\b", re.IGNORECASE
)
ADDS: Final = re.compile(r"ALTER TABLE \w+ ADD COLUMN (.*)", re.IGNORECASE | re.DOTALL)
MAKES: Final = re.compile(r"CREATE TABLE (\w+)", re.IGNORECASE)
UNIQUE: Final = re.compile(r"CREATE UNIQUE INDEX \w+ ON (\w+)", re.IGNORECASE)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    return config


def _revisions() -> list[str]:
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return create_store_engine(f"sqlite:///{tmp_path}/steps.db")


def _step(engine: Engine, to: str) -> list[str]:
    """Migrate one step, and return the statements that change tables."""
    said: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        said.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        with writing(engine) as connection:
            command.upgrade(configuration(connection), to)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return [one for one in said if re.match(r"ALTER|CREATE|DROP", one, re.IGNORECASE)]


def _columns(engine: Engine) -> dict[tuple[str, str], tuple[str, bool]]:
    with reading(engine) as connection:
        look = inspect(connection)
        return {
            (table, column["name"]): (str(column["type"]), bool(column["nullable"]))
            for table in look.get_table_names()
            for column in look.get_columns(table)
        }


def _breaks(statements: list[str]) -> list[str]:
    """Return the statements that the release before could stumble over."""
    own = {found[1] for one in statements if (found := MAKES.match(one))}
    return [
        one
        for one in statements
        if TAKES_AWAY.search(one)
        or ((added := ADDS.match(one)) and "NOT NULL" in one and "DEFAULT" not in added[1])
        or ((index := UNIQUE.match(one)) and index[1] not in own)
    ]


def test_each_migration_after_the_first_only_adds(engine: Engine):
    first, *later = _revisions()
    _step(engine, first)

    for number in later:
        before = _columns(engine)
        statements = _step(engine, number)
        after = _columns(engine)

        assert _breaks(statements) == [], number
        assert {column: after.get(column) for column in before} == before, number


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE run",
        "ALTER TABLE run RENAME COLUMN a TO b",
        "ALTER TABLE run DROP COLUMN a",
        "ALTER TABLE run ALTER COLUMN a SET NOT NULL",
        "ALTER TABLE run ADD COLUMN a TEXT NOT NULL",
        "CREATE UNIQUE INDEX uq_run_a ON run (a)",
    ],
)
def test_what_takes_away_is_seen(statement: str):
    assert _breaks([statement]) == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE run ADD COLUMN a TEXT",
        "ALTER TABLE run ADD COLUMN a TEXT DEFAULT '' NOT NULL",
        "CREATE INDEX ix_run_a ON run (a)",
        "CREATE TABLE new ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
    ],
)
def test_what_adds_is_let_through(statement: str):
    assert _breaks([statement]) == []
