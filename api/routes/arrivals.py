"""Data came: told by a pipeline in a few words, or by OpenLineage."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Header, Response

from api.ask import Asked, Guarded
from api.errors import BadInput, Fault
from api.models.arrivals import ArrivedData, LineageAnswer, LineageEvent, OutputDataset
from api.models.runs import QueuedRuns
from api.openapi import problems
from contracts.instants import instant
from usecases import documents
from usecases.arrivals import SKEW, Arrival, data_arrived
from usecases.backpressure import require_room
from usecases.errors import NotFound
from usecases.lineage import Ignored, JobEvent, Output, hear

router = APIRouter(tags=["events"], route_class=Guarded)

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The same key again is the same arrival, and gives the same runs.",
    ),
]
_WHICH: Final = Fault(
    code="which", pointer="", detail="say what came: give 'product' or 'contract', and not both"
)


@router.post(
    "/events/data-arrived",
    summary="Tell that data came",
    status_code=202,
    response_model=QueuedRuns,
    responses=problems(401, 403, 404, 409, 413, 415, 422, 429),
)
def tell_arrival(
    asked: Asked, arrived: ArrivedData, response: Response, *, idempotency_key: Key = None
) -> documents.Document:
    """Queue a run of each contract that it is about; `Location` leads to the first.

    While such a run waits, about the same data or more, a further arrival joins it. One that comes
    while the data is being judged makes one more run behind it.
    """
    faults = tuple(_faults(arrived, asked.clock()))
    if faults:
        raise BadInput(faults)
    arrival = Arrival(
        product=arrived.product or "",
        contract=arrived.contract or "",
        start=arrived.start,
        end=arrived.end,
        objects=tuple(arrived.objects),
    )
    require_room(asked.store, asked.settings.queue_limit)
    runs = data_arrived(asked.store, arrival, by=asked.by, key=idempotency_key, clock=asked.clock)
    if not runs:
        raise NotFound("output port of product", arrival.product)
    response.headers["Location"] = f"/api/v1/runs/{runs[0].id}"
    return {"runs": [documents.run(run) for run in runs]}


def _faults(arrived: ArrivedData, now: datetime) -> Iterator[Fault]:
    if (arrived.product is None) == (arrived.contract is None):
        yield _WHICH
    end = arrived.end or now
    if end > now + SKEW:
        detail = f"data that came does not end ahead of now, which is {instant(now)}"
        yield Fault(code="ahead", pointer="/end", detail=detail)
    elif arrived.start is not None and arrived.start >= min(end, now):
        detail = f"data begins before it ends, which is at {instant(min(end, now))}"
        yield Fault(code="upside-down", pointer="/start", detail=detail)


@router.post(
    "/lineage",
    summary="Take an OpenLineage event",
    response_model=LineageAnswer,
    responses=problems(401, 403, 409, 413, 415, 422, 429),
)
def take_event(asked: Asked, event: LineageEvent) -> documents.Document:
    """Queue a run of each contract about what a job has written, once for each run of the job.

    Only a `COMPLETE` event of a run does so. Whatever makes no run is named, with why.
    """
    said = _read(event)
    if said.asks:
        require_room(asked.store, asked.settings.queue_limit)
    heard = hear(asked.store, said, by=asked.by, clock=asked.clock)
    return {
        "runs": [documents.run(run) for run in heard.runs],
        "ignored": [_ignored(part) for part in heard.ignored],
    }


def _read(event: LineageEvent) -> JobEvent:
    """Return what an event says.

    Raises:
        BadInput: it has a type, but does not say of which run of which job.
    """
    if event.event_type is None:
        return JobEvent(kind="", run="", job="")
    run, job = event.run, event.job
    if run is None or job is None:
        parts = {"run": run, "job": job}
        raise BadInput(tuple(_missing(name) for name, part in parts.items() if part is None))
    time = run.facets.nominal_time if run.facets else None
    return JobEvent(
        kind=event.event_type,
        run=run.run_id,
        job=f"{job.namespace}/{job.name}",
        outputs=_outputs(event.outputs or []),
        start=time.nominal_start_time if time else None,
        end=time.nominal_end_time if time else None,
    )


def _missing(name: str) -> Fault:
    detail = f"an event with an 'eventType' is about a run of a job: '{name}' is missing"
    return Fault(code="missing", pointer=f"/{name}", detail=detail)


def _outputs(found: list[OutputDataset]) -> tuple[Output, ...]:
    named = (Output(namespace=one.namespace, name=one.name) for one in found)
    return tuple(dict.fromkeys(named))


def _ignored(part: Ignored) -> documents.Document:
    output = part.output
    named = None if output is None else {"namespace": output.namespace, "name": output.name}
    return {"output": named, "reason": part.reason}
