"""Which promises a profile suggests. Pure: what comes of them is measured by the engines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from checks.profile import ColumnProfile, ObjectProfile
from contracts.clause import Kind
from contracts.values import Json

_LIKELY: Final = 0.9  # below that share nobody means it as a promise
_KEYS: Final = ("id", "key", "code", "uuid")
_NUMBERS: Final = frozenset({"integer", "number"})
_LISTED: Final = 5  # rows that each value of a list has at least, on average
_LAYERS: Final = ("raw_", "stg_", "src_", "dim_", "fct_", "fact_")
_EMAIL: Final = "^[^@ ]+@[^@ ]+[.][^@ ]+$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A promise that may be worth making.

    Attributes:
        schema: Name of the object.
        column: Name of the column; None where it is about the whole object.
        value: What is promised: the type, the list of values, the bound, or ``table.column``.
    """

    schema: str
    column: str | None
    kind: Kind
    value: Json = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A promise, and how far the data keeps it.

    Attributes:
        rows: Rows that were judged; None where the engines could not tell, as ``reason`` says.
        broken: Rows that break it.
    """

    candidate: Candidate
    rows: int | None
    broken: int = 0
    reason: str = ""

    @property
    def kept(self) -> bool:
        """Whether every row keeps it, so that it can be promised."""
        return self.rows is not None and self.broken == 0

    @property
    def rate(self) -> float:
        """Share of the rows that keep it, 0 to 1; of no rows, 1."""
        if self.rows is None:
            return 0.0
        return 1 - self.broken / self.rows if self.rows else 1.0

    @property
    def likely(self) -> bool:
        """Whether it may be meant as a promise, though some rows break it."""
        return self.rate >= _LIKELY


def propose(profiles: Sequence[ObjectProfile]) -> tuple[Candidate, ...]:
    """Return what could be promised of these objects, in the order of a contract."""
    return tuple(
        candidate
        for profile in profiles
        for candidate in (
            *_of_columns(profile, profiles),
            Candidate(schema=profile.name, column=None, kind=Kind.ROW_COUNT, value=0),
        )
    )


def is_key(name: str) -> bool:
    """Whether a column of that name tells rows apart by its looks."""
    lowered = name.lower()
    return any(lowered == word or lowered.endswith(f"_{word}") for word in _KEYS)


def _of_columns(profile: ObjectProfile, profiles: Sequence[ObjectProfile]) -> Iterator[Candidate]:
    for column in profile.columns:
        for kind, value in _of_column(profile, column):
            yield Candidate(schema=profile.name, column=column.name, kind=kind, value=value)
        if target := _target(profile, column, profiles):
            yield Candidate(
                schema=profile.name, column=column.name, kind=Kind.RELATIONSHIP, value=target
            )


def _of_column(profile: ObjectProfile, column: ColumnProfile) -> Iterator[tuple[Kind, Json]]:
    if column.logical_type is not None:
        yield Kind.TYPE, column.logical_type
    if _full(profile, column):
        yield Kind.REQUIRED, True
    unique = _unique(column)
    if unique:
        yield Kind.UNIQUE, True
    if values := _listed(column):
        yield Kind.ENUM, values
    if _natural(column) and not unique:
        yield Kind.MINIMUM, 0
    if _mail(column):
        yield Kind.PATTERN, _EMAIL


def _full(profile: ObjectProfile, column: ColumnProfile) -> bool:
    return profile.rows > 0 and column.present >= _LIKELY * profile.rows


def _mail(column: ColumnProfile) -> bool:
    return column.logical_type == "string" and "email" in column.name.lower()


def _unique(column: ColumnProfile) -> bool:
    countable = column.logical_type in {"integer", "string"}
    return countable and column.present > 1 and column.distinct >= _LIKELY * column.present


def _listed(column: ColumnProfile) -> list[Json]:
    """The values of a text that has few of them, each in many rows."""
    values = column.values or ()
    if column.logical_type != "string" or len(values) * _LISTED > column.present:
        return []
    return [*values]


def _natural(column: ColumnProfile) -> bool:
    """Whether it is a number that was never below zero."""
    low = column.low
    return column.logical_type in _NUMBERS and isinstance(low, int | float) and low >= 0


def _target(
    profile: ObjectProfile, column: ColumnProfile, profiles: Iterable[ObjectProfile]
) -> str | None:
    """``object.column`` that the name of ``column`` points to, if there is such a thing."""
    name = column.name.lower()
    for other in profiles:
        if other is profile:
            continue
        for end in other.columns:
            if _unique(end) and _points(name, other.name, end.name.lower()):
                return f"{other.name}.{end.name}"
    return None


def _points(name: str, table: str, end: str) -> bool:
    """Whether a column's name means the key ``end`` of ``table``: ``order_id``, ``orders.id``."""
    if not is_key(end):
        return False
    noun = _noun(table)
    alone = end in _KEYS
    return name in {f"{noun}_{end}", f"{noun}{end}"} if alone else name == end


def _noun(table: str) -> str:
    """``raw_orders`` -> ``order``."""
    lowered = table.lower()
    bare = next(
        (lowered.removeprefix(layer) for layer in _LAYERS if lowered.startswith(layer)), lowered
    )
    if bare.endswith("ies"):
        return f"{bare[:-3]}y"
    return bare.removesuffix("s")
