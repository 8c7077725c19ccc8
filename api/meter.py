"""Measures each request, and gives what is logged meanwhile the request's id and path."""

import re
import time
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.logs import bound
from runtime.metrics import Metrics
from runtime.traces import Span, Tracing

_PREFIX: Final = "/api/v1"
_STATIC: Final = "/static/"
_ELSEWHERE: Final = "unmatched"  # one name for all that is asked for and is not there
_KEPT: Final = re.compile(r"/api/v1/products/[^/]+(?P<end>(?:/scorecard|/badge\.svg)?)")
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_CARRIED: Final = ("traceparent", "tracestate")
_FAULT: Final = 500
_NOT_FOUND: Final = 404


class Meter:
    """ASGI middleware: counts answers by the route's template, and how long each was waited for.

    What counts is the time until an answer began: one that is followed live may go on for hours.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope.get("state", {}).get("request_id", "")
        carried = {name: Headers(scope=scope).get(name, "") for name in _CARRIED}
        with (
            bound(request_id=request_id, path=scope["path"]),
            self._tracing.span("request", carried=carried, request_id=request_id) as span,
        ):
            await self._measure(scope, receive, send, span)

    async def _measure(self, scope: Scope, receive: Receive, send: Send, span: Span) -> None:
        status, began, waited = _FAULT, time.perf_counter(), 0.0

        async def sender(message: Message) -> None:
            nonlocal status, waited
            if message["type"] == "http.response.start":
                status, waited = message["status"], time.perf_counter() - began
            await send(message)

        try:
            await self._app(scope, receive, sender)
        finally:
            seconds = waited or time.perf_counter() - began
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = route_of(scope, status)
            self._metrics.answered(method, route, status, seconds)
            _tell(span, method, route, status)


def _tell(span: Span, method: str, route: str, status: int) -> None:
    span.name(f"{method} {route}")
    span.say(route=route, status=status)
    if status >= _FAULT:
        span.fail(str(status))


def route_of(scope: Scope, status: int) -> str:
    """Return the template of the route that answered, such as ``/api/v1/runs/{run_id}``.

    What is kept for a moment is answered before any route is looked for.
    """
    path: str = scope["path"]
    template = getattr(scope.get("route"), "path", None)
    if template:
        inside = path.startswith(f"{_PREFIX}/") and not template.startswith(_PREFIX)
        return f"{_PREFIX}{template}" if inside else str(template)
    if path.startswith(_STATIC):
        return f"{_STATIC}*"
    kept = None if status == _NOT_FOUND else _KEPT.fullmatch(path)
    return _ELSEWHERE if kept is None else f"{_PREFIX}/products/{{key}}{kept['end']}"
