"""Build the web app around its parts. Importing this module starts nothing."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Parts
from api.fresh import Fresh
from api.idempotency import Idempotent
from api.kept import Kept
from api.meter import Meter
from api.methods import missing, options, refused
from api.openapi import DESCRIPTION, TAGS, DocumentedApp
from api.pages import catalog, clauses, docs, incidents, scorecard, session
from api.pages import contracts as contract_pages
from api.pages import domains as domain_pages
from api.pages import runs as run_pages
from api.pages.fault import page_of
from api.problems import EXPECTED, describe, document
from api.routes import (
    arrivals,
    connections,
    contracts,
    domains,
    events,
    gate,
    health,
    live,
    me,
    metrics,
    notices,
    runs,
    tokens,
)
from api.routes import incidents as incident_routes
from api.routes import products as product_routes
from api.shield import Shield
from api.streams import Streams
from runtime.clock import now
from runtime.metrics import Metrics
from runtime.settings import Settings
from runtime.traces import build_tracing
from usecases.ports import Store

_STATIC: Final = Path(__file__).parent / "static"
_ROUTES: Final = (
    contracts.router,
    product_routes.badges,
    product_routes.router,
    domains.router,
    gate.router,
    runs.router,
    live.router,
    events.router,
    arrivals.router,
    incident_routes.router,
    notices.router,
    connections.router,
    tokens.router,
    me.router,
)
_PAGES: Final = (
    session.router,
    catalog.router,
    domain_pages.router,
    scorecard.router,
    clauses.router,
    run_pages.router,
    incidents.router,
    contract_pages.router,
    docs.router,
)
_MACHINES: Final = ("/api/", "/health/", "/metrics", "/openapi.json", "/static/")


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
    app.state.metrics = Metrics(store, clock)
    app.state.streams = Streams(settings.streams)
    for router in _ROUTES:  # not inside one of their own: each floor of routers is matched twice
        app.include_router(router, prefix="/api/v1")
    for router in (health.router, metrics.router, *_PAGES):
        app.include_router(router)
    app.mount("/static/docs", docs.assets(), name="docs-assets")
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    for expected in EXPECTED:
        app.add_exception_handler(expected, _answer)
    app.add_middleware(Idempotent, parts=app.state.parts, on_fault=_answer)
    app.add_middleware(Fresh, kept=Kept(settings.cache_seconds, clock), at_once=_at_once(settings))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Meter, metrics=app.state.metrics, tracing=build_tracing("assay-api"))
    app.add_middleware(Shield, on_fault=_answer)
    return app


def _at_once(settings: Settings) -> int:
    """How many of the hottest answers are made together; a server's answers are waited for."""
    return 2 if settings.database.startswith("sqlite") else 40


def _answer(request: Request, error: Exception) -> Response:
    """Answer an error: with a page to who reads HTML, with a problem document to anything else."""
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        if request.method == "OPTIONS":
            return options(request)
        error = refused(request)
    elif isinstance(error, HTTPException) and error.status_code == HTTPStatus.NOT_FOUND:
        error = missing(request, error)
    trouble = describe(error)
    wants_page = "text/html" in request.headers.get("accept", "")
    if request.url.path.startswith(_MACHINES) or not wants_page:
        return document(trouble, request)
    return page_of(trouble, request)
