"""The document's words -> ours: severities, service levels, units, and which columns to mask."""

import re
from collections.abc import Iterable
from typing import Final

from contracts.clause import Kind
from contracts.values import Severity

SEVERITIES: Final = {
    **dict.fromkeys(("critical", "blocker", "fatal"), Severity.CRITICAL),
    **dict.fromkeys(("high", "error", "major"), Severity.HIGH),
    **dict.fromkeys(("medium", "moderate"), Severity.MEDIUM),
    **dict.fromkeys(("low", "warning", "warn", "minor", "trivial"), Severity.LOW),
    "info": Severity.INFO,
}
SLA_PROPERTIES: Final = {
    "freshness": Kind.FRESHNESS,
    "latency": Kind.LATENCY,
    "frequency": Kind.FREQUENCY,
    "timeOfAvailability": Kind.TIME_OF_AVAILABILITY,
    "retention": Kind.RETENTION,
    "availability": Kind.AVAILABILITY,
    "errorRate": Kind.ERROR_RATE,
    "throughput": Kind.THROUGHPUT,
    "timeToDetect": Kind.TIME_TO_DETECT,
    "timeToNotify": Kind.TIME_TO_NOTIFY,
    "timeToRepair": Kind.TIME_TO_REPAIR,
    "generalAvailability": Kind.GENERAL_AVAILABILITY,
    "endOfSupport": Kind.END_OF_SUPPORT,
    "endOfLife": Kind.END_OF_LIFE,
}
METRICS: Final = {
    "nullValues": Kind.NULL_VALUES,
    "missingValues": Kind.MISSING_VALUES,
    "invalidValues": Kind.INVALID_VALUES,
    "duplicateValues": Kind.DUPLICATE_VALUES,
    "rowCount": Kind.ROW_COUNT,
}
UNITS: Final = {
    **dict.fromkeys(("rows", "row"), "rows"),
    **dict.fromkeys(("percent", "percentage", "%"), "percent"),
}
GREAT_EXPECTATIONS: Final = {"greatexpectations", "great-expectations", "great_expectations"}
OPEN_CLASSES: Final = {"", "public", "internal"}
_PRIVATE_WORDS: Final = {"pii", "sensitive", "personal"}
_SLA_FOLDED: Final = {name.lower(): kind for name, kind in SLA_PROPERTIES.items()}


def severity(word: str) -> Severity | None:
    """The severity that a word means, in any case; None for a word that nobody knows."""
    return SEVERITIES.get(word.strip().lower())


def sla_kind(word: str) -> Kind | None:
    """The kind of an SLA property, in any case (``time_to_detect`` too); None when unknown."""
    return _SLA_FOLDED.get(re.sub(r"[\s_-]", "", word).lower())


def is_sensitive(classification: str | None, tags: Iterable[str]) -> bool:
    """Whether values of a column must be masked where they are shown.

    They must when its ``classification`` is anything but ``public``, ``internal`` or empty, in any
    case; or when one of its tags holds the word ``pii``, ``sensitive`` or ``personal``, alone or
    beside others (``pii:email``, ``sensitive-data``; not ``impersonal``). ``criticalDataElement``
    says nothing about it.
    """
    if (classification or "").strip().lower() not in OPEN_CLASSES:
        return True
    return any(_PRIVATE_WORDS & set(re.split(r"[^a-z0-9]+", tag.lower())) for tag in tags)
