"""A run as it goes on."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.ask import BEARER, Ask, Asked, Parts, ask
from api.ids import RowId
from api.openapi import answers, problems
from api.streams import MEDIA_TYPE, Live, Streams, last_id, story
from runs.model import Run
from usecases.live import look_at_run

router = APIRouter(prefix="/runs", tags=["runs"])

_STORY: Final = """\
retry: 3000

id: 5d0c1a7e9b2f4c68
event: progress
data: {"run": 4711, "state": "running", "attempt": 1, "phase": "asking Pandera", "done": 17, \
"total": 42, "seconds": 3.2}

: still there

id: 4711-end
event: finished
data: {"id": 4711, "product": "sales.orders", "state": "done", "outcome": "passed"}

"""
_LIVE: Final = answers(
    "`progress` whenever it gets on (`done` of `total` clauses; null while not known; `seconds` "
    "since it was started), comments in between, at last `finished` with the whole run document.",
    MEDIA_TYPE,
    _STORY,
)
LastEventId = Annotated[
    str, Header(max_length=100, description="Id of the last event seen; it is not told again.")
]


@router.get(
    "/{run_id}/events",
    summary="Follow a run as it goes on",
    response_class=Response,
    responses={
        200: _LIVE,
        204: {"description": "The last event was seen: there is nothing more to come."},
        **problems(401, 403, 404, 422),
    },
)
async def follow_run(
    request: Request, asked: Asked, run_id: RowId, *, last_event_id: LastEventId = ""
) -> Response:
    """Return server-sent events until the run ends, for 30 minutes at most."""
    await _look(asked, run_id)  # refused before anything is begun
    if last_event_id == last_id(run_id):
        return Response(status_code=204)
    if request.state.bare:  # only the head is wanted, and a stream has no end to wait for
        return Response(media_type=MEDIA_TYPE)
    streams: Streams = request.app.state.streams
    look = partial(_look_again, request, asked, run_id)
    told = story(look, seen=last_event_id, clock=asked.clock, tempo=streams.tempo)
    return Live(told, streams, asked.by)


async def _look_again(request: Request, held: Parts, run_id: int) -> Run:
    """Look with the token that was shown: it may have been revoked since."""
    return await _look(await ask(request, held, await BEARER(request)), run_id)


async def _look(asked: Ask, run_id: int) -> Run:
    return await run_in_threadpool(look_at_run, asked.store, run_id, by=asked.by)
