"""Events: what happened, for programs that follow; and schedules that are let stand still."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from access.event import EventKind
from api.ask import Asked, Guarded
from api.errors import BadInput, Fault
from api.ids import LARGEST
from api.models.events import ContractSchedule, EventPage, ScheduleChange
from api.openapi import problems
from api.paging import Limit
from usecases import documents
from usecases.cloud_events import cloud_event
from usecases.events import Wanted, follow
from usecases.schedules import Wish, get_schedule, set_schedule

router = APIRouter(tags=["events"], route_class=Guarded)

_NO_REASON: Final = Fault(
    code="no-reason", pointer="/reason", detail="a pause needs a reason, for those who wonder"
)
After = Annotated[
    int, Query(ge=0, le=LARGEST, description="`next` of the answer before; 0: from the beginning.")
]
Product = Annotated[str | None, Query(description="Only events of this product.")]
Kinds = Annotated[
    list[EventKind],
    Query(alias="kind", max_length=20, description="Only these; may be given several times."),
]


@router.get(
    "/events",
    summary="Follow what happens",
    response_model=EventPage,
    responses=problems(401, 403, 410, 422),
)
def read_events(
    asked: Asked,
    *,
    after: After = 0,
    product: Product = None,
    kinds: Kinds = [],  # noqa: B006 - read as the default of a query, and never changed
    limit: Limit = 50,
) -> documents.Document:
    """Return what happened behind a cursor, oldest first; ask again with `next` as often as needed.

    Events are kept for 90 days. 410 tells whoever was away for longer that some are gone.
    """
    wanted = Wanted(product=product, kinds=kinds)
    found = follow(asked.store, by=asked.by, after=after, limit=limit, wanted=wanted)
    source = asked.settings.base_url
    return {
        "items": [cloud_event(event, source=source) for event in found.events],
        "next": str(found.next),
    }


@router.get(
    "/contracts/{contract_id}/schedule",
    summary="Read a contract's schedule",
    response_model=ContractSchedule,
    responses=problems(401, 404, 422),
    tags=["contracts"],
)
def read_schedule(asked: Asked, contract_id: str) -> documents.Document:
    """Return when the contract is judged, and whether it is at present."""
    return documents.schedule(get_schedule(asked.store, contract_id, by=asked.by))


@router.patch(
    "/contracts/{contract_id}/schedule",
    summary="Pause or resume a contract's schedule",
    response_model=ContractSchedule,
    responses=problems(401, 403, 404, 422),
    tags=["contracts"],
)
def change_schedule(asked: Asked, contract_id: str, change: ScheduleChange) -> documents.Document:
    """Let the schedule stand still, or tick again; asking for the same twice changes nothing.

    No run is made by a paused schedule; one may still be asked for. Its instants go on being
    counted, so that assurance falls while nobody judges, and a failure stays a failure: a pause
    never raises a score. On resuming, what was missed is up to the contract (`assayMissed`).
    """
    reason = (change.reason or "").strip()
    if change.paused and not reason:
        raise BadInput((_NO_REASON,))
    wish = Wish(paused=change.paused, reason=reason)
    done = set_schedule(asked.store, contract_id, wish, by=asked.by, clock=asked.clock)
    return documents.schedule(done)
