"""``Accept`` -> which of the offered media types is wanted most (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.errors import NotAcceptable

_RANGE: Final = re.compile(r"([^\s/;,]+)/([^\s/;,]+)")
_WEIGHT: Final = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_ANY: Final = "*"
_ALIASES: Final = {"text/yaml": "application/yaml", "application/x-yaml": "application/yaml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """One entry of ``Accept``: ``kind`` and ``sort`` may be ``*``; ``weight`` lies in [0, 1]."""

    kind: str
    sort: str
    weight: float

    def fits(self, offer: str) -> int:
        """How closely it names ``offer``: 0 not at all, 1 as anything, 2 by kind, 3 by name."""
        kind, _, sort = offer.partition("/")
        if self.kind == _ANY:
            return 1
        if self.kind != kind:
            return 0
        return 2 if self.sort == _ANY else 3 * (self.sort == sort)


def choose(accept: str, offers: Sequence[str]) -> str:
    """Return the offer that ``accept`` weighs most; of equals the first offered.

    Args:
        accept: The header as it came; empty means that anything will do.
        offers: Media types, the one we like best first.

    Raises:
        NotAcceptable: none of the offers will do.
    """
    ranges = [found for part in accept.split(",") if (found := _range(part))]
    if not accept.strip():
        return offers[0]
    best = max(offers, key=lambda offer: _weight(offer, ranges))
    if not _weight(best, ranges):
        raise NotAcceptable(accept, tuple(offers))
    return best


def _weight(offer: str, ranges: Sequence[_Range]) -> float:
    """The weight by the entry that names ``offer`` most closely; 0 where none does."""
    closest = max(ranges, key=lambda entry: entry.fits(offer), default=None)
    return closest.weight if closest is not None and closest.fits(offer) else 0.0


def _range(part: str) -> _Range | None:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    found = _RANGE.fullmatch(_ALIASES.get(name, name))
    if found is None:
        return None
    weights = [value for key, _, value in (p.partition("=") for p in parameters) if key == "q"]
    weight = float(weights[0]) if weights and _WEIGHT.fullmatch(weights[0]) else 1.0
    return _Range(kind=found[1], sort=found[2], weight=weight)
