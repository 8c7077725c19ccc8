"""Waiting for runs: by asking, and by the service's own stream where somebody looks."""

from contextlib import contextmanager

import httpx2
import pytest

from cli.answers import Run, shaped
from cli.client import connect
from cli.errors import NotThere, Unanswered, Unready
from cli.live import Progress
from cli.watch import wait
from tests.cli.fakes import run_document

QUEUED = shaped(Run, run_document())
DONE = run_document(state="done", outcome="passed")
END = (
    'event: finished\ndata: {"id": 7, "product": "sales.orders", "contract": {"id": "orders", '
    '"version": "1.2.0"}, "state": "done", "outcome": "passed", '
    '"created": "2026-11-20T09:00:00Z", "finished": null, "counts": {}, "seconds": {}, '
    '"error": ""}\n\n'
)
STARTED = (
    'id: a\nevent: progress\ndata: {"run": 7, "state": "running", "attempt": 1, '
    '"phase": "asking Pandera", "done": 17, "total": 42, "seconds": 3.2}\n\n'
)
LOST = httpx2.ConnectError("[Errno 111] Connection refused")


class Clock:
    """Time that goes by only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 1))
        self.now += seconds


class Told:
    """A screen that remembers."""

    def __init__(self, *, live: bool) -> None:
        self.live = live
        self.words: list[str] = []

    def tell(self, run: Run, place: str, found: Progress) -> None:
        self.words.append(f"{run.id} {place} {found.phase} {found.done}/{found.total}")

    def lost(self, why: Unanswered) -> None:
        self.words.append("lost")


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("cli.watch.time", clock)
    return clock


@pytest.fixture
def looked_at(monkeypatch, clock):
    """A screen that somebody looks at; a stream is tried from the beginning."""
    return _screen(monkeypatch, live=True)


@pytest.fixture
def alone(alone, monkeypatch, clock):
    """A screen that nobody looks at."""
    return _screen(monkeypatch, live=False)


def _screen(monkeypatch, *, live: bool) -> Told:
    told = Told(live=live)

    @contextmanager
    def screen(_):
        yield told

    monkeypatch.setattr("cli.watch.screen", screen)
    return told


def waited(timeout: float = 900.0, queued: tuple[Run, ...] = (QUEUED,)):
    with connect() as client:
        return [run.state for run, _ in wait(client, queued, timeout)]


def paths(service) -> list[str]:
    return [request.url.path.removeprefix("/api/v1/runs/") for request in service.requests]


def test_where_nobody_looks_the_run_is_asked_for(service, alone, clock):
    service.says("GET", "/runs/7", run_document())
    service.says("GET", "/runs/7", run_document(state="running"))
    service.says("GET", "/runs/7", DONE)

    assert waited() == ["done"]
    assert paths(service) == ["7", "7", "7"]
    assert clock.slept == [0.1, 0.2]


def test_a_short_run_is_asked_for_and_a_longer_one_told_by_its_stream(service, looked_at, clock):
    service.says("GET", "/runs/7", run_document())
    service.streams("/runs/7/events", STARTED + ": still there\n\n" + END)

    assert waited() == ["done"]
    assert paths(service) == ["7", "7", "7", "7/events"]
    assert looked_at.words[-2:] == [
        "7  waiting for a worker None/None",
        "7  asking Pandera 17/42",
    ]


def test_a_stream_that_cannot_be_had_is_done_without_and_tried_later(service, looked_at, clock):
    service.says("GET", "/runs/7", run_document(state="running"))
    service.refuses("GET", "/runs/7/events", 503, "too-many-streams", "all are taken")
    service.streams("/runs/7/events", END)

    assert waited() == ["done"]
    streams = [number for number, path in enumerate(paths(service)) if path == "7/events"]
    assert len(streams) == 2
    assert clock.now - 100.7 >= 5.0


@pytest.mark.parametrize("broken", [STARTED, 'event: finished\ndata: {"id": 7}\n\n', "event"])
def test_a_stream_that_ends_without_an_end_is_gone_on_with_by_asking(
    service, looked_at, clock, broken
):
    for _ in range(3):
        service.says("GET", "/runs/7", run_document(state="running"))
    service.says("GET", "/runs/7", DONE)
    service.streams("/runs/7/events", broken)

    assert waited() == ["done"]


def test_a_lost_connection_is_tried_again(service, looked_at, clock):
    service.breaks("GET", "/runs/7", LOST)
    service.refuses("GET", "/runs/7", 503, "not-ready", "the database does not answer")
    service.says("GET", "/runs/7", DONE)

    assert waited() == ["done"]
    assert looked_at.words == ["lost", "lost"]


def test_a_connection_that_stays_lost_ends_the_wait_at_its_time(service, alone, clock):
    service.fault = LOST

    with pytest.raises(Unanswered, match="connection refused"):
        waited(timeout=30)

    assert 30 <= clock.now - 100 < 31


def test_a_run_that_goes_on_ends_the_wait_at_its_time(service, looked_at, clock):
    service.says("GET", "/runs/7", run_document(state="running"))
    service.streams("/runs/7/events", STARTED)

    with pytest.raises(Unready) as caught:
        waited(timeout=30)

    assert (
        str(caught.value) == "run 7 is still running after 30 s and goes on; --timeout waits longer"
    )
    assert 30 <= clock.now - 100 < 31


def test_the_last_seconds_are_not_spent_on_a_stream(service, looked_at, clock):
    service.says("GET", "/runs/7", run_document(state="running"))

    with pytest.raises(Unready):
        waited(timeout=20)

    assert "7/events" not in paths(service)


def test_a_refusal_is_not_waited_out(service, alone, clock):
    service.refuses("GET", "/runs/7", 404, detail="there is no run '7'")

    with pytest.raises(NotThere):
        waited()


def test_of_several_runs_it_is_said_which(service, looked_at, clock):
    service.says("GET", "/runs/7", DONE)
    service.says("GET", "/runs/8", run_document(id=8, state="running"))
    service.says("GET", "/runs/8", run_document(id=8, state="errored"))

    ended = waited(queued=(QUEUED, shaped(Run, run_document(id=8))))

    assert ended == ["done", "errored"]
    assert looked_at.words == ["8 2 of 2 being judged None/None"]
