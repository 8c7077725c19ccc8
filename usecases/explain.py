"""Why a score changed: what happened to each clause since, and the points that it moved."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from access.errors import require
from access.model import Action, Principal
from checks.model import Outcome
from contracts.clause import Clause
from contracts.record import Version
from scorecards.assurance import faded_at
from scorecards.change import Change, ChangeKind, Ref, Side, changes, together
from scorecards.line import Line
from scorecards.model import Score
from scorecards.score import DROPPED_FOR, score
from usecases.errors import NotFound, NotYet
from usecases.past import Then, then
from usecases.ports import Shelf, Store
from usecases.promised import promised

_A_DAY: Final = timedelta(hours=24)
_VERDICTS: Final[Mapping[ChangeKind, tuple[Outcome, Collection[Outcome]]]] = {
    ChangeKind.FAILED: (Outcome.FAILED, (Outcome.PASSED,)),
    ChangeKind.RECOVERED: (Outcome.PASSED, (Outcome.FAILED,)),
    ChangeKind.ERRORED: (Outcome.ERRORED, (Outcome.PASSED, Outcome.FAILED)),
}
_BY_VERSION: Final = {
    ChangeKind.ADDED,
    ChangeKind.REMOVED,
    ChangeKind.WEAKENED,
    ChangeKind.STRENGTHENED,
    ChangeKind.REWORDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One change, with what is known of it.

    Attributes:
        clause: As it is now, or was when it was promised last; None where the cap changed.
        was: As it was then; None where it was not promised.
        at: When it happened, UTC; None where that is not known.
        run_id: The run that found it; None where none did.
        version: The contract version that brought it; empty where none did.
        why: What the run said of a clause that it could not judge, or found broken.
    """

    change: Change
    clause: Clause | None
    was: Clause | None = None
    at: datetime | None = None
    run_id: int | None = None
    version: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Two scores of a product and what lies between them. Times are UTC.

    Attributes:
        reasons: What cost most first.
        together: Points of the difference that the single changes do not explain; None where one of
            them is not measured.
    """

    product: str
    since: datetime
    at: datetime
    then: Score
    now: Score
    reasons: tuple[Reason, ...]
    together: float | None


def explain(
    store: Store,
    key: str,
    *,
    by: Principal,
    since: datetime | None = None,
    clock: Callable[[], datetime],
) -> Explanation:
    """Return why the score of product ``key`` is not what it was at ``since`` (UTC).

    Where ``since`` is None it is 24 hours ago, or the first publishing where that came later.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such product; ``NoCardYet``: there was none at ``since``.
        NotYet: ``since`` lies ahead.
    """
    require(by, Action.READ)
    now = clock()
    if since is not None and since > now:
        raise NotYet(at=since, now=now)
    with store.read() as shelf:
        start = since or _yesterday(shelf, key, now)
        before, after = then(shelf, key, start), then(shelf, key, now)
        sides = _side(before), _side(after)
        found = changes(*sides)
        telling = _Telling(shelf, before, after)
        reasons = tuple(telling.of(change) for change in (*found, *telling.beside()))
    return Explanation(
        product=key,
        since=start,
        at=now,
        then=score(before.standing, start),
        now=score(after.standing, now),
        reasons=reasons,
        together=together(*sides, found),
    )


def _yesterday(shelf: Shelf, key: str, now: datetime) -> datetime:
    first = shelf.past.first(key)
    if first is None:
        raise NotFound("product", key)
    return max(first, now - _A_DAY)


def _side(found: Then) -> Side:
    return Side(clauses=found.clauses, dropped=found.dropped, at=found.at)


class _Telling:
    """Finds out what is known of a change between two moments."""

    def __init__(self, shelf: Shelf, before: Then, after: Then) -> None:
        self._shelf = shelf
        self._before = before
        self._after = after
        self._was, self._is = _lines(before), _lines(after)

    def beside(self) -> list[Change]:
        """Return changes that move no points: other thresholds, and what nobody can tell now."""
        both = [ref for ref in self._is if ref in self._was]
        reworded = [ref for ref in both if self._clause(ref).threshold != self._past(ref).threshold]
        errored = [
            ref
            for ref, line in self._is.items()
            if line.result.outcome is Outcome.ERRORED
            and (ref not in self._was or self._was[ref].result.outcome is not Outcome.ERRORED)
        ]
        return [
            Change(kind=kind, clause=ref, points=0.0)
            for kind, refs in ((ChangeKind.REWORDED, reworded), (ChangeKind.ERRORED, errored))
            for ref in refs
        ]

    def of(self, change: Change) -> Reason:
        """Return a change with its clause, its time, and what brought it."""
        ref = change.clause
        if ref is None:
            return Reason(change=change, clause=None, at=self._capped(change.kind))
        bare = Reason(change=change, clause=self._clause(ref), was=self._was_of(ref))
        if change.kind in _VERDICTS:
            return self._turned(bare, ref)
        if change.kind in _BY_VERSION:
            return self._published(bare, ref)
        standing = self._after.clauses[ref]
        stale = change.kind is ChangeKind.STALE
        at = faded_at(standing, self._after.at) if stale else standing.judged_at
        return replace(bare, at=at)

    def _clause(self, ref: Ref) -> Clause:
        line = self._is.get(ref) or self._was[ref]
        return line.result.clause

    def _past(self, ref: Ref) -> Clause:
        return self._was[ref].result.clause

    def _was_of(self, ref: Ref) -> Clause | None:
        return self._past(ref) if ref in self._was else None

    def _capped(self, kind: ChangeKind) -> datetime | None:
        """Return when the newest clause was dropped, or when the newest drop was forgiven."""
        moments = [one.dropped_at for one in self._after.dropped if one.dropped_at is not None]
        if kind is ChangeKind.FORGIVEN:
            ends = [moment + DROPPED_FOR for moment in moments]
            moments = [end for end in ends if end <= self._after.at]
        return max(moments, default=None)

    def _turned(self, bare: Reason, ref: Ref) -> Reason:
        to, after = _VERDICTS[bare.change.kind]
        turn = self._shelf.past.turned(ref, to, after=after, at=self._after.at)
        why = "" if to is Outcome.PASSED else self._is[ref].result.finding.reason
        if turn is None:
            return replace(bare, why=why)
        return replace(bare, at=turn.at, run_id=turn.run_id, why=why)

    def _published(self, bare: Reason, ref: Ref) -> Reason:
        """Find the oldest of the newest versions that agree about the clause."""
        contract_id, key = ref
        agreed = _said(self._is[ref].result.clause) if ref in self._is else None
        brought: Version | None = None
        for version in self._shelf.past.chain(contract_id, self._after.at):
            clauses = promised(self._shelf, version).clauses
            said = next((_said(clause) for clause in clauses if clause.key == key), None)
            if version.published_at <= self._before.at or (said != agreed and brought is not None):
                break
            brought = version
        if brought is None:
            return bare
        return replace(bare, at=brought.published_at, version=brought.version)


def _lines(found: Then) -> Mapping[Ref, Line]:
    return {(line.contract_id, line.result.clause.key): line for line in found.lines}


def _said(clause: Clause) -> tuple[object, ...]:
    return (clause.severity, clause.threshold, clause.executable)
