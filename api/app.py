"""Build the web app around its parts. Importing this module starts nothing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Parts
from api.openapi import DESCRIPTION, TAGS, DocumentedApp
from api.pages import docs, incidents, products, records, session
from api.pages.fault import page_of
from api.problems import EXPECTED, describe, document
from api.routes import connections, contracts, health, runs, tokens
from api.routes import incidents as incident_routes
from api.routes import products as product_routes
from api.shield import Shield
from runtime.clock import now
from runtime.settings import Settings
from usecases.ports import Store

_STATIC: Final = Path(__file__).parent / "static"
_ROUTES: Final = (
    contracts.router,
    product_routes.badges,
    product_routes.router,
    runs.router,
    incident_routes.router,
    connections.router,
    tokens.router,
)
_PAGES: Final = (session.router, products.router, records.router, incidents.router, docs.router)
_MACHINES: Final = ("/api/", "/health/", "/openapi.json", "/static/")


def create_app(store: Store, settings: Settings, clock: Callable[[], datetime] = now) -> FastAPI:
    """Return the app: the API under ``/api/v1``, health, and pages.

    Args:
        store: Where everything is kept.
        settings: What the operator set.
        clock: The time, UTC.
    """
    app = DocumentedApp(
        title="Assay",
        description=DESCRIPTION,
        version="1",
        openapi_tags=TAGS,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # such a redirect would lead to whatever host the request names
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.parts = Parts(store=store, settings=settings, clock=clock)
    api = APIRouter(prefix="/api/v1")
    for router in _ROUTES:
        api.include_router(router)
    for router in (api, health.router, *_PAGES):
        app.include_router(router)
    app.mount("/static/docs", docs.assets(), name="docs-assets")
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    for expected in EXPECTED:
        app.add_exception_handler(expected, _answer)
    app.add_middleware(Shield, on_fault=_answer)
    return app


def _answer(request: Request, error: Exception) -> Response:
    """Answer an error: with a page to who reads HTML, with a problem document to anything else."""
    trouble = describe(error)
    wants_page = "text/html" in request.headers.get("accept", "")
    if request.url.path.startswith(_MACHINES) or not wants_page:
        return document(trouble, request)
    return page_of(trouble, request)
