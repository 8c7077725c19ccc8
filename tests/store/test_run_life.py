"""Whatever happens in whatever order, a run is recorded at most once, by its newest claim."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from typing_extensions import override

from runs.model import Claim, RunState
from store.engine import create_store_engine
from store.migrate import migrate
from store.sql_store import SqlStore
from tests.store.build import NOON, asked, clause, passed, publish, report

_ATTEMPTS = 3
_LEASE = timedelta(seconds=30)
_CONTRACTS = ("orders", "lines")


class RunLife(RuleBasedStateMachine):
    """Workers, a dispatcher and a reaper on two contracts; what they hold is remembered here."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now: datetime = NOON
        self.claims: list[Claim] = []
        self.recorded: dict[int, int] = {}
        self.asked = 0

    @initialize()
    def publish(self) -> None:
        engine = create_store_engine(f"sqlite:///{self.folder}/assay.db")
        migrate(engine)
        self.store = SqlStore(engine)
        with self.store.write() as shelf:
            for contract_id in _CONTRACTS:
                publish(shelf, clause(), contract_id=contract_id)

    @rule(contract_id=st.sampled_from(_CONTRACTS))
    def ask(self, contract_id: str) -> None:
        self.asked += 1
        with self.store.write() as shelf:
            shelf.runs.add(asked(str(self.asked), contract_id=contract_id))

    @rule(seconds=st.sampled_from([1, 10, 31]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def dispatch(self) -> None:
        with self.store.write() as shelf:
            ids = shelf.runs.dispatch(
                now=self.now, dispatched_before=self.now - _LEASE, limit=2, per_connection=1
            )
            states = [shelf.runs.get(run_id) for run_id in ids]
        assert all(run is not None and run.state is RunState.QUEUED for run in states)

    @rule(run_id=st.integers(1, 6))
    def claim(self, run_id: int) -> None:
        with self.store.write() as shelf:
            before = shelf.runs.get(run_id)
            claim = shelf.runs.claim(run_id, owner="w", now=self.now, lease_until=self.now + _LEASE)
        if claim is not None:
            assert before is not None
            assert before.state is RunState.QUEUED
            assert claim.fence == before.fence + 1
            self.claims.append(claim)

    @rule(which=st.integers(0, 9), state=st.sampled_from([RunState.DONE, RunState.ERRORED]))
    def finish(self, which: int, state: RunState) -> None:
        if not self.claims:
            return
        claim = self.claims[which % len(self.claims)]
        with self.store.write() as shelf:
            before = shelf.runs.get(claim.run_id)
            told = report(passed(clause()), finished=self.now)
            kept = shelf.runs.finish(claim, state=state, report=told, error="", now=self.now)
        assert before is not None
        assert kept == (before.state is RunState.RUNNING and before.fence == claim.fence)
        if kept:
            self.recorded[claim.run_id] = self.recorded.get(claim.run_id, 0) + 1

    @rule(which=st.integers(0, 9))
    def beat(self, which: int) -> None:
        if self.claims:
            claim = self.claims[which % len(self.claims)]
            with self.store.write() as shelf:
                shelf.runs.beat(claim, lease_until=self.now + _LEASE)

    @rule()
    def reap(self) -> None:
        with self.store.write() as shelf:
            shelf.runs.requeue(now=self.now, attempts=_ATTEMPTS)
            lost = shelf.runs.lose(now=self.now, attempts=_ATTEMPTS, limit=10)
            assert not shelf.runs.expired(now=self.now)
        assert all(run.attempt == _ATTEMPTS for run in lost)

    @invariant()
    def each_run_is_recorded_at_most_once(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.read() as shelf:
            found = shelf.runs.page(product=None, before=None, limit=100)
            counts = {run.id: len(shelf.runs.results(run.id)) for run in found}
        assert len(found) == self.asked
        assert {number: count for number, count in counts.items() if count} == self.recorded
        running = [run.contract_id for run in found if run.state is RunState.RUNNING]
        assert len(running) == len(set(running))
        assert all(run.attempt <= _ATTEMPTS for run in found)

    @override
    def teardown(self) -> None:
        shutil.rmtree(self.folder)


TestRunLife = RunLife.TestCase
TestRunLife.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
