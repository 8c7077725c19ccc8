"""References of relationships -> the columns that they name, inside one contract.

A reference is written by names, ``orders.id``, or in full, by ids or names:
``/schema/orders/properties/id``. What lies in another contract has a ``#``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.model import Column, Schema
from contracts.values import Json

_PARTS: Final = 4  # of a full reference: schema, its id, properties, its id
_TOLD: Final = 10  # columns that are named
ELSEWHERE: Final = "another contract is not looked into yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Both ends of a relationship: every tuple of ``columns`` is one of ``to_columns`` of ``to``.

    ``columns`` and ``to_columns`` are as long as each other.
    """

    columns: tuple[Column, ...]
    to: Schema
    to_columns: tuple[Column, ...]


def resolve(
    entry: Mapping[str, Json], schema: Schema, schemas: Sequence[Schema], *, on: Column | None
) -> Link | str:
    """The two ends of a relationship that stands on ``schema``, or on its column ``on``.

    Returns:
        The link, or in words why there is none.
    """
    target = _end(entry.get("to"), schemas)
    own = (schema, (on,)) if on else _end(entry.get("from"), [schema])
    if isinstance(target, str):
        return target
    if isinstance(own, str):
        return f"its own end is not in {schema.name[:80]}"
    if len(own[1]) != len(target[1]):
        return "its ends do not fit each other"
    return Link(columns=own[1], to=target[0], to_columns=target[1])


def _end(stated: Json, schemas: Sequence[Schema]) -> tuple[Schema, tuple[Column, ...]] | str:
    """The object and the columns that one end names, or in words why there are none."""
    references = _references(stated)
    if any("#" in reference for reference in references):
        return ELSEWHERE
    places: list[tuple[Schema, Column]] = []
    for reference in references:
        place = next(_found(reference, schemas), None)
        if place is None:
            return _missing(reference, schemas)
        places.append(place)
    if len({schema.name for schema, _ in places}) != 1:
        return "one of its ends is not in one object"
    return places[0][0], tuple(column for _, column in places)


def _missing(reference: str, schemas: Sequence[Schema]) -> str:
    """Why a reference leads nowhere, as near as can be told."""
    name, _, column = reference.rpartition(".")
    there = next((schema for schema in schemas if schema.name == name), None)
    if there is None:
        return f"{reference[:80]} is not in this contract"
    known = ", ".join(each.name for each in there.columns[:_TOLD]) or "none"
    return f"{name[:80]} has no column {column[:80]!r}; its columns: {known[:200]}"


def _references(stated: Json) -> tuple[str, ...]:
    """The references of one end, which may be one or a list."""
    listed = stated if isinstance(stated, list | tuple) else [stated]
    return tuple(each for each in listed if isinstance(each, str))


def _found(reference: str, schemas: Sequence[Schema]) -> Iterator[tuple[Schema, Column]]:
    """Wherever ``reference`` leads among ``schemas``."""
    parts = reference.removeprefix("/").split("/")
    full = len(parts) == _PARTS and (parts[0], parts[2]) == ("schema", "properties")
    for schema in schemas:
        for column in schema.columns:
            if full:
                named = parts[1] in _names(schema) and parts[3] in _names(column)
            else:
                named = reference == f"{schema.name}.{column.name}"
            if named:
                yield schema, column


def _names(part: Schema | Column) -> set[str | None]:
    return {part.id, part.name}
