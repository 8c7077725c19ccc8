"""What PostgreSQL's catalog tells of tables, views and their columns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, TypeAlias

from checks.dataset import Session
from checks.sources.postgresql_types import Stored

Place: TypeAlias = tuple[str, str]
"""Schema and name of a table."""

_FOUND: Final = """
WITH RECURSIVE found AS (
    SELECT c.oid AS object, n.nspname, c.relname, a.attnum, a.attname, a.atttypid, a.atttypmod,
           has_schema_privilege(n.oid, 'USAGE') AS usable,
           has_table_privilege(c.oid, 'SELECT') AS selectable,
           has_column_privilege(c.oid, a.attnum, 'SELECT') AS readable,
           row_security_active(c.oid) AS hidden
    FROM unnest(%(schemas)s::text[], %(names)s::text[]) AS wanted (nspname, relname)
    JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.nspname
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.relname
    LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
), based AS (
    SELECT object, attnum, atttypid AS type, atttypmod AS modifier FROM found
    UNION ALL
    SELECT based.object, based.attnum, t.typbasetype, t.typtypmod
    FROM based JOIN pg_catalog.pg_type t ON t.oid = based.type WHERE t.typtype = 'd'
)
SELECT found.nspname, found.relname, found.usable, found.selectable, found.hidden,
       found.attname, format_type(t.oid, based.modifier), t.typtype::text, found.readable
FROM found
LEFT JOIN based ON based.object = found.object AND based.attnum = found.attnum
LEFT JOIN pg_catalog.pg_type t ON t.oid = based.type
WHERE t.typtype IS DISTINCT FROM 'd'
ORDER BY found.nspname, found.relname, found.attnum
"""
_THERE: Final = """
SELECT c.relname, has_any_column_privilege(c.oid, 'SELECT'),
       has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
ORDER BY 1
"""
_SCHEMA: Final = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %(schema)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A table, view, materialized view or foreign table.

    Attributes:
        usable: Whether the user may look into its schema.
        selectable: Whether the user may read all of its columns.
        hidden: Whether a policy hides rows from the user.
    """

    place: Place
    usable: bool
    selectable: bool
    hidden: bool
    columns: tuple[Stored, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What lies in a schema; ``exists`` tells whether there is such a schema at all."""

    exists: bool
    readable: tuple[str, ...] = field(default=())
    writable: bool = False


def look(session: Session, places: Collection[Place]) -> Mapping[Place, Found]:
    """Those of ``places`` at which there is something to read, by one query."""
    wanted = {"schemas": [place[0] for place in places], "names": [place[1] for place in places]}
    rows = session.run(_FOUND, wanted).rows
    return {
        (str(schema), str(name)): _found((str(schema), str(name)), list(part))
        for (schema, name), part in groupby(rows, key=lambda row: (row[0], row[1]))
    }


def there(session: Session, schema: str) -> Listed:
    """Every table, view and foreign table in ``schema`` that the user may read, sorted."""
    rows = session.run(_THERE, {"schema": schema}).rows
    return Listed(
        exists=bool(rows) or bool(session.run(_SCHEMA, {"schema": schema}).rows),
        readable=tuple(str(name) for name, readable, _ in rows if readable),
        writable=any(writable for _, _, writable in rows),
    )


def _found(place: Place, rows: Sequence[tuple[object, ...]]) -> Found:
    _, _, usable, selectable, hidden, *_ = rows[0]
    columns = tuple(
        Stored(name=str(name), type=str(type_), kind=str(kind), readable=bool(readable))
        for *_, name, type_, kind, readable in rows
        if name is not None
    )
    return Found(
        place=place,
        usable=bool(usable),
        selectable=bool(selectable),
        hidden=bool(hidden),
        columns=columns,
    )
