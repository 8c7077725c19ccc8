"""Incidents, and what an owner does about them."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from access.model import Action
from api.ask import Asked, Guarded
from api.ids import LARGEST, RowId
from api.models.base import Prose
from api.pages.broken import broken_of, timeline_of
from api.pages.rendering import page
from usecases.incidents import acknowledge, incident_detail, list_incidents, resolve

router = APIRouter(prefix="/incidents", include_in_schema=False, route_class=Guarded)

_MOST = 50
Before = Annotated[int | None, Query(ge=1, le=LARGEST)]
Reason = Annotated[Prose, Form(max_length=500)]


@router.get("")
def show_incidents(request: Request, asked: Asked, *, before: Before = None) -> Response:
    """Show incidents, open ones first, then the newest."""
    found = list_incidents(asked.store, by=asked.by, before=before, limit=_MOST + 1)
    shown = found[:_MOST]
    return page(
        asked,
        request,
        "incidents.html",
        incidents=sorted(shown, key=lambda incident: not incident.state.open),
        following=shown[-1].id if len(found) > _MOST else None,
    )


@router.get("/{incident_id}")
def show_incident(request: Request, asked: Asked, incident_id: RowId) -> Response:
    """Show an incident whole."""
    detail = incident_detail(asked.store, incident_id, by=asked.by)
    broken = broken_of(detail)
    return page(
        asked,
        request,
        "incident.html",
        detail=detail,
        incident=detail.incident,
        broken=broken,
        timeline=timeline_of(detail, broken),
        may_manage=asked.by.may(Action.MANAGE_INCIDENTS, detail.product.domain),
    )


@router.post("/{incident_id}/acknowledge")
def take_on(asked: Asked, incident_id: RowId) -> Response:
    """Record that whoever is logged in looks after it."""
    acknowledge(asked.store, incident_id, by=asked.by, clock=asked.clock)
    return RedirectResponse(f"/incidents/{incident_id}", status_code=303)


@router.post("/{incident_id}/resolve")
def end(asked: Asked, incident_id: RowId, *, reason: Reason = "") -> Response:
    """End it by a person's word."""
    resolve(asked.store, incident_id, reason=reason, by=asked.by, clock=asked.clock)
    return RedirectResponse(f"/incidents/{incident_id}", status_code=303)
