"""Tables and views of a PostgreSQL database, judged where they lie.

NaN is NULL, and a type that PostgreSQL compares in ways of its own is text (see ``docs/types.md``);
a table that has neither is read as it is. Each table is locked against being emptied or dropped
while it is judged, as pg_dump does: a TRUNCATE would show in the middle of a snapshot.
"""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from checks.dataset import Dataset, Relation, Session, Table, TableColumn, quote
from checks.errors import FailedStatement, StoppedQuery, UnreachableData
from checks.location import Address, Limits, Location
from checks.sources.postgresql_catalog import Found, Place, look, there
from checks.sources.postgresql_session import PostgresSession
from checks.wording import counted, fault, listed
from contracts.model import Schema

_DEFAULT: Final = "public"
_SYSTEM: Final = re.compile(r"pg_|information_schema$|$")
_ABOUT: Final = """
SELECT current_setting('server_version'), current_database(), current_user,
       current_setting('is_superuser') = 'on'
       OR coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_catalog.pg_namespace
                    WHERE nspname = %(schema)s), false)
"""


class PostgreSql:
    """See ``checks.sources.Source``. ``schema`` among the options is ``public`` by default.

    An object is the table, view or foreign table of its physical name in that schema, letter by
    letter; where there is none, ``sales.orders`` is the table ``orders`` of the schema ``sales``.
    """

    def open(self, schemas: Sequence[Schema], location: Location, *, limits: Limits) -> Dataset:
        """Open every object of ``schemas`` that is there."""
        with ExitStack() as opening:
            session = PostgresSession(location.address or Address(), limits)
            opening.callback(session.close)
            try:
                dataset = _opened(session, schemas, _schema_of(location))
            except (FailedStatement, StoppedQuery) as error:
                raise UnreachableData(fault(error)) from error
            opening.pop_all()
        return dataset

    def probe(self, location: Location, *, limits: Limits) -> str:
        """Connect, and tell who answered, as whom, and how much there is to read."""
        session = PostgresSession(location.address or Address(), limits)
        try:
            return _about(session, _schema_of(location))
        except (FailedStatement, StoppedQuery) as error:
            raise UnreachableData(fault(error)) from error
        finally:
            session.close()


def _schema_of(location: Location) -> str:
    """The schema that the server entry names, if it is not the database's own."""
    schema = str(location.options.get("schema") or _DEFAULT)
    if _SYSTEM.match(schema):
        raise UnreachableData(f"the schema {schema!r} is PostgreSQL's own: it holds no product")
    return schema


def _opened(session: PostgresSession, schemas: Sequence[Schema], default: str) -> Dataset:
    tables: dict[str, Table] = {}
    problems: dict[str, str] = {}
    missing: set[str] = set()
    places = {schema.physical_name: _places(schema.physical_name, default) for schema in schemas}
    every = dict.fromkeys(place for each in places.values() for place in each)
    busy = session.hold([_relation(place) for place in every])
    found = look(session, list(every))
    for schema in schemas:
        name = schema.physical_name
        first = next((found[place] for place in places[name] if place in found), None)
        if first is None:
            problems[name] = _nowhere(session, places[name])
            missing.add(name)
        elif problem := _problem(schema, first, busy=_relation(first.place) in busy):
            problems[name] = problem
        else:
            tables[name] = _table(name, first)
    return Dataset(session=session, tables=tables, problems=problems, missing=frozenset(missing))


def _places(name: str, default: str) -> list[Place]:
    """Where the object may lie, first choice first."""
    head, _, tail = name.partition(".")
    return (
        [(default, name), (head, tail)] if tail and not _SYSTEM.match(head) else [(default, name)]
    )


def _relation(place: Place) -> Relation:
    return Relation(schema=place[0], name=place[1])


def _nowhere(session: Session, places: Sequence[Place]) -> str:
    schema, name = places[-1]
    listing = there(session, schema)
    if not listing.exists:
        return f"no table {name!r}: the database has no schema {schema!r}"
    tables = listed(listing.readable) if listing.readable else "none that may be read"
    return f"no table or view {name!r} in the schema {schema!r}; there are {tables}"


def _problem(schema: Schema, found: Found, *, busy: bool) -> str:
    """Why the whole of what is promised cannot be read, if it cannot."""
    table = ".".join(found.place)
    if denied := _denied(schema, found):
        return f"{table} may not be read{denied}"
    return f"{table} is locked by another session" if busy else ""


def _denied(schema: Schema, found: Found) -> str:
    """What is not granted, as the end of a sentence; empty where all that is promised is."""
    if not found.usable:
        return ": USAGE on its schema is not granted"
    readable = {column.name for column in found.columns if column.readable}
    if not readable and not found.selectable:
        return ": SELECT on it is not granted"
    promised = {column.physical_name for column in schema.columns}
    if kept := [each.name for each in found.columns if each.name in promised - readable]:
        return f" whole: SELECT is not granted on {listed(kept)}"
    return " whole: a row security policy hides rows of it" if found.hidden else ""


def _table(name: str, found: Found) -> Table:
    whole = _relation(found.place)
    cells = [(column.cell, quote(column.name)) for column in found.columns if column.readable]
    plain = len(cells) == len(found.columns) and all(cell == own for cell, own in cells)
    select = ", ".join(cell if cell == own else f"{cell} AS {own}" for cell, own in cells)
    relation = whole if plain else replace(whole, select=f"SELECT {select} FROM {whole}")  # noqa: S608 - quoted names
    columns = {
        column.name: TableColumn(
            name=column.name,
            type=column.spoken,
            source_type=column.type,
            delivered=column.name,
        )
        for column in found.columns
    }
    return Table(name=name, columns=columns, typed=relation, judged=relation)


def _about(session: Session, schema: str) -> str:
    version, database, user, owns = session.run(_ABOUT, {"schema": schema}).rows[0]
    listing = there(session, schema)
    if not listing.exists:
        raise UnreachableData(f"the database {str(database)!r} has no schema {schema!r}")
    warning = "; it may write, too: better is a user that may only read"
    return (
        f"PostgreSQL {version}, database {str(database)!r} as user {str(user)!r}: "
        f"{counted(len(listing.readable), 'table')} can be read in the schema {schema!r}"
        f"{warning if owns or listing.writable else ''}"
    )
