"""Runs as they go on, told as server-sent events.

A stream asks the database once a second, in a thread that is given back at once; between two looks
it holds nothing. It ends with the run, after half an hour, or when nobody listens any more.

Source: HTML Living Standard, section 9.2, Server-sent events.
"""

import asyncio
import hashlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from access.errors import AccessError
from access.model import Principal
from api.errors import TooManyStreams
from contracts.values import Json
from runs.model import Run, RunState
from store.errors import StoreUnavailable
from usecases import documents

MEDIA_TYPE: Final = "text/event-stream"
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_PHASES: Final = {RunState.QUEUED: "waiting for a worker", RunState.RUNNING: "starting"}
_BEAT: Final = ": still there\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How a stream goes, in seconds.

    Attributes:
        look: Between two looks at the run.
        beat: Of silence before a sign of life.
        longest: That a stream lasts at most; whoever listens comes again by itself.
        retry: That a listener waits before it comes again.
    """

    look: float = 1.0
    beat: float = 15.0
    longest: float = 30 * 60.0
    retry: float = 3.0


_TEMPO: Final = Tempo()


class Streams:
    """Counts the streams of this process, which are bounded: each is a connection kept open.

    Whoever listens has half of them at most, so that nobody keeps all others from listening.
    """

    def __init__(self, most: int, tempo: Tempo = _TEMPO) -> None:
        self._most = most
        self._share = max(1, most // 2)
        self._by: Counter[Principal] = Counter()
        self.tempo = tempo

    @property
    def open(self) -> int:
        """How many there are now."""
        return self._by.total()

    def take(self, by: Principal) -> None:
        """Take a place.

        Raises:
            TooManyStreams: there is none, or none for ``by``.
        """
        if self.open >= self._most:
            raise TooManyStreams(self._most)
        if self._by[by] >= self._share:
            raise TooManyStreams(self._share, by.name)
        self._by[by] += 1

    def give_back(self, by: Principal) -> None:
        """Give a place back."""
        self._by[by] -= 1
        self._by += Counter()  # whoever has none is forgotten


class Live(StreamingResponse):
    """An answer that is a stream. It takes its place when made, and gives it back when it ends."""

    def __init__(self, events: AsyncIterator[str], streams: Streams, by: Principal) -> None:
        streams.take(by)
        self._give_back = partial(streams.give_back, by)
        super().__init__(events, media_type=MEDIA_TYPE, headers=_HEADERS)

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, until the story or the connection ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._give_back()


def last_id(run_id: int) -> str:
    """Return the id of a run's last event: whoever has seen it has seen all."""
    return f"{run_id}-end"


async def story(
    look: Callable[[], Awaitable[Run]],
    *,
    seen: str,
    clock: Callable[[], datetime],
    tempo: Tempo,
) -> AsyncIterator[str]:
    """Tell how a run goes on, event by event, to whoever may still look.

    Args:
        look: Returns the run as it is now; raises an ``AccessError`` when the listener's token has
            expired or was revoked.
        seen: Id of the event that the listener saw last; that one is not told again.
        clock: The time, UTC.
        tempo: How often to look and to speak.
    """
    yield f"retry: {round(tempo.retry * 1000)}\n\n"
    try:
        async for event in _events(look, seen=seen, clock=clock, tempo=tempo):
            yield event
    except AccessError:  # the answer has begun: it ends here, and coming again is refused
        return


async def _events(
    look: Callable[[], Awaitable[Run]],
    *,
    seen: str,
    clock: Callable[[], datetime],
    tempo: Tempo,
) -> AsyncIterator[str]:
    began = spoken = time.monotonic()
    while (now := time.monotonic()) - began < tempo.longest:
        run = await _run(look)
        if run is not None and run.state.terminal:
            yield _event(last_id(run.id), "finished", documents.run(run))
            return
        told, event = (seen, "") if run is None else _progress(run, clock())
        if told != seen:
            yield event
            seen, spoken = told, now
        elif now - spoken >= tempo.beat:
            yield _BEAT
            spoken = now
        await asyncio.sleep(tempo.look)


async def _run(look: Callable[[], Awaitable[Run]]) -> Run | None:
    try:
        return await look()
    except StoreUnavailable:  # it may be back at the next look; the listener loses nothing
        return None


def _progress(run: Run, now: datetime) -> tuple[str, str]:
    """Return the id of what is to be told of a run that goes on, and the event."""
    facts = _facts(run)
    told = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    elapsed = (now - (run.started or run.created)).total_seconds()
    return told, _event(told, "progress", {**facts, "seconds": round(max(0.0, elapsed), 1)})


def _facts(run: Run) -> dict[str, Json]:
    progress = run.progress
    return {
        "run": run.id,
        "state": run.state.value,
        "attempt": run.attempt,
        "phase": progress.phase if progress else _PHASES[run.state],
        "done": progress.done if progress else None,
        "total": progress.total if progress else None,
    }


def _event(event_id: str, kind: str, facts: Mapping[str, Json]) -> str:
    written = json.dumps(facts, ensure_ascii=False)  # has no line of its own, whatever it holds
    return f"id: {event_id}\nevent: {kind}\ndata: {written}\n\n"
