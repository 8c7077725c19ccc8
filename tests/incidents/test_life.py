"""Incidents under any sequence of runs, people and time."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from checks.model import Outcome
from contracts.values import Severity
from incidents.breaches import Verdict, step_breaches
from incidents.model import Breach, Incident, IncidentKind
from incidents.person import acknowledge, resolve
from incidents.step import Change, step_incident

CLAUSES = {
    "one": {"a": Severity.CRITICAL, "b": Severity.MEDIUM, "c": Severity.LOW},
    "two": {"d": Severity.HIGH, "e": Severity.INFO},
}


class Life(RuleBasedStateMachine):
    """A product with two contracts; the dicts stand in for the store."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.breaches: dict[str, dict[str, Breach]] = {"one": {}, "two": {}}
        self.incidents: list[Incident] = []
        self.told: list[Change] = []
        self.by_person = False

    @property
    def current(self) -> Incident | None:
        return next((one for one in self.incidents if one.state.open), None)

    @property
    def blocking(self) -> int:
        found = [one for open_ in self.breaches.values() for one in open_.values()]
        return sum(breach.severity.blocking for breach in found)

    def keep(self, incident: Incident | None, change: Change) -> None:
        self.told += [change] if change.told else []
        if change in {Change.UNCHANGED, Change.JOINED} or incident is None:
            return
        if change is Change.OPENED:
            self.incidents.append(incident)
        else:
            self.incidents[-1] = incident

    @rule(contract=st.sampled_from(("one", "two")), data=st.data())
    def run(self, contract: str, data: st.DataObject) -> None:
        results = [
            Verdict(
                fingerprint=key,
                clause_key=f"/{key}",
                segment="",
                severity=severity,
                outcome=data.draw(st.sampled_from(Outcome)),
            )
            for key, severity in CLAUSES[contract].items()
        ]
        self.take(contract, results, None)

    @rule(contract=st.sampled_from(("one", "two")))
    def withdraw_every_promise(self, contract: str) -> None:
        self.take(contract, [], frozenset())

    def take(self, contract: str, results: list[Verdict], present: frozenset[str] | None) -> None:
        steps = step_breaches(self.breaches[contract], results, self.now, present=present)
        self.breaches[contract] = {breach.fingerprint: breach for breach in steps.open}
        resolved = [one for one in self.incidents if not one.state.open]
        after = step_incident(
            self.current,
            resolved[-1] if resolved else None,
            product="sales.orders",
            steps=steps,
            blocking=self.blocking,
            now=self.now,
        )
        self.keep(after.incident, after.change)
        self.by_person = self.by_person and self.current is None and self.blocking > 0
        assert bool(after.events) == (after.change is not Change.UNCHANGED)
        failed = {one.fingerprint for one in results if one.outcome is Outcome.FAILED}
        if any(one.severity.blocking for one in steps.open if one.fingerprint in failed):
            assert self.current is not None

    @rule(hours=st.integers(0, 40))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.current is not None)
    @rule(who=st.sampled_from(("ana", "ben")))
    def take_care(self, who: str) -> None:
        assert self.current is not None
        step = acknowledge(self.current, actor=who, now=self.now)
        self.keep(step.incident, step.change)

    @precondition(lambda self: self.current is not None)
    @rule()
    def end_by_hand(self) -> None:
        assert self.current is not None
        step = resolve(self.current, actor="ana", reason="known", now=self.now)
        self.keep(step.incident, step.change)
        self.by_person = self.blocking > 0

    @invariant()
    def at_most_one_is_open(self) -> None:
        assert sum(one.state.open for one in self.incidents) <= 1
        assert all(one.kind is IncidentKind.BREACH for one in self.incidents)

    @invariant()
    def open_exactly_while_something_blocks(self) -> None:
        assert self.by_person or (self.current is not None) == (self.blocking > 0)

    @invariant()
    def told_once_a_beginning_and_once_an_end(self) -> None:
        ends = [change is Change.RESOLVED for change in self.told]
        assert ends == [place % 2 == 1 for place in range(len(ends))]
        assert (self.current is not None) == (len(ends) % 2 == 1)

    @invariant()
    def an_end_has_a_time_and_a_reason(self) -> None:
        for one in self.incidents:
            assert one.state.open == (one.resolved_at is None) == (not one.reason)


TestLife = Life.TestCase
