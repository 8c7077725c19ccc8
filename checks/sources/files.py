"""CSV and Parquet files as views of one locked DuckDB.

Three views stand for each object: its cells as they lie in the files, typed (what SQL rules see)
and judged (typed, with what was delivered beside it, where NULL means missing). In a CSV an empty
cell is NULL and a quoted empty string is an empty text. NaN is NULL everywhere.
"""

import codecs
import glob
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from checks.complaints import MIXED
from checks.dataset import Dataset, Relation, Session, Table, TableColumn, quote
from checks.errors import CheckError, FailedStatement, UnreachableData
from checks.location import Limits, Location
from checks.sources.headers import csv_names, hint, mixed_ends, parquet_names, refuse_repeated
from checks.sources.parse import delivered, typed
from checks.sources.paths import find, format_of
from checks.sources.session import LockedSession
from checks.wording import counted, fault
from contracts.model import Column, Schema
from contracts.values import Json

_FILES: Final = "files"
_TYPED: Final = "main"
_JUDGED: Final = "judged"
_PLAIN: Final = frozenset(
    [
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "HUGEINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "UBIGINT",
        "FLOAT",
        "DOUBLE",
        "BOOLEAN",
        "VARCHAR",
        "BLOB",
        "DATE",
        "TIME",
        "TIMESTAMP",
        "TIMESTAMP_S",
        "TIMESTAMP_MS",
        "TIMESTAMP_NS",
    ]
)
_ENCODINGS: Final = {"utf-8": "utf-8", "ascii": "utf-8", "utf-16": "utf-16", "iso8859-1": "latin-1"}


class Files:
    """See ``checks.sources.Source``."""

    def open(self, schemas: Sequence[Schema], location: Location, *, limits: Limits) -> Dataset:
        """Open every object of ``schemas`` that has files there."""
        roots = tuple(root.resolve() for root in location.roots)
        with ExitStack() as opening:
            session = LockedSession(roots, limits)
            opening.callback(session.close)
            for view in (_FILES, _JUDGED):
                session.run(f"CREATE SCHEMA {quote(view)}")
            dataset = _opened(session, schemas, location, roots=roots)
            opening.pop_all()
        return dataset

    def probe(self, location: Location, *, limits: Limits) -> str:
        """Look whether every root is a folder that can be read."""
        for root in location.roots:
            if not root.is_dir():
                raise UnreachableData(f"{root} is no folder")
            if not os.access(root, os.R_OK | os.X_OK):
                raise UnreachableData(f"{root} may not be read")
        return f"{counted(len(location.roots), 'folder')} can be read"


def _opened(
    session: Session, schemas: Sequence[Schema], location: Location, *, roots: Sequence[Path]
) -> Dataset:
    tables: dict[str, Table] = {}
    problems: dict[str, str] = {}
    for schema in schemas:
        name = schema.physical_name
        try:
            tables[name] = _open(session, schema, location)
        except UnreachableData as error:
            problems[name] = str(error)
        except (CheckError, OSError) as error:
            problems[name] = f"{name} cannot be read: {fault(error, roots=roots)}"
    return Dataset(session=session, tables=tables, problems=problems)


def _open(session: Session, schema: Schema, location: Location) -> Table:
    files = _filled(find(location, schema.physical_name))
    format_ = format_of(files, location.format)
    named = _relation(_FILES, schema.physical_name)
    if format_ == "csv":
        found = _found_in_csv(session, schema, files, location=location)
        return _text_table(session, schema, found, header=_flag(location.options, "header"))
    for file in files:
        refuse_repeated(file.name, parquet_names(session, _literal(glob.escape(str(file)))))
    return _typed_table(session, schema, _described(session, named, _read_parquet(files)))


def _described(session: Session, named: Relation, reader: str) -> list[tuple[str, str]]:
    """Name and type of each column of the view ``named``, made here over ``reader``."""
    session.run(f"CREATE VIEW {named} AS FROM {reader}")
    return [(str(row[0]), str(row[1])) for row in session.run(f"DESCRIBE {named}").rows]


def _found_in_csv(
    session: Session, schema: Schema, files: Sequence[Path], *, location: Location
) -> list[tuple[str, str]]:
    """The columns of CSV files, if each of them can be read as the server entry says."""
    name = schema.physical_name
    questions = [_question(schema, files, file, options=location.options) for file in files]
    try:
        return _described(session, _relation(_FILES, name), _read_csv(files, location.options))
    except FailedStatement as error:
        if mixed := next((file for file in files if mixed_ends(file)), None):
            raise UnreachableData(f"{mixed.name} {MIXED}") from error
        why = fault(error, roots=[root.resolve() for root in location.roots])
        told = "; ".join([why, *filter(None, questions)][:2])
        raise UnreachableData(f"{name} cannot be read: {told}") from error


def _question(
    schema: Schema, files: Sequence[Path], file: Path, *, options: Mapping[str, Json]
) -> str:
    """What to ask about the delimiter of ``file``, if anything; its header must be sound."""
    delimiter = _delimiter(files, options)
    names = csv_names(file, delimiter=delimiter, encoding=_encoding(options))
    asked = hint(names, delimiter)
    if _flag(options, "header"):
        refuse_repeated(file.name, names)
        promised = {column.physical_name for column in schema.columns}
        if asked and names[0] not in promised:
            raise UnreachableData(f"{file.name} has one column, {names[0][:60]!r}: {asked}")
    return asked


def _delimiter(files: Sequence[Path], options: Mapping[str, Json]) -> str:
    tabbed = files[0].name.lower().endswith((".tsv", ".tsv.gz"))
    return str(options.get("delimiter") or ("\t" if tabbed else ","))


def _filled(files: Sequence[Path]) -> Sequence[Path]:
    """Those of ``files`` that are not empty: one without even a header says nothing of columns."""
    filled = [file for file in files if file.stat().st_size]
    if not filled:
        raise UnreachableData(f"{files[0].name} is empty: not even a header is in it")
    return filled


def _typed_table(session: Session, schema: Schema, found: Sequence[tuple[str, str]]) -> Table:
    name = schema.physical_name
    cells = [f"{_typed_cell(column, type_)} AS {quote(column)}" for column, type_ in found]
    view = _view(session, _TYPED, name, cells)
    types = _types(session, view)
    columns = {
        column: TableColumn(name=column, type=types[column], source_type=type_, delivered=column)
        for column, type_ in found
    }
    return Table(name=name, columns=columns, typed=view, judged=view)


def _text_table(
    session: Session, schema: Schema, found: Sequence[tuple[str, str]], *, header: bool
) -> Table:
    name = schema.physical_name
    inside = [column for column, _ in found]
    names = inside if header else _positional(inside, schema.columns)
    promised = {column.physical_name: column for column in schema.columns}
    beside = _beside(names)
    cells: list[str] = []
    texts: list[str] = []
    for there, column in zip(inside, names, strict=True):
        logical, options = _promise(promised.get(column))
        cells.append(f"{typed(quote(there), logical, options)} AS {quote(column)}")
        texts.append(delivered(quote(there), logical))
    both = [f"{text} AS {quote(beside[column])}" for text, column in zip(texts, names, strict=True)]
    view = _view(session, _TYPED, name, cells)
    judged = _view(session, _JUDGED, name, [*cells, *both])
    types = _types(session, view)
    columns = {
        column: TableColumn(
            name=column, type=types[column], source_type="VARCHAR", delivered=beside[column]
        )
        for column in names
    }
    return Table(name=name, columns=columns, typed=view, judged=judged, text=True)


def _relation(schema: str, name: str) -> Relation:
    return Relation(schema=schema, name=name)


def _view(session: Session, schema: str, name: str, cells: Sequence[str]) -> Relation:
    """A view in the catalog schema ``schema`` with these cells of the files."""
    view, files = _relation(schema, name), _relation(_FILES, name)
    session.run(f"CREATE VIEW {view} AS SELECT {', '.join(cells)} FROM {files}")  # noqa: S608 - quoted names
    return view


def _types(session: Session, view: Relation) -> dict[str, str]:
    rows = session.run(f"DESCRIBE {view}").rows
    return {str(row[0]): str(row[1]) for row in rows}


def _typed_cell(column: str, type_: str) -> str:
    cell = quote(column)
    if type_ in {"FLOAT", "DOUBLE"}:
        return f"NULLIF({cell}, 'nan'::{type_})"
    nested = type_.endswith("]") or type_.startswith(("STRUCT(", "MAP("))
    zoned = type_ == "TIMESTAMP WITH TIME ZONE"
    if type_ in _PLAIN or nested or zoned or type_.startswith("DECIMAL("):
        return cell
    return f"CAST({cell} AS VARCHAR)"


def _promise(column: Column | None) -> tuple[str | None, Mapping[str, Json]]:
    return (None, {}) if column is None else (column.logical_type, column.options)


def _positional(found: Sequence[str], columns: Sequence[Column]) -> list[str]:
    named = [column.physical_name for column in columns][: len(found)]
    return [*named, *found[len(named) :]]


def _beside(names: Sequence[str]) -> dict[str, str]:
    taken = {name.lower() for name in names}
    beside: dict[str, str] = {}
    for name in names:
        other = f"{name} (as delivered)"
        while other.lower() in taken:
            other += "'"
        taken.add(other.lower())
        beside[name] = other
    return beside


def _read_parquet(files: Sequence[Path]) -> str:
    by_name = str(len(files) > 1).lower()
    return f"read_parquet({_list(files)}, union_by_name = {by_name}, hive_partitioning = false)"


def _read_csv(files: Sequence[Path], options: Mapping[str, Json]) -> str:
    markers = options.get("nullMarkers")
    texts = [markers] if isinstance(markers, str) else list(markers or ())  # type: ignore[arg-type]  # a list by lint
    settings = {
        "all_varchar": "true",
        "header": str(_flag(options, "header")).lower(),
        "delim": _literal(_delimiter(files, options)),
        "quote": _literal('"'),
        "escape": _literal('"'),
        "comment": _literal(""),
        "skip": "0",
        "encoding": _literal(_encoding(options)),
        "nullstr": "[" + ", ".join(_literal(str(text)) for text in ["", *texts]) + "]",
        "allow_quoted_nulls": "false",
        "union_by_name": str(len(files) > 1).lower(),
        "hive_partitioning": "false",
    }
    stated = ", ".join(f"{name} = {value}" for name, value in settings.items())
    return f"read_csv({_list(files)}, {stated})"


def _flag(options: Mapping[str, Json], name: str) -> bool:
    return str(options.get(name, True)).lower() not in {"false", "no", "0"}


def _encoding(options: Mapping[str, Json]) -> str:
    stated = str(options.get("encoding") or "utf-8")
    try:
        return _ENCODINGS[codecs.lookup(stated).name]
    except (LookupError, ValueError):
        known = "utf-8, utf-16, latin-1"
        raise UnreachableData(f"encoding {stated!r} is not supported; known: {known}") from None


def _list(files: Sequence[Path]) -> str:
    return "[" + ", ".join(_literal(glob.escape(str(file))) for file in files) + "]"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
