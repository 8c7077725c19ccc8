"""Verdicts -> one value a dimension -> quality.

The clauses of one severity in one dimension are a class. The weight belongs to the class and is
shared by its clauses, so that a hundred trivial passes cannot drown one critical failure:

    m = sum(k * g) / sum(k)                            of a class; g is 1 for a pass, else 0
    D = sum(W * m) / sum(W)                            of a dimension, over its classes with W > 0
    S = 100 * exp(sum(w * ln max(D, 0.01)) / sum(w))   over dimensions, w the largest W in each

A class without any k > 0 is not measured and no part of D; a dimension without a measured class is
no part of S. Low and high take what is unknown, the share 1 - k of each of the n clauses of a
class, as failed and as passed:

    m_low = sum(k * g) / n
    m_high = (sum(k * g) + n - sum(k)) / n

There every class and every dimension counts. As w looks at all clauses of a dimension, measured or
not, the three share their weights, and S_low <= S <= S_high follows: m_low <= m <= m_high since
sum(k * g) <= sum(k) <= n; a class or dimension that S leaves out enters S_low at the least possible
value and S_high at the greatest.

Source: Assay's own model, version ``scorecards.model.MODEL``.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from contracts.values import Dimension, Severity
from scorecards.assurance import WEIGHTS
from scorecards.model import Standing

_FLOOR: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A class in sums: ``clauses`` = n, ``known`` = sum(k), ``good`` = sum(k * g)."""

    clauses: int = 0
    known: float = 0.0
    good: float = 0.0

    def fixed(self) -> "Tally":
        """Return the tally as if one of its failing clauses passed; that one's k is 1 already."""
        return replace(self, good=self.good + 1.0)


Tallies: TypeAlias = Mapping[tuple[Dimension, Severity], Tally]
Share: TypeAlias = Callable[[Tally], float | None]


def as_known(tally: Tally) -> float | None:
    """Return m over what is known; None when nothing is."""
    return min(1.0, tally.good / tally.known) if tally.known else None


def at_worst(tally: Tally) -> float | None:
    """Return m with what is unknown taken as failed."""
    return tally.good / tally.clauses


def at_best(tally: Tally) -> float | None:
    """Return m with what is unknown taken as passed."""
    return (tally.good + tally.clauses - tally.known) / tally.clauses


def tallied(backed: Iterable[tuple[Standing, float]]) -> Tallies:
    """Sum clauses with their k up by dimension and severity; those without weight are left out."""
    members: dict[tuple[Dimension, Severity], list[tuple[bool, float]]] = defaultdict(list)
    for standing, k in backed:
        if WEIGHTS[standing.severity]:
            members[standing.dimension, standing.severity].append((bool(standing.good), k))
    return {
        key: Tally(
            clauses=len(class_),
            known=math.fsum(k for _, k in class_),
            good=math.fsum(k for good, k in class_ if good),
        )
        for key, class_ in members.items()
    }


def dimension_value(tallies: Tallies, dimension: Dimension, share: Share) -> float | None:
    """Return D in [0, 1], in the eyes of ``share``; None when the dimension is not measured."""
    weighted = 0.0
    weight = 0
    for severity, weight_of_class in WEIGHTS.items():
        tally = tallies.get((dimension, severity))
        value = None if tally is None else share(tally)
        if value is not None:
            weighted += weight_of_class * value
            weight += weight_of_class
    return weighted / weight if weight else None


def quality(tallies: Tallies, share: Share) -> float | None:
    """Return S in the eyes of ``share``, before any cap: 1..100, None when nothing is measured."""
    logs = 0.0
    weight = 0
    for dimension in Dimension:
        value = dimension_value(tallies, dimension, share)
        if value is not None:
            heaviest = max(WEIGHTS[severity] for of, severity in tallies if of is dimension)
            logs += heaviest * math.log(max(value, _FLOOR))
            weight += heaviest
    return 100 * math.exp(logs / weight) if weight else None
