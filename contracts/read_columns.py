"""``schema`` entries -> ``Schema`` and ``Column``, with what a JSON Schema cannot find."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Final

from contracts.model import Column, Schema
from contracts.names import MAX_NAME, unseen
from contracts.nodes import Node
from contracts.notes import Notes
from contracts.read_rules import read_rules
from contracts.values import Json
from contracts.words import is_sensitive

_RANGES: Final = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_PARSED: Final = {
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def read_schemas(root: Node, notes: Notes) -> tuple[Schema, ...]:
    """The objects of a contract, in document order."""
    nodes = root["schema"].items()
    _refuse_repeats(nodes, notes)
    return tuple(_read_schema(node, notes) for node in nodes)


def _read_schema(node: Node, notes: Notes) -> Schema:
    name = node["name"].text() or ""
    custom = node.custom()
    extra = custom.get("assayExtraColumns", Node(None))
    if extra.there and extra.text() not in {"ignore", "fail"}:
        notes.error("unknown-value", extra.pointer, "assayExtraColumns must be ignore or fail")
    columns = _read_columns(node, notes, sensitive=False)
    return Schema(
        pointer=node.pointer,
        name=name,
        physical_name=node["physicalName"].text() or name,
        id=node["id"].text(),
        description=node["description"].text() or "",
        columns=_numbered(columns),
        quality=read_rules(node, notes, of_column=False),
        relationships=tuple(entry.mapping() for entry in node["relationships"].items()),
        extra_columns="fail" if extra.value == "fail" else "ignore",
        partition=_partition(custom.get("assayPartition", Node(None)), columns, notes),
    )


def _partition(node: Node, columns: Iterable[Column], notes: Notes) -> str | None:
    if not node.there:
        return None
    for column in columns:
        if node.text() in {column.name, column.physical_name}:
            return column.physical_name
    notes.error("unknown-value", node.pointer, "assayPartition must name a column of this object")
    return None


def _read_columns(parent: Node, notes: Notes, *, sensitive: bool) -> tuple[Column, ...]:
    nodes = parent["properties"].items()
    _refuse_repeats(nodes, notes)
    return tuple(_read_column(node, notes, sensitive=sensitive) for node in nodes)


def _read_column(node: Node, notes: Notes, *, sensitive: bool) -> Column:
    """One column with all below it; ``sensitive`` when what is around it is."""
    name = node["name"].text() or ""
    classification = node["classification"].text()
    hidden = sensitive or is_sensitive(classification, node["tags"].texts())
    options = node["logicalTypeOptions"].mapping()
    logical_type = node["logicalType"].text()
    _judge_options(node, notes, logical_type)
    return Column(
        pointer=node.pointer,
        name=name,
        physical_name=node["physicalName"].text() or name,
        id=node["id"].text(),
        description=node["description"].text() or "",
        logical_type=logical_type,
        physical_type=node["physicalType"].text(),
        options=options,
        required=node["required"].flag(),
        unique=node["unique"].flag(),
        primary_key_position=_key_position(node),
        enum=_read_enum(node, notes),
        classification=classification,
        columns=_read_columns(node, notes, sensitive=hidden),
        items=_part(node["items"], notes, sensitive=hidden),
        key=_part(node["map"]["key"], notes, sensitive=hidden),
        value=_part(node["map"]["value"], notes, sensitive=hidden),
        quality=read_rules(node, notes, of_column=True),
        relationships=tuple(entry.mapping() for entry in node["relationships"].items()),
        sensitive=hidden,
        measure=node["semanticType"].text() == "measure",
    )


def _part(node: Node, notes: Notes, *, sensitive: bool) -> Column | None:
    there = isinstance(node.value, dict)
    return _read_column(node, notes, sensitive=sensitive) if there else None


def _refuse_repeats(nodes: Iterable[Node], notes: Notes) -> None:
    """Names decide which history a clause belongs to, so no two neighbours share one."""
    seen: dict[tuple[str, str], str] = {}
    for node in nodes:
        _warn_of_unseen(node["name"], notes)
        for key, place in _names(node):
            name = place.said()
            if not name.strip() or len(name) > MAX_NAME:
                notes.error("bad-name", place.pointer, f"a name has 1 to {MAX_NAME} letters")
            elif (key, name) in seen:
                message = f"{name[:80]!r} is also the name of {seen[key, name]}"
                notes.error("duplicate-name", place.pointer, message)
            seen.setdefault((key, name), node.pointer)


def _warn_of_unseen(name: Node, notes: Notes) -> None:
    """Warn only: what the data calls a column may hold such letters, and it stands for the name."""
    if hidden := unseen(name.said()):
        message = f"holds {hidden}, which nobody sees: take it out; 'physicalName' may hold it"
        notes.warn("unseen-letter", name.pointer, message)


def _names(node: Node) -> list[tuple[str, Node]]:
    """Both names of an object or column, where stated; the physical one defaults to the other."""
    name, physical = node["name"], node["physicalName"]
    both = (("name", name), ("physicalName", physical if physical.text() is not None else name))
    return [(key, place) for key, place in both if place.text() is not None]


def _key_position(node: Node) -> int | None:
    """Place in the key; 0 when it is in the key without saying where (``_numbered`` settles it)."""
    if not node["primaryKey"].flag():
        return None
    stated = node["primaryKeyPosition"].number()
    return int(stated) if stated is not None and stated > 0 else 0


def _numbered(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same columns, those of the key numbered: stated places first, then the text's order."""
    keyed = [column for column in columns if column.primary_key_position is not None]
    keyed.sort(
        key=lambda column: (column.primary_key_position == 0, column.primary_key_position or 0)
    )
    places = {column.pointer: index for index, column in enumerate(keyed, start=1)}
    return tuple(
        replace(column, primary_key_position=places[column.pointer])
        if column.pointer in places
        else column
        for column in columns
    )


def _read_enum(node: Node, notes: Notes) -> tuple[Json, ...] | None:
    entries = node["enum"].items()
    if not entries:
        return None
    seen: dict[str, int] = {}
    values: list[Json] = []
    for index, entry in enumerate(entries):
        value = entry["value"]
        first = seen.setdefault(json.dumps(value.value), index)
        if first != index:
            notes.error("duplicate-item", value.pointer, f"is the same value as entry {first}")
        elif not value.there and node["required"].flag():
            message = "null cannot be allowed where the column is required"
            notes.error("null-in-enum", value.pointer, message)
        values.append(value.value)
    return tuple(values)


def _judge_options(node: Node, notes: Notes, logical_type: str | None) -> None:
    options = node["logicalTypeOptions"]
    if logical_type == "vector" and "dimensions" not in options:
        place = options if options.there else node
        notes.error("missing-key", place.pointer, "a vector needs logicalTypeOptions.dimensions")
    _judge_ranges(options, notes)
    if logical_type in _PARSED and "format" not in options:
        _judge_moments(options, notes, logical_type)


def _judge_ranges(options: Node, notes: Notes) -> None:
    for low, high in _RANGES:
        least, most = options[low].number(), options[high].number()
        if least is not None and most is not None and least > most:
            message = f"nothing is at least {least} and at most {most}"
            notes.error("empty-range", options[high].pointer, message)


def _judge_moments(options: Node, notes: Notes, logical_type: str) -> None:
    for name in _BOUNDS:
        bound = options[name].text()
        if bound is not None and not is_moment(bound, logical_type):
            message = f"{bound[:80]!r} is not a {logical_type} in the form of ISO 8601"
            notes.error("bad-bound", options[name].pointer, message)


def is_moment(text: str, logical_type: str) -> bool:
    """Whether a text is a date, timestamp or time in the form of ISO 8601."""
    try:
        _PARSED[logical_type](text)
    except ValueError:
        return False
    return True
