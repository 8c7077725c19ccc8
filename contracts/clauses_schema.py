"""Clauses of what stands under ``schema``: objects, columns, types, values, keys, links."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contracts.clause import Clause, Kind
from contracts.clauses_quality import Around, quality_clauses
from contracts.identity import place, relationship_name
from contracts.model import Column, Schema
from contracts.read_columns import is_moment
from contracts.references import Link, resolve
from contracts.thresholds import one_of, shown
from contracts.values import Dimension, EngineName, Json

NOT_YET: Final = "not supported yet"
SCALARS: Final = {None, "string", "integer", "number", "boolean", "date", "timestamp", "time"}
_ORDERED: Final = {"integer", "number", "date", "timestamp"}
_OPTIONS: Final = {
    "minLength": (Kind.MIN_LENGTH, "at least {} letters"),
    "maxLength": (Kind.MAX_LENGTH, "at most {} letters"),
    "pattern": (Kind.PATTERN, "holds {}"),
    "format": (Kind.FORMAT, "{}"),
    "minimum": (Kind.MINIMUM, "at least {}"),
    "maximum": (Kind.MAXIMUM, "at most {}"),
    "exclusiveMinimum": (Kind.EXCLUSIVE_MINIMUM, "more than {}"),
    "exclusiveMaximum": (Kind.EXCLUSIVE_MAXIMUM, "less than {}"),
    "multipleOf": (Kind.MULTIPLE_OF, "a multiple of {}"),
    "minItems": (Kind.MIN_ITEMS, "at least {} items"),
    "maxItems": (Kind.MAX_ITEMS, "at most {} items"),
    "uniqueItems": (Kind.UNIQUE_ITEMS, "no item twice"),
    "minProperties": (Kind.MIN_PROPERTIES, "at least {} members"),
    "maxProperties": (Kind.MAX_PROPERTIES, "at most {} members"),
    "required": (Kind.REQUIRED_MEMBERS, "holds {}"),
    "timezone": (Kind.TIMEZONE, "says its time zone: {}"),
    "normalized": (Kind.NORMALIZED, "of length 1"),
}
_ONLY_WHEN_TRUE: Final = {"uniqueItems", "normalized"}
_OF_TYPE: Final = {"format": "format", "dimensions": "dimensions", "elementType": "element_type"}


@dataclass(frozen=True, slots=True)
class _Spot:
    """A column and where it stands.

    Attributes:
        path: Names that lead to it, for keys.
        label: Its name in results, such as ``items[].sku``.
        top: Directly in the object, not inside another column.
        named: A column that can be missing; not an array's element or a side of a map.
    """

    column: Column
    path: tuple[str, ...]
    label: str
    top: bool = True
    named: bool = True


def schema_clauses(schema: Schema, schemas: Sequence[Schema]) -> Iterator[Clause]:
    """Every promise of one of ``schemas``, in document order; keys may repeat, see ``Keys``."""
    spots = [spot for column in schema.columns for spot in _spots(_top(schema, column))]
    around = Around(
        schema=schema.physical_name,
        names={column.name: column.physical_name for column in schema.columns},
        key_columns=tuple(column.physical_name for column in schema.key),
        sensitive_columns=secret_columns(schema),
    )
    links = _Links(schema, schemas)
    yield from _object_clauses(schema, around, links)
    for spot in spots:
        yield from _column_clauses(spot, around, links)
        yield from quality_clauses(
            spot.column.quality,
            replace(around, path=spot.path, column=spot.label, spot=spot.column),
        )
    at_object = replace(around, path=("schema", schema.name))
    yield from quality_clauses(schema.quality, at_object)


def secret_columns(schema: Schema) -> tuple[str, ...]:
    """Physical names of the columns of an object whose cells must not be shown."""
    return tuple(column.physical_name for column in schema.columns if holds_secret(column))


def holds_secret(column: Column) -> bool:
    """Whether a column, or anything inside it, is sensitive."""
    inside = (*column.columns, *(c for c in (column.items, column.key, column.value) if c))
    return column.sensitive or any(holds_secret(part) for part in inside)


def _top(schema: Schema, column: Column) -> _Spot:
    path = ("schema", schema.name, "properties", column.name)
    return _Spot(column, path, column.physical_name)


def _spots(spot: _Spot) -> Iterator[_Spot]:
    """A column, then everything inside it."""
    yield spot
    column = spot.column
    for inner in column.columns:
        path = (*spot.path, "properties", inner.name)
        yield from _spots(_Spot(inner, path, f"{spot.label}.{inner.physical_name}", top=False))
    parts = (("items",), "[]", column.items), (("map", "key"), "[key]", column.key)
    for names, suffix, part in (*parts, (("map", "value"), "[value]", column.value)):
        if part is not None:
            below = (*spot.path, *names)
            yield from _spots(_Spot(part, below, f"{spot.label}{suffix}", top=False, named=False))


def _object_clauses(schema: Schema, around: Around, links: "_Links") -> Iterator[Clause]:
    base = ("schema", schema.name)
    common = Clause(
        key=place(*base, "object_present"),
        pointer=schema.pointer,
        kind=Kind.OBJECT_PRESENT,
        schema=schema.physical_name,
        engine=EngineName.PANDERA,
        threshold="exists",
        dimension=Dimension.CONFORMITY,
        key_columns=around.key_columns,
        sensitive_columns=around.sensitive_columns,
    )
    yield common
    if schema.extra_columns == "fail":
        named: Json = [column.physical_name for column in schema.columns]
        yield replace(
            common,
            key=place(*base, "extra_columns"),
            kind=Kind.EXTRA_COLUMNS,
            arguments={"columns": named},
            threshold="no column beside those named",
        )
    if schema.key:
        yield replace(
            common,
            key=place(*base, "primary_key"),
            kind=Kind.PRIMARY_KEY,
            column=around.key_columns[0] if len(around.key_columns) == 1 else None,
            arguments={"columns": list(around.key_columns)},
            threshold=f"{', '.join(around.key_columns)}: never null, never twice",
            dimension=Dimension.UNIQUENESS,
            skipped="" if all(map(_plain, schema.key)) else NOT_YET,
        )
    yield from links.clauses(schema.relationships, base, common)


class _Links:
    """Relationships of an object, which may lead to any other of the contract."""

    def __init__(self, schema: Schema, schemas: Sequence[Schema]) -> None:
        self._schema = schema
        self._schemas = schemas

    def clauses(
        self,
        entries: Sequence[Mapping[str, Json]],
        base: tuple[str, ...],
        common: Clause,
        *,
        on: Column | None = None,
    ) -> Iterator[Clause]:
        """One clause an entry; ``on`` is the column that they stand on."""
        for index, entry in enumerate(entries):
            link = resolve(entry, self._schema, self._schemas, on=on)
            clause = replace(
                common,
                key=place(*base, "relationships", relationship_name(entry)),
                pointer=f"{common.pointer}/relationships/{index}",
                kind=Kind.RELATIONSHIP,
                arguments={side: entry[side] for side in ("from", "to") if side in entry},
                threshold=f"found in {relationship_name({'to': entry.get('to', '')})}",
                dimension=Dimension.CONSISTENCY,
            )
            yield replace(clause, skipped=link) if isinstance(link, str) else _linked(clause, link)


def _linked(clause: Clause, link: Link) -> Clause:
    """The clause with both ends of its relationship by their physical names."""
    names = [column.physical_name for column in link.columns]
    whole = all(map(_plain, (*link.columns, *link.to_columns)))
    return replace(
        clause,
        column=names[0] if len(names) == 1 else None,
        arguments={
            **clause.arguments,
            "columns": names,
            "to_schema": link.to.physical_name,
            "to_columns": [column.physical_name for column in link.to_columns],
        },
        sensitive=clause.sensitive or any(map(holds_secret, link.columns)),
        skipped=clause.skipped if whole else NOT_YET,
    )


def _plain(column: Column) -> bool:
    """Whether its cells are single values that are stored."""
    return column.logical_type in SCALARS and not column.measure


def _column_clauses(spot: _Spot, around: Around, links: _Links) -> Iterator[Clause]:
    column = spot.column
    common = Clause(
        key=place(*spot.path),
        pointer=column.pointer,
        kind=Kind.COLUMN_PRESENT,
        schema=around.schema,
        column=spot.label,
        engine=EngineName.PANDERA,
        threshold="exists",
        dimension=Dimension.CONFORMITY,
        skipped="" if spot.top and not column.measure else NOT_YET,
        key_columns=around.key_columns,
        sensitive=column.sensitive,
        sensitive_columns=around.sensitive_columns,
    )
    if spot.named:
        yield _variant(common, Kind.COLUMN_PRESENT)
    judged = common if column.logical_type in SCALARS else replace(common, skipped=NOT_YET)
    yield from _type_clauses(column, judged)
    yield from _option_clauses(column, judged)
    yield from _value_clauses(spot, judged)
    on = column if spot.top else None
    yield from links.clauses(column.relationships, spot.path, judged, on=on)


def _variant(common: Clause, kind: Kind, **changes: object) -> Clause:
    """The same column, another promise."""
    own = {"key": f"{common.key}/{kind.value}", "kind": kind, **changes}
    return replace(common, **own)  # type: ignore[arg-type]  # replace() checks the names, callers the types


def _type_clauses(column: Column, common: Clause) -> Iterator[Clause]:
    if column.logical_type is not None:
        more = {
            ours: column.options[name] for name, ours in _OF_TYPE.items() if name in column.options
        }
        yield _variant(
            common,
            Kind.TYPE,
            arguments={"logical_type": column.logical_type, **more},
            threshold=column.logical_type,
        )
    if column.physical_type is not None:
        yield _variant(
            common,
            Kind.PHYSICAL_TYPE,
            arguments={"physical_type": column.physical_type},
            threshold=column.physical_type,
            skipped=NOT_YET,
        )


def _option_clauses(column: Column, common: Clause) -> Iterator[Clause]:
    for name, value in column.options.items():
        if name not in _OPTIONS or (name in _ONLY_WHEN_TRUE and value is not True):
            continue
        kind, words = _OPTIONS[name]
        promised = ", ".join(map(str, value)) if isinstance(value, list) else shown(value)
        runs = _JUDGED.get(kind, _never)(column, value)
        yield _variant(
            common,
            kind,
            pointer=f"{column.pointer}/logicalTypeOptions/{name}",
            arguments={"value": value},
            threshold=words.format(promised),
            skipped=common.skipped if runs else NOT_YET,
        )


def _comparable(column: Column, bound: Json) -> bool:
    """Whether an engine can hold values against the bound: a number, or a moment of ISO 8601."""
    if column.logical_type not in _ORDERED:
        return False
    return not isinstance(bound, str) or is_moment(bound, str(column.logical_type))


def _never(_column: Column, _value: Json) -> bool:
    return False


def _countable(column: Column, length: Json) -> bool:
    """Whether letters can be counted: a whole number of them, in a text."""
    whole = isinstance(length, int) and not isinstance(length, bool)
    return column.logical_type == "string" and whole


def _searchable(column: Column, pattern: Json) -> bool:
    return column.logical_type == "string" and isinstance(pattern, str)


_JUDGED: Final = {
    **dict.fromkeys(
        (Kind.MINIMUM, Kind.MAXIMUM, Kind.EXCLUSIVE_MINIMUM, Kind.EXCLUSIVE_MAXIMUM), _comparable
    ),
    Kind.MIN_LENGTH: _countable,
    Kind.MAX_LENGTH: _countable,
    Kind.PATTERN: _searchable,
}
"""By kind of option: whether an engine can hold the column's values against its value."""


def _value_clauses(spot: _Spot, common: Clause) -> Iterator[Clause]:
    column = spot.column
    if column.enum is not None:
        yield _variant(
            common,
            Kind.ENUM,
            pointer=f"{column.pointer}/enum",
            arguments={"values": list(column.enum)},
            threshold=one_of(column.enum),
        )
    if column.required:
        yield _variant(
            common, Kind.REQUIRED, threshold="never null", dimension=Dimension.COMPLETENESS
        )
    if column.unique:
        yield _variant(
            common, Kind.UNIQUE, threshold="no value twice", dimension=Dimension.UNIQUENESS
        )
    if column.primary_key_position is not None and not spot.top:
        yield _variant(
            common,
            Kind.PRIMARY_KEY,
            arguments={"columns": [spot.label]},
            threshold="never null, never twice",
            dimension=Dimension.UNIQUENESS,
        )
