"""Domains: how their products stand."""

from fastapi import APIRouter

from api.ask import Asked
from api.models.base import Listing
from api.models.domains import DomainDetailDocument, DomainDocument
from api.openapi import problems
from api.paging import After, Limit
from api.routes.products import place
from scorecards.catalog import Order
from usecases import documents, standing_documents
from usecases.domains import domain_detail, list_domains

router = APIRouter(prefix="/domains", tags=["products"])


@router.get(
    "",
    summary="List domains",
    response_model=Listing[DomainDocument],
    responses=problems(401),
)
def read_domains(asked: Asked) -> documents.Document:
    """Return every domain that has products, by name, in one page."""
    found = list_domains(asked.store, by=asked.by, clock=asked.clock)
    return {"items": [standing_documents.domain(row) for row in found], "next": None}


@router.get(
    "/{name:path}",
    summary="Read a domain",
    response_model=DomainDetailDocument,
    responses=problems(401, 404, 422),
)
def read_domain(
    asked: Asked, name: str, *, after: After = "", limit: Limit = 50
) -> documents.Document:
    """Return how a domain stands, with a page of its products."""
    found = domain_detail(
        asked.store,
        name,
        by=asked.by,
        after=place(after, Order.ATTENTION),
        limit=limit,
        clock=asked.clock,
    )
    return {
        **standing_documents.domain(found.standing),
        "listing": standing_documents.page(found.page),
    }
