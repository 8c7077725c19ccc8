import pytest
from fastapi import FastAPI

from api.models.events import ContractSchedule, EventPage
from checks.model import Outcome
from tests.api.guests import Guest, problem_of
from tests.usecases.world import World
from usecases.sweep import sweep

EVENTS = "/api/v1/events"
SCHEDULE = "/api/v1/contracts/orders/schedule"
PAUSE = {"paused": True, "reason": "the source moves"}


def test_what_happened_is_told_as_cloud_events(world: World, viewer: Guest):
    world.publish()

    answer = viewer.get(EVENTS)

    (event,) = answer.json()["items"]
    assert answer.json()["next"] == event["id"] == "1"
    assert {name: event[name] for name in event if name != "data"} == {
        "specversion": "1.0",
        "id": "1",
        "source": "http://testserver",
        "type": "contract.published",
        "subject": "contract/orders",
        "time": "2026-11-20T12:00:00Z",
        "datacontenttype": "application/json",
    }
    assert (event["data"]["product"], event["data"]["version"]) == ("sales.orders", "1.0.0")


def test_the_feed_is_followed_by_its_cursor(world: World, viewer: Guest):
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED}
    cursor, seen = "0", []

    for _ in range(3):
        for _ in range(9):
            page = viewer.get(EVENTS, params={"after": cursor, "limit": 2}).json()
            seen += [event["type"] for event in page["items"]]
            cursor = page["next"]
        world.pass_time()

    assert seen == [
        "contract.published",
        "run.finished",
        "incident.opened",
        "score.changed",
        "run.finished",
    ]


def test_events_are_chosen_by_product_and_kinds(world: World, viewer: Guest):
    world.publish()
    world.pass_time()
    kinds = {"kind": ["run.finished", "score.changed"], "product": "sales.orders"}

    chosen = viewer.get(EVENTS, params=kinds).json()["items"]
    nothing = viewer.get(EVENTS, params={"product": "hr.staff"}).json()

    assert [event["type"] for event in chosen] == ["run.finished", "score.changed"]
    assert nothing == {"items": [], "next": chosen[-1]["id"]}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("after=x", "/query/after"),
        ("after=-1", "/query/after"),
        ("limit=0", "/query/limit"),
        ("kind=nothing.happened", "/query/kind/0"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_its_place(
    viewer: Guest, query: str, pointer: str
):
    answer = viewer.get(f"{EVENTS}?{query}")

    assert problem_of(answer) == (422, "invalid-request")
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_cursor_whose_events_are_gone_is_told(world: World, viewer: Guest):
    world.publish()
    world.pass_time()
    world.clock.pass_(days=91)
    sweep(world.store, now=world.clock())

    assert problem_of(viewer.get(f"{EVENTS}?after=1")) == (410, "cursor-gone")


def test_nobody_follows_without_a_token(nobody: Guest):
    assert nobody.get(EVENTS).status_code == 401


def test_a_schedule_is_paused_read_and_resumed(world: World, owner: Guest, viewer: Guest):
    world.publish()
    ticking = viewer.get(SCHEDULE).json()

    paused = owner.patch(SCHEDULE, json=PAUSE)
    read = viewer.get(SCHEDULE).json()
    resumed = owner.patch(SCHEDULE, json={"paused": False})

    assert ticking == {
        "contract": "orders",
        "cron": None,
        "every_seconds": 10.0,
        "timezone": "UTC",
        "next_run": "2026-11-20T12:00:10Z",
        "paused": False,
        "pause": None,
    }
    assert paused.json() == read
    assert read == {
        **ticking,
        "next_run": None,
        "paused": True,
        "pause": {"at": "2026-11-20T12:00:00Z", "by": "olga", "reason": "the source moves"},
    }
    assert resumed.json() == ticking


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"paused": True}, "/reason"),
        ({"paused": True, "reason": ""}, "/reason"),
        ({"paused": True, "reason": " \n "}, "/reason"),
        ({"paused": "yes", "reason": "x"}, "/paused"),
        ({"reason": "x"}, "/paused"),
        ({**PAUSE, "until": "tomorrow"}, "/until"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_with_its_place(
    world: World, owner: Guest, body: dict[str, object], pointer: str
):
    world.publish()

    answer = owner.patch(SCHEDULE, json=body)

    assert answer.status_code == 422
    assert [entry["pointer"] for entry in answer.json()["errors"]] == [pointer]
    assert not owner.get(SCHEDULE).json()["paused"]


def test_only_an_owner_may_pause(world: World, producer: Guest, stranger: Guest):
    world.publish()

    for guest in (producer, stranger):
        assert problem_of(guest.patch(SCHEDULE, json=PAUSE)) == (403, "forbidden")


def test_what_has_no_schedule_is_not_found(viewer: Guest):
    assert problem_of(viewer.get("/api/v1/contracts/none/schedule")) == (404, "not-found")


def test_the_documented_examples_fit_their_shapes(app: FastAPI):
    shapes = app.openapi()["components"]["schemas"]

    for name, shape in (("EventDocument", EventPage), ("ContractSchedule", ContractSchedule)):
        fields = shapes[name]["properties"]
        example = {field: found["examples"][0] for field, found in fields.items()}
        whole = {"items": [example], "next": "1"} if shape is EventPage else example
        shape.model_validate(whole)
