"""Why a score changed, in plain sentences: one a change, times in UTC."""

from datetime import UTC, datetime
from typing import Final

from contracts.clause import Clause, Kind
from scorecards.change import ChangeKind
from scorecards.words import moved
from usecases.explain import Explanation, Reason

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # fmt: skip
_SAID: Final = {
    ChangeKind.FAILED: "failed since",
    ChangeKind.RECOVERED: "passes again since",
    ChangeKind.ERRORED: "nobody can tell since",
    ChangeKind.STALE: "no fresh verdict since",
    ChangeKind.FIRST: "judged for the first time at",
    ChangeKind.JUDGED: "judged at",
    ChangeKind.ADDED: "promised since",
    ChangeKind.REMOVED: "promised no more since",
    ChangeKind.DROPPED: "a clause was dropped while it failed, which caps the score since",
    ChangeKind.FORGIVEN: "the cap for a clause dropped while it failed ended at",
}


def sentence(reason: Reason, now: datetime) -> str:
    """Return such as ``orders.amount: at least 0 - failed since 2 Nov 06:02, run 12 (-8.2)``.

    ``now`` (UTC) is when it is read: a year is named where it is another.
    """
    said = ", ".join(part for part in (_happened(reason, now), _source(reason)) if part)
    whole = said if reason.clause is None else f"{label(reason.clause)} - {said}"
    points = moved(reason.change.points)
    return f"{whole} ({points})" if points else whole


def rest(found: Explanation) -> str:
    """Return what the single changes do not explain, in words; empty where they explain all."""
    points = moved(found.together)
    return f"together, beyond what each moves alone ({points})" if points else ""


def label(clause: Clause) -> str:
    """Return a clause as people know it: ``orders.amount: at least 0``, ``orders.id: required``."""
    place = ".".join(part for part in (clause.schema, clause.column) if part) or "contract"
    return f"{place}: {clause.threshold or _words(clause.kind)}"


def moment(at: datetime, now: datetime) -> str:
    """Return such as ``2 Nov 06:02``, and the year where it is another than that of ``now``."""
    then, today = at.astimezone(UTC), now.astimezone(UTC)
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then.day} {_MONTHS[then.month - 1]}{year} {then:%H:%M}"


def _happened(reason: Reason, now: datetime) -> str:
    kind, clause, was = reason.change.kind, reason.clause, reason.was
    at = "" if reason.at is None else moment(reason.at, now)
    if kind is ChangeKind.REWORDED and was is not None:
        said = f"was {was.threshold!r} until"
    elif kind in {ChangeKind.WEAKENED, ChangeKind.STRENGTHENED} and clause and was:
        said = f"severity {was.severity} became {clause.severity} at"
    else:
        said = _SAID[kind]
    return f"{said} {at}" if at else said.removesuffix(" since").removesuffix(" at")


def _source(reason: Reason) -> str:
    if reason.run_id is not None:
        return f"run {reason.run_id}"
    return f"version {reason.version}" if reason.version else ""


def _words(kind: Kind) -> str:
    return kind.value.replace("_", " ")
