"""Incidents: look, take on, end."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.ask import Asked, Guarded
from api.ids import RowId
from api.models.base import Listing
from api.models.incidents import IncidentDocument, IncidentWhole, Resolution
from api.openapi import problems
from api.paging import AfterId, Limit, listing
from incidents.filter import IncidentFilter
from incidents.model import IncidentKind, IncidentState
from usecases import documents
from usecases.incidents import acknowledge, find_incidents, incident_detail, resolve

router = APIRouter(prefix="/incidents", tags=["incidents"], route_class=Guarded)

Product = Annotated[str | None, Query(description="Only incidents of this product.")]
State = Annotated[IncidentState | None, Query(description="Only those in this state.")]
Sort = Annotated[IncidentKind | None, Query(alias="kind", description="Only those of this kind.")]
IsOpen = Annotated[
    bool | None, Query(alias="open", description="True: those not over; false: those over.")
]


async def _wanted(
    product: Product = None, state: State = None, sort: Sort = None, is_open: IsOpen = None
) -> IncidentFilter:
    return IncidentFilter(product=product, state=state, kind=sort, open=is_open)


@router.get(
    "",
    summary="List incidents",
    response_model=Listing[IncidentDocument],
    responses=problems(401, 422),
)
def read_incidents(
    asked: Asked,
    wanted: Annotated[IncidentFilter, Depends(_wanted)],
    *,
    after: AfterId = None,
    limit: Limit = 50,
) -> documents.Document:
    """Return incidents, newest first; what is asked of them must all hold."""
    rows = find_incidents(asked.store, wanted, by=asked.by, before=after, limit=limit + 1)
    return listing(rows, limit, cursor=lambda row: row.id, shape=documents.incident)


@router.get(
    "/{incident_id}",
    summary="Read an incident",
    response_model=IncidentWhole,
    responses=problems(401, 404, 422),
)
def read_incident(asked: Asked, incident_id: RowId) -> documents.Document:
    """Return one incident with timeline, breaches and notices."""
    return documents.incident_detail(incident_detail(asked.store, incident_id, by=asked.by))


@router.post(
    "/{incident_id}/acknowledge",
    summary="Take an incident on",
    response_model=IncidentDocument,
    responses=problems(401, 403, 404, 409, 422),
)
def acknowledge_incident(asked: Asked, incident_id: RowId) -> documents.Document:
    """Record that you look after it."""
    done = acknowledge(asked.store, incident_id, by=asked.by, clock=asked.clock)
    return documents.incident(done)


@router.post(
    "/{incident_id}/resolve",
    summary="End an incident",
    response_model=IncidentDocument,
    responses=problems(401, 403, 404, 409, 413, 415, 422),
)
def resolve_incident(
    asked: Asked, incident_id: RowId, resolution: Resolution
) -> documents.Document:
    """End it by your word, with a reason."""
    done = resolve(
        asked.store, incident_id, reason=resolution.reason, by=asked.by, clock=asked.clock
    )
    return documents.incident(done)
