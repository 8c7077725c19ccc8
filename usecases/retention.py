"""How long each class of record is kept, and letting go of it in batches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from incidents.step import ERRORED_IN_A_ROW
from usecases.ports import Store
from usecases.ports.retention import Retention

RUNS_SHOWN: Final = 10  # the newest runs of a product that its card shows
_BATCH: Final = 250  # rows in one transaction, which holds writers for about 20 ms
_RUNS: Final = 50  # runs looked at for one batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How long each class is kept; None: for ever. The audit log always is.

    Attributes:
        evidence: Samples of failing rows.
        results: Results, and the runs that gave them.
        scores: Kept scores, all of them; behind it the last one of each day.
        events: Entries of the feed.
        notices: Notices that were sent or withdrawn, with the attempts at them.
    """

    evidence: timedelta | None = timedelta(days=28)
    results: timedelta | None = timedelta(days=400)
    scores: timedelta | None = timedelta(days=90)
    events: timedelta | None = timedelta(days=90)
    notices: timedelta | None = timedelta(days=180)


def retain(store: Store, keep: Keep, *, now: datetime) -> int:
    """Let go of one batch of each class, and return how many rows went.

    What is to go is looked for without holding writers up. Whatever a card of a moment within
    ``keep.results`` rests on stays, and so does what the newest verdicts and open incidents do.
    """
    return sum(
        step(store, now - kept)
        for step, kept in (
            (_evidence, keep.evidence),
            (_results, keep.results),
            (_runs, keep.results),
            (_scores, keep.scores),
            (_notices, keep.notices),
        )
        if kept is not None
    )


def _evidence(store: Store, before: datetime) -> int:
    return _go(
        store,
        lambda kept: kept.old_evidence(before, limit=_BATCH),
        lambda kept, ids: kept.drop_evidence(ids),
    )


def _results(store: Store, before: datetime) -> int:
    """Take results of whole runs: of half a run's answers another verdict could be read."""
    return _go(
        store,
        lambda kept: _as_many_as_fit(kept.old_results(before, limit=_RUNS)),
        lambda kept, ids: kept.drop_results(ids),
    )


def _runs(store: Store, before: datetime) -> int:
    return _go(
        store,
        lambda kept: kept.old_runs(
            before, of_product=RUNS_SHOWN, of_contract=ERRORED_IN_A_ROW, limit=_BATCH
        ),
        lambda kept, ids: kept.drop_runs(ids),
    )


def _scores(store: Store, before: datetime) -> int:
    return _go(
        store,
        lambda kept: kept.spare_scores(before, limit=_BATCH),
        lambda kept, ids: kept.drop_scores(ids),
    )


def _notices(store: Store, before: datetime) -> int:
    return _go(
        store,
        lambda kept: kept.old_notices(before, limit=_BATCH),
        lambda kept, ids: kept.drop_notices(ids),
    )


def _go(
    store: Store,
    find: Callable[[Retention], Sequence[int]],
    drop: Callable[[Retention, Sequence[int]], int],
) -> int:
    with store.read() as shelf:
        ids = find(shelf.retention)
    if not ids:
        return 0
    with store.write() as shelf:
        return drop(shelf.retention, ids)


def _as_many_as_fit(found: Sequence[tuple[int, int]]) -> Sequence[int]:
    """Return the first runs whose rows fill a batch; one run alone may be more than that."""
    sums = accumulate(rows for _, rows in found)
    before = (0, *sums)
    return [run for (run, _), earlier in zip(found, before, strict=False) if earlier < _BATCH]
