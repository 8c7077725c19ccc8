"""What an owner most likely has to look at, by what is broken."""

from collections.abc import Mapping, Sequence
from typing import Final

from contracts.clause import Kind
from notifications.story import Broken

_SHAPE: Final = "Did the shape of the delivery change? Compare its columns and types with before."
_LATE: Final = "Did the delivery come at all? Look at the job that makes it."
_PARTIAL: Final = "Is the delivery whole? Look for a part that is missing or came twice."
_TWICE: Final = "Was something loaded twice? Look for a delivery or a retry that ran again."
_HOLES: Final = "Where does the missing value come from? Look at the source, and at joins."
_ORDER: Final = "Was what it refers to delivered first? Look at the order of the loads."
_VALUES: Final = "Did the source begin to send new values, or in another unit or format?"

_LIKELY: Final[Mapping[Kind, str]] = {
    **dict.fromkeys(
        (
            Kind.OBJECT_PRESENT,
            Kind.COLUMN_PRESENT,
            Kind.EXTRA_COLUMNS,
            Kind.TYPE,
            Kind.PHYSICAL_TYPE,
        ),
        _SHAPE,
    ),
    **dict.fromkeys(
        (Kind.FRESHNESS, Kind.LATENCY, Kind.FREQUENCY, Kind.TIME_OF_AVAILABILITY), _LATE
    ),
    **dict.fromkeys((Kind.ROW_COUNT, Kind.RETENTION, Kind.THROUGHPUT), _PARTIAL),
    **dict.fromkeys((Kind.UNIQUE, Kind.PRIMARY_KEY, Kind.DUPLICATE_VALUES), _TWICE),
    **dict.fromkeys((Kind.REQUIRED, Kind.NULL_VALUES, Kind.MISSING_VALUES), _HOLES),
    Kind.RELATIONSHIP: _ORDER,
    **dict.fromkeys(
        (
            Kind.ENUM,
            Kind.PATTERN,
            Kind.FORMAT,
            Kind.MINIMUM,
            Kind.MAXIMUM,
            Kind.EXCLUSIVE_MINIMUM,
            Kind.EXCLUSIVE_MAXIMUM,
            Kind.MULTIPLE_OF,
            Kind.MIN_LENGTH,
            Kind.MAX_LENGTH,
            Kind.INVALID_VALUES,
        ),
        _VALUES,
    ),
}
_CAUSES: Final = frozenset({_SHAPE, _LATE})  # these break other promises too, so they come first


def likely(broken: Sequence[Broken]) -> str:
    """Return where to look first; empty where nothing is typical of what is broken.

    Args:
        broken: Gravest first.
    """
    known = [
        (one, _LIKELY[one.kind]) for one in broken if one.kind is not None and one.kind in _LIKELY
    ]
    causes = [words for one, words in known if words in _CAUSES and one.severity.blocking]
    return (causes or [words for _, words in known] or [""])[0]
