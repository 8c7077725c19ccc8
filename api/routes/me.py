"""Who asks, as the service sees them."""

from typing import Final

from fastapi import APIRouter

from access.model import Principal
from api.ask import Asked
from api.models.admin import Me
from api.openapi import problems
from usecases.documents import Document

router: Final = APIRouter(prefix="/me", tags=["tokens"])


@router.get("", summary="Say who I am", response_model=Me, responses=problems(401))
def read_me(asked: Asked) -> Document:
    """Return whose token was shown, and what it opens."""
    return _me(asked.by)


def _me(by: Principal) -> Document:
    return {"name": by.name, "role": by.role.value, "domain": by.domain}
