from dataclasses import replace
from datetime import timedelta

import pytest

from access.errors import Forbidden
from runs.model import Interval, Trigger
from tests.cast import NOON, ORDERS, OWNER, STRANGER, VIEWER
from tests.usecases.world import World
from usecases.lineage import JobEvent, Output, hear

FILE = Output(namespace="file", name="/lake/orders.csv")
DAY = timedelta(days=1)
EVENT = JobEvent(kind="COMPLETE", run="r1", job="airflow/load", outputs=(FILE,))


def _hear(world: World, event: JobEvent, by=OWNER):
    return hear(world.store, event, by=by, clock=world.clock)


def test_a_job_that_wrote_a_contracts_file_makes_a_run_of_it(world: World):
    world.publish()

    heard = _hear(world, EVENT)

    (run,) = heard.runs
    assert (run.contract_id, run.trigger, run.cause) == ("orders", Trigger.LINEAGE, "airflow/load")
    assert run.interval == Interval.up_to(NOON)
    assert heard.ignored == ()


def test_the_same_run_of_a_job_makes_one_run_though_it_is_told_twice(world: World):
    world.publish()

    first = _hear(world, EVENT).runs[0].id
    world.pass_time()

    assert _hear(world, EVENT).runs[0].id == first
    assert _hear(world, replace(EVENT, run="r2")).runs[0].id != first


def test_the_nominal_time_is_the_slice_where_it_is_over(world: World):
    world.publish()
    event = replace(EVENT, start=NOON - DAY, end=NOON)

    assert _hear(world, event).runs[0].interval == Interval(start=NOON - DAY, end=NOON)
    for odd in (
        replace(event, run="r2", end=NOON + DAY),
        replace(event, run="r3", end=None),
        replace(event, run="r4", start=NOON, end=NOON),
    ):
        assert _hear(world, odd).runs[0].interval == Interval.up_to(NOON)


def test_a_name_that_a_new_version_states_is_known_at_once(world: World):
    world.publish()
    other = Output(namespace="s3://landing", name="raw/orders")
    event = replace(EVENT, outputs=(other,))
    assert _hear(world, event).runs == ()

    stated = "  - property: openLineageDataset\n    value: s3://landing/raw/orders\n"
    world.publish(ORDERS.replace("version: 1.0.0", "version: 1.1.0") + stated)

    assert [run.version for run in _hear(world, event).runs] == ["1.1.0"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "START"}, "only COMPLETE events ask for a run; this one is START"),
        ({"kind": ""}, "only COMPLETE events ask for a run; this one is not about a run"),
        ({"outputs": ()}, "it names no outputs"),
    ],
)
def test_an_event_that_asks_for_nothing_is_ignored_with_its_reason(world: World, changes, reason):
    world.publish()

    heard = _hear(world, replace(EVENT, **changes))

    assert heard.runs == ()
    assert [(part.output, part.reason) for part in heard.ignored] == [(None, reason)]


def test_an_output_that_no_contract_is_about_is_ignored_and_the_others_are_not(world: World):
    world.publish()
    stray = Output(namespace="file", name="/lake/other.csv")

    heard = _hear(world, replace(EVENT, outputs=(stray, FILE)))

    assert len(heard.runs) == 1
    assert [(part.output, part.reason) for part in heard.ignored] == [
        (stray, "no contract is about this dataset")
    ]


def test_a_contract_of_another_domain_is_not_run(world: World):
    world.publish()

    heard = _hear(world, EVENT, by=STRANGER)

    assert heard.runs == ()
    assert heard.ignored[0].reason == "'stan' may not run contract 'orders'"
    with pytest.raises(Forbidden):
        _hear(world, EVENT, by=VIEWER)
