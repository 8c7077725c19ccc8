import json
import time
from threading import Timer

import pytest
from fastapi import FastAPI

from api.streams import Streams, Tempo
from tests.api.guests import Guest, problem_of
from tests.cast import ADMIN
from tests.usecases.world import World
from usecases.request_run import request_run

LIVE = "/api/v1/runs/1/events"


@pytest.fixture
def ended(world: World) -> World:
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    world.drain()
    return world


def test_a_run_that_ended_is_told_at_once(ended: World, viewer: Guest, app: FastAPI):
    answer = viewer.get(LIVE)

    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    retry, finished = answer.text.strip().split("\n\n")
    number, name, content = finished.split("\n")
    assert (retry, number, name) == ("retry: 3000", "id: 1-end", "event: finished")
    assert json.loads(content.removeprefix("data: ")) == viewer.get("/api/v1/runs/1").json()
    assert app.state.streams.open == 0


def test_whoever_has_seen_the_end_is_told_to_stay_away(ended: World, viewer: Guest):
    answer = viewer.get(LIVE, headers={"Last-Event-ID": "1-end"})

    assert (answer.status_code, answer.content) == (204, b"")


def test_asking_for_the_head_of_a_stream_does_not_begin_one(
    world: World, viewer: Guest, app: FastAPI
):
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)

    answer = viewer.head(LIVE)

    assert (answer.status_code, answer.content) == (200, b"")
    assert app.state.streams.open == 0


def test_a_run_that_is_not_there_is_not_followed(viewer: Guest, nobody: Guest):
    assert problem_of(viewer.get(LIVE)) == (404, "not-found")
    assert problem_of(nobody.get(LIVE)) == (401, "unauthenticated")


def test_when_all_streams_are_open_one_more_is_asked_to_come_later(
    ended: World, viewer: Guest, app: FastAPI
):
    app.state.streams = Streams(0)

    answer = viewer.get(LIVE)

    assert problem_of(answer) == (503, "too-many-streams")
    assert answer.headers["retry-after"] == "10"


def test_a_token_that_is_revoked_ends_its_stream(
    world: World, viewer: Guest, admin: Guest, app: FastAPI
):
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    app.state.streams.tempo = Tempo(look=0.01, longest=20)
    tokens = admin.get("/api/v1/tokens").json()["items"]
    own = next(token["id"] for token in tokens if token["name"] == "vera")
    revoked = Timer(0.3, admin.delete, (f"/api/v1/tokens/{own}",))
    revoked.start()

    began = time.monotonic()
    answer = viewer.get(LIVE)
    revoked.join()

    assert "event: progress" in answer.text
    assert "event: finished" not in answer.text
    assert time.monotonic() - began < 10
    assert app.state.streams.open == 0
