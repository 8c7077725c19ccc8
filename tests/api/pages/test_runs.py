from datetime import timedelta

from api.pages.runs import Phase, phases
from checks.model import Outcome, Progress
from tests.api.guests import Guest
from tests.api.pages.test_standing import summary
from tests.cast import ADMIN
from tests.usecases.world import World
from usecases.request_run import request_run


def test_a_run_shows_every_answer(world: World, owner: Guest, viewer: Guest):
    world.judge.said = {"enum": Outcome.FAILED, "some-rows": Outcome.ERRORED}
    world.publish()
    world.pass_time()

    page, blind = owner.get("/runs/1").text, viewer.get("/runs/1").text

    assert "Not everything could be judged." in page
    assert "3 of 9 rows are wrong" in page
    assert "sample rows that fail" in page
    assert "sample rows" not in blind
    assert "shown to owners" in blind


def test_a_run_tells_its_outcome_first_and_what_was_left_out(world: World, viewer: Guest):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()

    page = viewer.get("/runs/1").text

    assert page.index("The data broke 1 promise.") < page.index("<h2>Results")
    assert "9 of 10 clauses judged; 1 skipped" in page
    assert "We are kind." in page


def test_a_run_that_waits_says_so_and_is_looked_at_again(world: World, viewer: Guest):
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)

    page = viewer.get("/runs/1").text

    assert "Not recorded yet" in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert 'data-events="/api/v1/runs/1/events"' in page
    assert "Results" not in page


def test_a_run_under_way_says_how_far_it_is(world: World, viewer: Guest):
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    now = world.clock()
    with world.store.write() as shelf:
        claim = shelf.runs.claim(1, owner="x", now=now, lease_until=now + timedelta(minutes=1))
        assert claim
        shelf.runs.note(claim, Progress(phase="asking Pandera", done=3, total=9))

    page = viewer.get("/runs/1").text

    assert '<progress aria-label="Clauses judged" max="9" value="3">' in page
    assert "asking Pandera: 3 of 9 clauses" in page


def test_the_time_of_a_run_is_parted_by_what_took_it():
    run = summary().last_run
    assert run is not None
    run.seconds.update({"open": 0.5, "great_expectations": 2.0, "total": 2.5})

    assert phases(run) == (
        Phase(name="Opening the data", seconds=0.5, share=25.0),
        Phase(name="Great Expectations", seconds=2.0, share=100.0),
    )


def test_a_run_that_is_not_there_is_a_page(viewer: Guest):
    assert viewer.get("/runs/9").status_code == 404
    assert "This cannot be understood" in viewer.get("/runs/x").text
