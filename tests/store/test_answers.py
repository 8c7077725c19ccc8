"""What runs said while an incident was open, on every kind of database."""

import pytest

from checks.model import Outcome
from incidents.filter import IncidentFilter
from incidents.model import IncidentKind
from store.sql_store import SqlStore
from tests.cast import VIEWER, Clock, Judge
from tests.store.anywhere import KINDS
from tests.usecases.world import World
from usecases.incidents import find_incidents

BREACH = IncidentFilter(kind=IncidentKind.BREACH)
pytestmark = pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)


@pytest.fixture
def world(store_anywhere: SqlStore, clock: Clock) -> World:
    return World(store=store_anywhere, clock=clock, judge=Judge(clock))


def test_the_last_failure_and_what_was_not_judged_are_of_runs_while_it_was_open(world: World):
    world.publish()
    for said in (Outcome.FAILED, Outcome.FAILED, Outcome.PASSED, Outcome.PASSED):
        world.judge.said = {"enum": said, "unique": Outcome.ERRORED}
        world.pass_time()
    (incident,) = find_incidents(world.store, BREACH, by=VIEWER, before=None, limit=9)

    with world.store.read() as shelf:
        (breach,) = shelf.incidents.breaches(incident.id)
        failures = shelf.incidents.failures(incident.id)
        unjudged = shelf.incidents.unjudged(incident.id)
        nothing = (shelf.incidents.failures(99), shelf.incidents.unjudged(99))

    failed = failures[breach.fingerprint, breach.opened_at]
    assert (failed.run_id, failed.result.finding.failed_rows) == (2, 3)
    assert failed.result.clause.threshold == "one of open, done"
    assert [(one.run_id, one.result.outcome) for one in unjudged] == [
        (2, Outcome.ERRORED),
        (2, Outcome.SKIPPED),
    ]
    assert nothing == ({}, ())
