"""Changes of a score -> what is told singly, what matters first, and what is told together."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from scorecards.change import ChangeKind
from scorecards.words import moved

_Told = TypeVar("_Told")
_TOGETHER: Final[Mapping[ChangeKind, str]] = {
    ChangeKind.FIRST: "promises were judged for the first time: all kept",
    ChangeKind.JUDGED: "promises were judged again: all kept",
    ChangeKind.STALE: "promises have no fresh verdict",
}
_PLACES: Final[Mapping[ChangeKind, int]] = {
    ChangeKind.FAILED: 0,
    ChangeKind.DROPPED: 0,
    ChangeKind.ERRORED: 1,
    ChangeKind.RECOVERED: 3,
    ChangeKind.FORGIVEN: 3,
    **dict.fromkeys(_TOGETHER, 4),
}
_OTHER: Final = 2  # a promise became another


class Moving(Protocol):
    """A change, whoever holds it."""

    @property
    def kind(self) -> ChangeKind:
        """What happened."""

    @property
    def points(self) -> float | None:
        """Points that it moved, below 0 where it cost; None where they are not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Changes of one kind in one sentence. ``points``: what they moved, each for itself, summed."""

    words: str
    points: float | None


def arranged(
    found: Iterable[_Told], change: Callable[[_Told], Moving]
) -> tuple[list[_Told], list[Group]]:
    """Part changes into those told singly, what matters first, and groups of good news and wear.

    Args:
        found: Whatever holds a change.
        change: Returns the change that it holds.
    """
    singly: list[_Told] = []
    together: dict[ChangeKind, list[_Told]] = {}
    for one in found:
        members = together.setdefault(change(one).kind, []) if _small(change(one)) else singly
        members.append(one)
    groups = {kind: members for kind, members in together.items() if len(members) > 1}
    singly += [one for kind, members in together.items() if kind not in groups for one in members]
    return (
        sorted(singly, key=lambda one: _place(change(one))),
        [_group(kind, [change(one) for one in members]) for kind, members in groups.items()],
    )


def _small(change: Moving) -> bool:
    """Whether nobody needs to know which promise it was."""
    worn = change.kind is ChangeKind.STALE and moved(change.points)
    return change.kind in _TOGETHER and not worn


def _place(change: Moving) -> tuple[int, float]:
    """Return where a change stands: what is broken or cost points first, what cost most first."""
    points = change.points or 0.0
    cost = moved(min(points, 0.0))
    return 0 if cost else _PLACES.get(change.kind, _OTHER), points


def _group(kind: ChangeKind, members: Sequence[Moving]) -> Group:
    points = [member.points for member in members if member.points is not None]
    whole = math.fsum(points) if len(points) == len(members) else None
    return Group(words=f"{len(members):,} {_TOGETHER[kind]}", points=whole)
