"""Health: for those who watch the service. Open to all."""

from fastapi import APIRouter

from api.ask import PartsOfApp
from api.errors import NotReady
from api.models.admin import Alive, Ready
from api.openapi import problems
from usecases.documents import Document
from usecases.health import health

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", summary="Is the process up?", response_model=Alive)
def live() -> Document:
    """Answer, and touch nothing."""
    return {"status": "alive"}


@router.get(
    "/ready", summary="Is the service whole?", response_model=Ready, responses=problems(503)
)
def ready(held: PartsOfApp) -> Document:
    """Read the database, and look for signs of life of every part."""
    found = health(held.store, clock=held.clock)
    if not found.well:
        raise NotReady(found.silent)
    return {"status": "ready", "dead_letters": found.dead_letters}
