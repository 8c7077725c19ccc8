"""When and how it is judged: schedules, runs, standings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from checks.model import Progress, Report, Result
from contracts.timetable import Timetable
from runs.filter import RunFilter
from runs.model import Asked, Claim, Interval, Lines, Move, Part, Pause, Run, RunState, Schedule
from scorecards.line import Line, Snapshot, Unjudged
from scorecards.model import Score, Standing


class Schedules(Protocol):
    """Timetables as rows that tick."""

    def put(
        self,
        contract_id: str,
        timetable: Timetable,
        *,
        anchor: datetime,
        due: tuple[datetime, datetime],
        parts: Sequence[Part] = (),
    ) -> None:
        """Keep a contract's schedule; ``due`` is (nominal instant, instant with jitter).

        A schedule whose timetables did not change keeps its anchor and its next instant.
        """
        ...

    def remove(self, contract_id: str) -> None:
        """Forget a contract's schedule, if it has one."""
        ...

    def of(self, contract_id: str) -> Schedule | None:
        """Return a contract's schedule."""
        ...

    def waiting(self, now: datetime) -> bool:
        """Whether ``due`` would find anything; a cheap read."""
        ...

    def due(self, now: datetime, *, limit: int) -> tuple[Schedule, ...]:
        """Return schedules that are due and not paused, longest due first, and hold them."""
        ...

    def pause(self, schedule: Schedule, pause: Pause | None) -> None:
        """Let a schedule stand still, or tick again where ``pause`` is None."""
        ...

    def advance(self, moves: Sequence[Move]) -> None:
        """Move schedules on, all of them or, when another tick moved one, none."""
        ...

    def queued(self, contracts: Collection[str]) -> Mapping[str, tuple[Lines, ...]]:
        """Return what the scheduled runs judge that wait, by contract."""
        ...

    def ask(self, asked: Sequence[Asked]) -> int:
        """Queue the runs of schedules, and return how many are new."""
        ...


class Runs(Protocol):
    """The queue's truth."""

    def add(self, asked: Asked) -> tuple[int, bool]:
        """Queue a run and return (id, True), or the id of the one with the same key and False."""
        ...

    def get(self, run_id: int) -> Run | None:
        """Return one run."""
        ...

    def find(self, wanted: RunFilter, *, before: int | None, limit: int) -> tuple[Run, ...]:
        """Return runs of a kind, newest first, those older than run ``before``."""
        ...

    def page(self, *, product: str | None, before: int | None, limit: int) -> tuple[Run, ...]:
        """Return runs, newest first, those older than run ``before``."""
        ...

    def in_flight(self, *, dispatched_after: datetime) -> int:
        """Count runs that run, or are queued and were dispatched after that instant."""
        ...

    def waiting(self, *, dispatched_before: datetime) -> bool:
        """Whether ``dispatch`` would find anything; a cheap read."""
        ...

    def expired(self, *, now: datetime) -> bool:
        """Whether any lease ran out; a cheap read."""
        ...

    def queued(self, *, at_most: int) -> int:
        """Count runs that wait, up to ``at_most``."""
        ...

    def unplaced(self, *, limit: int) -> tuple[tuple[str, str], ...]:
        """Return (contract, version) of queued runs whose connection nobody looked up so far."""
        ...

    def place(self, contract_id: str, version: str, connection: str) -> None:
        """Write down the connection that a version reads over; empty where it is none.

        A queued run is dispatched only when that is known.
        """
        ...

    def dispatch(
        self, *, now: datetime, dispatched_before: datetime, limit: int, per_connection: int
    ) -> tuple[int, ...]:
        """Mark queued runs as handed to the broker and return them, as ``runs.fair`` chooses.

        Takes those never handed over, or handed over before ``dispatched_before`` (a lost message).
        A run whose contract has another run running is left for later. Returns none while another
        process dispatches. At most ``limit`` are in flight afterwards.
        """
        ...

    def take_back(self, run_ids: Sequence[int]) -> None:
        """Let runs that did not reach the broker be handed over again at once."""
        ...

    def claim(
        self,
        run_id: int,
        *,
        owner: str,
        now: datetime,
        lease_until: datetime,
        per_connection: int | None = None,
    ) -> Claim | None:
        """Take a queued run; None when it is not queued any more, or its contract is being run.

        None, too, when ``per_connection`` runs read over its connection already.
        """
        ...

    def beat(self, claim: Claim, *, lease_until: datetime) -> bool:
        """Prolong a lease; False when the claim is not the newest any more."""
        ...

    def note(self, claim: Claim, progress: Progress) -> bool:
        """Write down how far a run is; False when the claim is not the newest any more."""
        ...

    def finish(
        self, claim: Claim, *, state: RunState, report: Report | None, error: str, now: datetime
    ) -> bool:
        """End a run and keep its results, if ``claim`` still holds; False when it does not."""
        ...

    def requeue(self, *, now: datetime, attempts: int) -> tuple[int, ...]:
        """Queue again what a dead worker left, where its attempts are below ``attempts``."""
        ...

    def give_back(self, owner: str) -> int:
        """Queue again what ``owner`` is judging, as if it had not been tried; return how many."""
        ...

    def lose(self, *, now: datetime, attempts: int, limit: int) -> tuple[Run, ...]:
        """End as lost what a dead worker left after its last attempt, and return it."""
        ...

    def latest(self, products: Sequence[str]) -> Mapping[str, Run]:
        """Return the newest run of each of ``products`` that has one."""
        ...

    def results(self, run_id: int) -> tuple[Result, ...]:
        """Return the results of a run in the order they were recorded."""
        ...

    def states(self, contract_id: str, *, limit: int) -> tuple[RunState, ...]:
        """Return how the contract's latest ended runs ended, newest first."""
        ...


class Standings(Protocol):
    """The newest verdict of each clause, and the scores over time."""

    def record(self, contract_id: str, run_id: int, interval: Interval, report: Report) -> None:
        """Let a report's verdicts become the newest, by interval, then by ``finished``."""
        ...

    def lines(self, product: str) -> tuple[Line, ...]:
        """Return every clause of the product's current versions with its newest answer."""
        ...

    def standing(self, product: str) -> tuple[Standing, ...]:
        """Return what the score is made of: executable clauses, and those dropped while failing."""
        ...

    def standings(self, products: Sequence[str]) -> Mapping[str, tuple[Standing, ...]]:
        """Return ``standing`` of each of ``products``, however many they are."""
        ...

    def unjudged(self, products: Sequence[str]) -> Mapping[str, Unjudged]:
        """Return what nobody could judge, for each of ``products``, however many they are."""
        ...

    def snapshot(self, product: str, run_id: int, score: Score, at: datetime) -> None:
        """Keep a score as it was at ``at``; ``run_id`` is the newest run that counted."""
        ...

    def newest(self, product: str) -> Snapshot | None:
        """Return the score that was kept last; None when none ever was."""
        ...

    def snapshots(self, product: str, *, since: datetime) -> tuple[Snapshot, ...]:
        """Return at most 200 kept scores, oldest first; where there are more, no dip is left out.

        The first and the newest are always there, and of each stretch of time the newest, the
        lowest by ``quality`` and by ``low``, and one that was not measured.
        """
        ...
