"""What is let go of in time, and that no card within what is kept tells it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from checks.model import Outcome
from store.engine import reading
from store.sql_store import SqlStore
from store.tables.judging import RESULT, RUN, SNAPSHOT
from store.tables.trouble import ATTEMPT, NOTICE
from tests.api.guests import SAMPLE, Sampler
from tests.cast import NOON, OWNER, VIEWER, Clock, Judge
from tests.store.anywhere import on_postgresql
from tests.usecases.test_past import KEY, LONG, Story, steps
from tests.usecases.test_past import stories as stories  # noqa: PLC0414 - a fixture
from tests.usecases.world import World
from usecases import card as cards
from usecases import documents
from usecases.card import card
from usecases.errors import NotFound
from usecases.retention import RUNS_SHOWN, Keep, retain
from usecases.sweep import Sweeper

DAY = timedelta(days=1)
NOTHING = Keep(evidence=None, results=None, scores=None, events=None, notices=None)
LOST = ("publish", "unscheduled", "orders"), ("ask",), ("die",), ("wait", 60), ("reap",)


@pytest.fixture
def world_anywhere(any_store: SqlStore, clock: Clock) -> World:
    return World(store=any_store, clock=clock, judge=Judge(clock))


def clear(world: World, keep: Keep) -> int:
    """Let go of everything that may go."""
    gone = 0
    while step := retain(world.store, keep, now=world.clock()):
        gone += step
    return gone


def rows(store: SqlStore) -> Mapping[str, int]:
    with reading(store._engine) as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (RUN, RESULT, SNAPSHOT, NOTICE, ATTEMPT)
        }


def cleared(story: Story, keep: Keep) -> int:
    """Clear, and compare each card within what is kept with what it was before; count them."""
    assert keep.results is not None
    since = story.world.clock() - keep.results
    moments = [at for at, _ in story.seen if at >= since] or [since]
    before = [told(story, at) for at in moments]

    clear(story.world, keep)

    assert [told(story, at) for at in moments] == before
    return len(before)


def told(story: Story, at: datetime) -> documents.Document | None:
    """The card of that moment; None where there was none."""
    try:
        return documents.card(
            card(story.world.store, KEY, by=VIEWER, clock=story.world.clock, at=at)
        )
    except NotFound:
        return None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    played=st.lists(steps, max_size=14),
    kept=st.sampled_from([1, 15, 70, 3_700, 90_010, 3_000_020]),
)
def test_no_card_within_what_is_kept_is_another_afterwards(
    stories: Callable[[], Story], played: list[tuple[object, ...]], kept: int
):
    story = stories()
    story.play("publish", "same", "orders")
    for step in played:
        story.play(*step)

    cleared(story, Keep(results=timedelta(seconds=kept), scores=None))


@pytest.mark.integration
@pytest.mark.enable_socket
def test_so_it_is_on_postgresql():
    clock = Clock()
    with on_postgresql() as engine:
        story = Story(World(store=SqlStore(engine), clock=clock, judge=Judge(clock)))
        for step in LONG:
            story.play(*step)
        for _ in range(30):
            story.play("run", "enum", Outcome.FAILED)
            story.play("run", "", Outcome.ERRORED)

        before = rows(story.world.store)
        assert cleared(story, Keep(results=timedelta(seconds=100), scores=None)) >= 5
        assert rows(story.world.store)["result"] < before["result"] / 2


def test_a_lost_run_is_still_told_by_cards_that_are_kept(stories: Callable[[], Story]):
    story = stories()
    for step in LOST:
        story.play(*step)
    story.play("wait", 90_000)
    story.play("wait", 60)

    assert cleared(story, Keep(results=timedelta(seconds=70), scores=None)) == 2

    found = told(story, story.world.clock())
    assert found is not None
    assert found["lost_runs"] == 1


def test_runs_and_results_go_but_for_what_cards_and_standings_rest_on(
    world_anywhere: World,
):
    world = world_anywhere
    world.publish()
    for _ in range(40):
        world.pass_time()
    before = rows(world.store)
    world.clock.pass_(days=401)

    clear(world, Keep(scores=timedelta(0)))

    left = rows(world.store)
    assert (before["run"], left["run"]) == (40, RUNS_SHOWN)
    assert left["result"] == before["result"] / 40
    assert left["score_snapshot"] == 1
    assert card(world.store, KEY, by=VIEWER, clock=world.clock).lines[0].good


def test_a_failure_that_lasts_is_kept_however_old_it_is(world: World):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()
    world.judge.said = {"enum": Outcome.ERRORED}
    for _ in range(4):
        world.pass_time()
    with world.store.read() as shelf:
        (incident,) = shelf.incidents.page(product=KEY, only_open=True, before=None, limit=2)[-1:]
        was = shelf.incidents.failures(incident.id), shelf.incidents.unjudged(incident.id)
    world.clock.pass_(days=500)

    clear(world, Keep())

    with world.store.read() as shelf:
        assert (
            shelf.incidents.failures(incident.id),
            shelf.incidents.unjudged(incident.id),
        ) == was


def test_samples_go_and_the_verdicts_that_they_showed_stay(world: World):
    world.judge = Sampler(world.clock)
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()
    world.clock.pass_(days=27)
    early = clear(world, Keep()), _samples(world)
    world.clock.pass_(days=2)

    clear(world, Keep())

    assert early == (0, {SAMPLE, None})
    assert _samples(world) == {None}
    failed = [
        line
        for line in card(world.store, KEY, by=OWNER, clock=world.clock).lines
        if line.result.outcome is Outcome.FAILED
    ]
    assert [line.result.finding.failed_rows for line in failed] == [3]


def _samples(world: World) -> set[object]:
    found = card(world.store, KEY, by=OWNER, clock=world.clock)
    return {line.result.finding.evidence for line in found.lines}


def test_behind_ninety_days_the_last_score_of_each_day_stays(world_anywhere: World):
    world = world_anywhere
    world.publish()
    last: set[datetime] = set()
    for _ in range(3):
        for _ in range(4):
            world.pass_time()
        last.add(world.clock())
        world.clock.pass_(days=1)
    world.clock.pass_(days=90)
    world.pass_time()
    world.pass_time()

    clear(world, Keep(results=None))

    with world.store.read() as shelf:
        kept = shelf.standings.snapshots(KEY, since=NOON)
    assert {one.at for one in kept[:-2]} == last
    assert len(kept) == 5


def test_notices_go_when_they_were_sent_and_their_incident_is_over(world: World):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()
    world.clock.pass_(days=181)
    while_open = clear(world, Keep(evidence=None)), rows(world.store)["notice"]
    world.judge.said = {}
    world.pass_time()
    world.pass_time()

    clear(world, Keep(evidence=None))

    assert while_open == (0, 1)
    assert (
        rows(world.store)["notice"] == rows(world.store)["notice_attempt"] == 1
    )  # word of the recovery


def test_what_is_kept_for_ever_is_never_looked_at(world: World):
    world.publish()
    for _ in range(15):
        world.pass_time()
    world.clock.pass_(days=4_000)
    before = rows(world.store)

    assert clear(world, NOTHING) == 0
    assert rows(world.store) == before


def test_a_sweeper_goes_on_while_there_is_more_and_then_rests(world: World):
    world.publish()
    for _ in range(15):
        world.pass_time()
    world.clock.pass_(days=401)
    sweeper = Sweeper(world.store, Keep(events=None))

    first = sweeper.sweep(world.clock())
    while sweeper.sweep(world.clock()):
        pass
    left = rows(world.store)
    world.pass_time()
    world.clock.pass_(days=401)
    resting = Sweeper(world.store, Keep(events=None))

    assert first > 0
    assert left["run"] == RUNS_SHOWN
    assert resting.sweep(world.clock()) > 0


def test_cards_show_as_many_runs_as_are_kept_for_them():
    assert cards._RUNS == RUNS_SHOWN


def test_the_card_of_a_day_behind_the_scores_differs_in_its_line_alone(
    stories: Callable[[], Story],
):
    story = stories()
    story.play("publish", "same", "orders")
    for _ in range(6):
        story.play("run", "enum", Outcome.FAILED)
    story.play("wait", 90_000)
    at, read = story.seen[-2]

    clear(story.world, Keep(scores=timedelta(hours=1)))

    found = documents.card(card(story.world.store, KEY, by=VIEWER, clock=story.world.clock, at=at))
    assert {name for name in read if found[name] != read[name]} == {"history"}
