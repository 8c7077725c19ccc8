"""Two standings of a product -> what changed between them, and the points that each change moved.

The points of a change are S now less S with that change alone undone: below 0 where it cost. As S
is no sum, the points of all changes need not add up to the difference of the two scores: what is
left over is what they move together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from contracts.values import Severity
from scorecards.assurance import Backed, backed
from scorecards.model import Standing
from scorecards.score import dropped_while_failing, quality_of

Ref: TypeAlias = tuple[str, str]
"""A clause of a product: (contract id, clause key)."""
_Held: TypeAlias = Mapping[Ref, Backed]
_GRAVITY: Final = {severity: place for place, severity in enumerate(Severity)}  # 0 is the gravest


class ChangeKind(StrEnum):
    """What happened to a clause, or (``DROPPED``, ``FORGIVEN``) to the cap on the score.

    ``STALE``: its good verdict counts less than it did. ``FIRST``: it is good, and there was none
    before. ``JUDGED``: it counts more. ``REWORDED``: another threshold. ``ERRORED``: nobody can
    tell any more. The last two move no points by themselves.
    """

    FAILED = "failed"
    RECOVERED = "recovered"
    ERRORED = "errored"
    STALE = "stale"
    FIRST = "first"
    JUDGED = "judged"
    ADDED = "added"
    REMOVED = "removed"
    WEAKENED = "weakened"
    STRENGTHENED = "strengthened"
    REWORDED = "reworded"
    DROPPED = "dropped"
    FORGIVEN = "forgiven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change.

    Attributes:
        clause: None where the change is about the cap alone.
        points: S now less S without it; None where either is not measured.
    """

    kind: ChangeKind
    clause: Ref | None
    points: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A product at one moment, UTC: its executable clauses, and those dropped while failing."""

    clauses: Mapping[Ref, Standing]
    dropped: Sequence[Standing]
    at: datetime


def changes(then: Side, now: Side) -> tuple[Change, ...]:
    """Return what changed in the score from ``then`` to ``now``, what cost most first."""
    before, after = _held(then), _held(now)
    caps = [dropped_while_failing(side.dropped, side.at) for side in (then, now)]
    found = [
        Change(kind=kind, clause=ref, points=_points(after, caps[1], _with(after, ref, undone)))
        for ref in dict.fromkeys((*before, *after))
        for kind, undone in _parts(before.get(ref), after.get(ref))
    ]
    if caps[0] != caps[1]:
        kind = ChangeKind.DROPPED if caps[1] > caps[0] else ChangeKind.FORGIVEN
        points = _less(_quality(after, caps[1]), _quality(after, caps[0]))
        found.append(Change(kind=kind, clause=None, points=points))
    return tuple(sorted(found, key=lambda change: change.points or 0.0))


def together(then: Side, now: Side, found: Sequence[Change]) -> float | None:
    """Return what of the difference of the two scores the single changes do not explain.

    None where one of the scores, or the points of a change, are not measured.
    """
    qualities = [
        _quality(_held(side), dropped_while_failing(side.dropped, side.at)) for side in (then, now)
    ]
    whole = _less(qualities[1], qualities[0])
    points = [change.points for change in found]
    known = [value for value in points if value is not None]
    if whole is None or len(known) < len(points):
        return None
    return whole - sum(known)


def _held(side: Side) -> _Held:
    return dict(zip(side.clauses, backed(list(side.clauses.values()), side.at), strict=True))


def _parts(
    before: Backed | None, after: Backed | None
) -> Iterator[tuple[ChangeKind, Backed | None]]:
    """Yield what happened to a clause, each with the clause as if just that had not happened."""
    if before is None or after is None:
        kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
        yield kind, before
        return
    (old, k_old), (new, k_new) = before, after
    if old.severity is not new.severity:
        weaker = _GRAVITY[new.severity] > _GRAVITY[old.severity]
        kind = ChangeKind.WEAKENED if weaker else ChangeKind.STRENGTHENED
        yield kind, (replace(new, severity=old.severity), k_new)
    verdict = _verdict(before, after)
    if verdict is not None:
        yield verdict, (replace(new, good=old.good, judged_at=old.judged_at), k_old)


def _verdict(before: Backed, after: Backed) -> ChangeKind | None:
    (old, k_old), (new, k_new) = before, after
    if new.good is False:
        return None if old.good is False else ChangeKind.FAILED
    if old.good is False:
        return ChangeKind.RECOVERED
    if old.good is None and new.good:
        return ChangeKind.FIRST
    if k_new == k_old:
        return None
    return ChangeKind.STALE if k_new < k_old else ChangeKind.JUDGED


def _with(held: _Held, ref: Ref, undone: Backed | None) -> _Held:
    others = {key: value for key, value in held.items() if key != ref}
    return others if undone is None else {**others, ref: undone}


def _points(after: _Held, dropped: int, undone: _Held) -> float | None:
    return _less(_quality(after, dropped), _quality(undone, dropped))


def _quality(held: _Held, dropped: int) -> float | None:
    return quality_of(list(held.values()), dropped)


def _less(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other
