"""Clauses -> sentences. What a clause promises, so that nobody has to know its kind or its key."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from typing_extensions import override

from contracts.clause import Clause, Kind

_UNITS: Final = {
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "m": "month",
    "y": "year",
}
_PERIOD: Final = re.compile(r"(\d+(?:\.\d+)?) ([a-z]+?)s?")
_LINKING: Final = re.compile(r"^(is of type|is|has) ")
_IS: Final = "is {threshold}"
_HAS: Final = "has {threshold}"
_ENDS: Final[Mapping[Kind, str]] = {
    Kind.OBJECT_PRESENT: "exists",
    Kind.COLUMN_PRESENT: "exists",
    Kind.EXTRA_COLUMNS: _HAS,
    Kind.TYPE: "is of type {threshold}",
    Kind.PHYSICAL_TYPE: "is stored as {threshold}",
    Kind.MIN_LENGTH: _HAS,
    Kind.MAX_LENGTH: _HAS,
    Kind.PATTERN: "fits the pattern {pattern}",
    Kind.FORMAT: "has the format {threshold}",
    Kind.MINIMUM: _IS,
    Kind.MAXIMUM: _IS,
    Kind.EXCLUSIVE_MINIMUM: _IS,
    Kind.EXCLUSIVE_MAXIMUM: _IS,
    Kind.MULTIPLE_OF: _IS,
    Kind.MIN_ITEMS: _HAS,
    Kind.MAX_ITEMS: _HAS,
    Kind.UNIQUE_ITEMS: _HAS,
    Kind.MIN_PROPERTIES: _HAS,
    Kind.MAX_PROPERTIES: _HAS,
    Kind.REQUIRED_MEMBERS: "{threshold}",
    Kind.TIMEZONE: "{threshold}",
    Kind.NORMALIZED: _IS,
    Kind.ENUM: _IS,
    Kind.REQUIRED: _IS,
    Kind.UNIQUE: _HAS,
    Kind.PRIMARY_KEY: "is the key: never null, never twice",
    Kind.RELATIONSHIP: _IS,
    Kind.NULL_VALUES: _HAS,
    Kind.MISSING_VALUES: _HAS,
    Kind.INVALID_VALUES: _HAS,
    Kind.DUPLICATE_VALUES: _HAS,
    Kind.ROW_COUNT: _HAS,
    Kind.SQL: "has a query that gives {threshold}",
    Kind.EXPECTATION: "{threshold}",
    Kind.PANDERA_CHECK: "{threshold}",
    Kind.CUSTOM: "keeps {threshold}",
    Kind.FRESHNESS: "is less than {period} old",
    Kind.LATENCY: "arrives within {period}",
    Kind.FREQUENCY: "comes every {period}",
    Kind.TIME_OF_AVAILABILITY: "is there by {threshold}",
    Kind.RETENTION: "is kept for {period}",
    Kind.AVAILABILITY: "can be reached {threshold} of the time",
    Kind.ERROR_RATE: "has an error rate of at most {threshold}",
    Kind.THROUGHPUT: "gives {threshold}",
    Kind.TIME_TO_DETECT: "has its trouble noticed within {period}",
    Kind.TIME_TO_NOTIFY: "has its trouble told within {period}",
    Kind.TIME_TO_REPAIR: "has its trouble mended within {period}",
    Kind.GENERAL_AVAILABILITY: "is open to all from {threshold}",
    Kind.END_OF_SUPPORT: "is looked after until {threshold}",
    Kind.END_OF_LIFE: "ends on {threshold}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A promise. ``subject`` is a name of the data, empty where the words need none."""

    subject: str
    words: str

    @override
    def __str__(self) -> str:
        """Return it whole."""
        return f"{self.subject} {self.words}".strip()


def promise(clause: Clause) -> Sentence:
    """Return what a clause promises, about its column, object or product."""
    if clause.kind is Kind.TEXT:
        return Sentence(subject="", words=clause.threshold)
    subject = _SUBJECTS.get(clause.kind, _named)(clause)
    return Sentence(subject=subject, words=_end(clause))


def term(clause: Clause) -> str:
    """Return the same without its subject, as short as it may be: ``never null``."""
    return _LINKING.sub("", _end(clause))


def description(clause: Clause) -> str:
    """Return what the document says about a promise; empty where that is a mere name, or it."""
    said = clause.description
    return said if " " in said and said != clause.threshold else ""


def place(clause: Clause) -> str:
    """Return where a promise belongs, such as ``orders.status``; empty for the whole product."""
    return ".".join(part for part in (clause.schema, clause.column) if part)


def _end(clause: Clause) -> str:
    end = _ENDS.get(clause.kind, f"{clause.kind.value.replace('_', ' ')}: {{threshold}}")
    words = end.format(
        threshold=clause.threshold,
        pattern=clause.threshold.removeprefix("holds "),
        period=_period(clause.threshold),
    )
    return words.strip().removesuffix(":")


def _named(clause: Clause) -> str:
    return clause.column or clause.schema or _element(clause) or "the product"


def _key(clause: Clause) -> str:
    columns = clause.arguments.get("columns")
    return ", ".join(map(str, columns)) if isinstance(columns, list | tuple) else _named(clause)


def _newest(clause: Clause) -> str:
    return f"the newest {_element(clause) or 'delivery'}"


def _element(clause: Clause) -> str:
    return str(clause.arguments.get("element") or "")


_SUBJECTS: Final[Mapping[Kind, Callable[[Clause], str]]] = {
    Kind.PRIMARY_KEY: _key,
    Kind.FRESHNESS: _newest,
}


def _period(threshold: str) -> str:
    """Return ``60 minutes`` for ``60 min``; what is no length of time stays as it is."""
    found = _PERIOD.fullmatch(threshold)
    unit = _UNITS.get(found[2]) if found else None
    if found is None or unit is None:
        return threshold
    return f"{found[1]} {unit}" if found[1] == "1" else f"{found[1]} {unit}s"
