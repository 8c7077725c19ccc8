"""Tokens: give out, list, close."""

from datetime import timedelta

from fastapi import APIRouter, Response

from access.model import Principal
from api.ask import Asked, Guarded
from api.ids import RowId
from api.models.admin import NewToken, TokenInput, Tokens
from api.openapi import problems
from usecases import documents
from usecases.tokens import create_token, list_tokens, revoke_token

router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=Guarded)


@router.post(
    "",
    summary="Make a token",
    status_code=201,
    response_model=NewToken,
    responses=problems(401, 403, 413, 415, 422),
)
def make_token(asked: Asked, wanted: TokenInput, response: Response) -> documents.Document:
    """Return a new token with its secret, which is shown only here."""
    days = wanted.lifetime_days
    token, secret = create_token(
        asked.store,
        Principal(name=wanted.name, role=wanted.role, domain=wanted.domain),
        by=asked.by,
        lifetime=None if days is None else timedelta(days=days),
        clock=asked.clock,
    )
    response.headers["Location"] = f"/api/v1/tokens/{token.id}"
    return {**documents.token(token), "secret": secret}


@router.get("", summary="List tokens", response_model=Tokens, responses=problems(401, 403))
def read_tokens(asked: Asked) -> documents.Document:
    """Return every token without its secret, oldest first."""
    return {"items": [documents.token(row) for row in list_tokens(asked.store, by=asked.by)]}


@router.delete(
    "/{token_id}",
    summary="Close a token",
    status_code=204,
    responses=problems(401, 403, 404, 422),
)
def close_token(asked: Asked, token_id: RowId) -> None:
    """Close a token for good."""
    revoke_token(asked.store, token_id, by=asked.by, clock=asked.clock)
