"""Incidents, and what an owner does about them."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from access.model import Action
from api.ask import Asked, Guarded
from api.ids import LARGEST, RowId
from api.models.base import Prose
from api.pages.broken import broken_of, timeline_of, unjudged_of
from api.pages.rendering import page
from incidents.filter import IncidentFilter
from incidents.model import IncidentKind, IncidentState
from usecases.incidents import acknowledge, find_incidents, incident_detail, resolve

router = APIRouter(prefix="/incidents", include_in_schema=False, route_class=Guarded)

_MOST = 50
_KINDS = {
    IncidentKind.BREACH: "data broke promises",
    IncidentKind.OUTAGE: "could not be judged",
}
Word = Annotated[str, Query(max_length=20)]
Product = Annotated[str, Query(max_length=500)]
Before = Annotated[int | None, Query(ge=1, le=LARGEST)]
Reason = Annotated[Prose, Form(max_length=500)]


@router.get("")
def show_incidents(
    request: Request,
    asked: Asked,
    *,
    state: Word = "",
    kind: Word = "",
    product: Product = "",
    before: Before = None,
) -> Response:
    """Show the incidents that are wanted, newest first; open ones where no state is asked for."""
    wanted = IncidentFilter(
        product=product.strip() or None,
        state=IncidentState(state) if state in set(IncidentState) else None,
        kind=IncidentKind(kind) if kind in set(IncidentKind) else None,
        open=None if state else True,
    )
    found = find_incidents(asked.store, wanted, by=asked.by, before=before, limit=_MOST + 1)
    shown = found[:_MOST]
    kept = {"state": state, "kind": kind, "product": product.strip()}
    return page(
        asked,
        request,
        "incidents.html",
        incidents=shown,
        wanted=wanted,
        every=state == "all",
        states=tuple(IncidentState),
        kinds=_KINDS,
        narrowed=wanted != IncidentFilter(open=True) and wanted != IncidentFilter(),
        following=urlencode({**_said(kept), "before": shown[-1].id})
        if len(found) > _MOST
        else None,
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
        unjudged=unjudged_of(detail),
        shown=asked.by.may(Action.SEE_EVIDENCE, detail.product.domain),
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


def _said(asked: dict[str, str]) -> dict[str, str]:
    """Return what of a query says anything."""
    return {name: value for name, value in asked.items() if value}
