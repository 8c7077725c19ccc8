"""Statements that each database spells in its own way."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

_Insert: TypeAlias = sqlite.Insert | postgresql.Insert
_INSERT: Final[Mapping[str, Callable[[Table], _Insert]]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

_SEED: Final = 0x41737361  # "Assa": keeps our locks apart from those of others in the database


def insert_new(connection: Connection, table: Table) -> _Insert:
    """Return an ``INSERT`` that leaves alone what is there already."""
    return _INSERT[connection.dialect.name](table).on_conflict_do_nothing()


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    by: Collection[str],
) -> None:
    """Insert rows in one go; where one of the same ``by`` is there, its other columns are replaced.

    Args:
        connection: A writing transaction.
        table: Where they go.
        rows: All with the same columns; columns that they leave out stay as they are.
        by: The columns of the key or of a unique constraint.
    """
    if not rows:
        return
    statement = _INSERT[connection.dialect.name](table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in by}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(by), set_=changed), list(rows)
    )


def lock(connection: Connection, name: str) -> None:
    """Hold the lock called ``name`` until the transaction ends; wait for whoever has it.

    On SQLite there is nothing to do: a transaction that writes is alone.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_number(name))))


def lock_at_once(connection: Connection, name: str) -> bool:
    """Hold the lock called ``name`` until the transaction ends; False when another has it."""
    if connection.dialect.name != "postgresql":
        return True
    taken = select(func.pg_try_advisory_xact_lock(_number(name)))
    return bool(connection.execute(taken).scalar_one())


def _number(name: str) -> ColumnElement[int]:
    """Return the number of a lock: one of this schema, since another may hold another service."""
    return func.hashtextextended(func.concat(func.current_schema(), ":", name), _SEED)
