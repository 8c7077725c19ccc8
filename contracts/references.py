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
    targets = _ends(entry.get("to"))
    if any("#" in reference for reference in targets):
        return ELSEWHERE
    found = [_find(reference, schemas) for reference in targets]
    sources = [(schema, on)] if on else [_find(each, schemas) for each in _ends(entry.get("from"))]
    for reference, place in zip(targets, found, strict=True):
        if place is None:
            return f"{reference[:80]} is not in this contract"
    to = {place[0].name: place[0] for place in found if place}
    if len(to) != 1 or len(sources) != len(found):
        return "its ends do not fit each other"
    own = tuple(place[1] for place in sources if place and place[0] == schema)
    if len(own) != len(sources):
        return f"its own end is not in {schema.name[:80]}"
    columns = tuple(place[1] for place in found if place)
    return Link(columns=own, to=next(iter(to.values())), to_columns=columns)


def _ends(stated: Json) -> tuple[str, ...]:
    """The references of one end, which may be one or a list."""
    listed = stated if isinstance(stated, list | tuple) else [stated]
    return tuple(each for each in listed if isinstance(each, str))


def _find(reference: str, schemas: Sequence[Schema]) -> tuple[Schema, Column] | None:
    """The object and the column that ``reference`` names; None when there is none of them."""
    return next(_found(reference, schemas), None)


def _found(reference: str, schemas: Sequence[Schema]) -> Iterator[tuple[Schema, Column]]:
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
