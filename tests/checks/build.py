"""Contracts, clauses, files and runs in one line each, for the tests of this package."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from checks.execute import execute
from checks.location import Limits, Location
from checks.model import Finding, Report
from contracts.clause import Clause, Kind
from contracts.model import Column, Contract, Schema
from contracts.values import EngineName

LIMITS = Limits(memory_mb=512, threads=2, statement_seconds=30)
_PANDERA = {
    Kind.OBJECT_PRESENT,
    Kind.EXTRA_COLUMNS,
    Kind.COLUMN_PRESENT,
    Kind.TYPE,
    Kind.REQUIRED,
    Kind.UNIQUE,
    Kind.ENUM,
    Kind.PRIMARY_KEY,
    Kind.RELATIONSHIP,
    Kind.PATTERN,
    Kind.MIN_LENGTH,
    Kind.MAX_LENGTH,
    Kind.MINIMUM,
    Kind.MAXIMUM,
    Kind.EXCLUSIVE_MINIMUM,
    Kind.EXCLUSIVE_MAXIMUM,
}


def column(name: str, logical_type: str | None = None, **facts) -> Column:
    return Column(pointer="/", name=name, physical_name=name, logical_type=logical_type, **facts)


def schema(name: str, *columns: Column) -> Schema:
    return Schema(pointer="/schema/0", name=name, physical_name=name, columns=columns)


def contract(*schemas: Schema) -> Contract:
    return Contract(
        id="c", version="1.0.0", api_version="v3.1.0", status="active", product="p", schemas=schemas
    )


def clause(kind: Kind, column: str | None = None, /, *, schema: str = "orders", **facts) -> Clause:
    """A clause; ``key``, ``keys`` and ``sensitive`` are facts about it, all else its arguments."""
    engine = EngineName.PANDERA if kind in _PANDERA else EngineName.GREAT_EXPECTATIONS
    sensitive = tuple(facts.pop("sensitive", ()))
    return Clause(
        key=facts.pop("key", f"/schema/{schema}/{column}/{kind}"),
        pointer="",
        kind=kind,
        schema=schema,
        column=column,
        engine=engine,
        key_columns=tuple(facts.pop("keys", ())),
        sensitive=column in sensitive,
        sensitive_columns=sensitive,
        arguments=facts,
    )


class Clock:
    """Tells a second more each time it is asked."""

    def __init__(self) -> None:
        self._seconds = itertools.count()

    def __call__(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(self._seconds))


def at(folder: Path, path: str = "{model}.csv", **facts) -> Location:
    return Location(source="files", roots=(folder,), path=path, **facts)


def judged(
    location: Location, schemas: Iterable[Schema], clauses: Sequence[Clause], limits=LIMITS
) -> Mapping[str, Finding]:
    return by_key(report(location, schemas, clauses, limits))


def report(location, schemas, clauses, limits=LIMITS) -> Report:
    return execute(contract(*schemas), clauses, location, limits=limits, clock=Clock())


def by_key(told: Report) -> Mapping[str, Finding]:
    return {result.clause.key: result.finding for result in told.results}


def one(location: Location, table: Schema, asked: Clause, limits=LIMITS) -> Finding:
    return judged(location, [table], [asked], limits)[asked.key]


def csv(folder: Path, text: str, name: str = "orders.csv") -> Location:
    (folder / name).write_text(text, encoding="utf-8")
    return at(folder)


def parquet(folder: Path, select: str, name: str = "orders") -> Location:
    """A Parquet file with the rows of a SELECT."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{folder}/{name}.parquet' (FORMAT parquet)")
    return at(folder, "{model}.parquet")
