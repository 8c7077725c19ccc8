import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from access.errors import Unauthenticated
from api.errors import TooManyStreams
from api.streams import Live, Streams, Tempo, last_id, story
from checks.model import Progress
from runs.model import Interval, Run, RunState, Trigger
from store.errors import StoreUnavailable
from tests.cast import NOON, OWNER, VIEWER

QUICK = Tempo(look=0.001, beat=60, longest=5, retry=2)
QUEUED = Run(
    id=7,
    product="sales.orders",
    contract_id="orders",
    version="1.0.0",
    trigger=Trigger.API,
    state=RunState.QUEUED,
    interval=Interval(start=NOON, end=NOON),
    created=NOON - timedelta(seconds=9),
    counts={},
    seconds={},
)
RUNNING = replace(QUEUED, state=RunState.RUNNING, attempt=1, started=NOON - timedelta(seconds=2.25))
HALF = replace(RUNNING, progress=Progress(phase="asking Pandera", done=1, total=2))
DONE = replace(RUNNING, state=RunState.DONE, finished=NOON, outcome="passed")


def looks(*runs: Run | Exception) -> Callable[[], Awaitable[Run]]:
    """Return what looks at one after the other, and at the last for ever."""
    ahead = list(runs)

    async def look() -> Run:
        found = ahead.pop(0) if len(ahead) > 1 else ahead[0]
        if isinstance(found, Exception):
            raise found
        return found

    return look


def told(*runs: Run | Exception, seen: str = "", tempo: Tempo = QUICK) -> list[str]:
    async def listen() -> list[str]:
        told = story(looks(*runs), seen=seen, clock=lambda: NOON, tempo=tempo)
        return [event async for event in told]

    return asyncio.run(listen())


def parts(event: str) -> tuple[str, str, dict[str, object]]:
    """Id, name and content of an event."""
    assert event.endswith("\n\n")
    lines = dict(line.split(": ", 1) for line in event.strip("\n").split("\n"))
    return lines["id"], lines["event"], json.loads(lines["data"])


def test_a_run_is_told_from_its_queue_to_its_end():
    retry, *events = told(QUEUED, RUNNING, HALF, DONE)

    assert retry == "retry: 2000\n\n"
    waiting, starting, half, end = map(parts, events)
    assert waiting[1:] == (
        "progress",
        {
            "run": 7,
            "state": "queued",
            "attempt": 0,
            "phase": "waiting for a worker",
            "done": None,
            "total": None,
            "seconds": 9.0,
        },
    )
    assert starting[2]["phase"] == "starting"
    assert half[2] == {
        "run": 7,
        "state": "running",
        "attempt": 1,
        "phase": "asking Pandera",
        "done": 1,
        "total": 2,
        "seconds": 2.2,
    }
    assert end[:2] == ("7-end", "finished")
    assert (end[2]["id"], end[2]["state"], end[2]["outcome"]) == (7, "done", "passed")


def test_what_did_not_change_is_told_once():
    assert len(told(HALF, HALF, HALF, DONE)) == 3


def test_whoever_comes_again_is_not_told_what_was_seen():
    _, half, _ = told(HALF, DONE)

    _, *events = told(HALF, HALF, DONE, seen=parts(half)[0])

    assert [parts(event)[1] for event in events] == ["finished"]


def test_silence_is_broken_by_a_comment():
    events = told(HALF, *[HALF] * 20, DONE, tempo=replace(QUICK, beat=0.005))

    comments = [event for event in events if event.startswith(":")]
    assert comments
    assert set(comments) == {": still there\n\n"}


def test_a_stream_ends_when_its_time_is_over():
    events = told(HALF, tempo=replace(QUICK, longest=0.02))

    assert [event for event in events if "finished" in event] == []


def test_a_store_that_is_away_for_a_moment_ends_no_stream():
    _, *events = told(StoreUnavailable("the disk sleeps"), HALF, StoreUnavailable("again"), DONE)

    assert [parts(event)[1] for event in events] == ["progress", "finished"]


def test_an_event_is_one_line_whatever_it_holds():
    broken = replace(DONE, error="one\ntwo\r\nevent: forged\u2028")

    *_, end = told(broken)

    assert parts(end)[2]["error"] == broken.error


def test_there_are_only_so_many_streams():
    streams = Streams(1)
    first = Live(_nothing(), streams, VIEWER)

    with pytest.raises(TooManyStreams, match="1 streams are open"):
        Live(_nothing(), streams, VIEWER)

    asyncio.run(_sent(first))
    assert streams.open == 0


def test_a_listener_who_vanishes_gives_the_place_back():
    streams = Streams(1)

    async def go() -> None:
        endless = story(looks(HALF), seen="", clock=lambda: NOON, tempo=QUICK)
        await asyncio.wait_for(_sent(Live(endless, streams, VIEWER)), 2)

    asyncio.run(go())

    assert streams.open == 0


def test_the_last_id_is_the_runs_own():
    assert last_id(7) != last_id(8)


async def _nothing() -> AsyncIterator[str]:
    yield ""


async def _sent(answer: Live) -> None:
    """Let ``answer`` be sent to somebody who leaves after a few events."""
    sent: list[object] = []

    async def receive():
        while len(sent) < 3:
            await asyncio.sleep(0.001)
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    await answer({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)


def test_whoever_may_look_no_more_is_told_no_more():
    retry, event = told(HALF, Unauthenticated("the token is unknown, expired or revoked"))

    assert retry == "retry: 2000\n\n"
    assert parts(event)[1] == "progress"


def test_one_who_listens_takes_half_of_all_streams_at_most():
    streams = Streams(4)
    taken = [Live(_nothing(), streams, VIEWER) for _ in range(2)]

    with pytest.raises(TooManyStreams, match="'vera' has 2 streams open"):
        Live(_nothing(), streams, VIEWER)
    taken.append(Live(_nothing(), streams, OWNER))
    for answer in taken:
        asyncio.run(_sent(answer))
    Live(_nothing(), streams, VIEWER)

    assert streams.open == 1
