"""What can be done at an address, for those who tried something else."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

_CANDIDATES: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_UNTOLD: Final = "Not Found"  # what the router says of an address that nobody serves


def allowed(request: Request) -> tuple[str, ...]:
    """Name the methods that the address of ``request`` takes."""
    routes = request.app.router.routes
    found = [
        method
        for method in _CANDIDATES
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes
        )
    ]
    return (*found, *(["HEAD"] if "GET" in found else []), "OPTIONS")


def options(request: Request) -> Response:
    """Answer what can be done here."""
    return Response(status_code=204, headers={"Allow": ", ".join(allowed(request))})


def refused(request: Request) -> HTTPException:
    """Say that the method of ``request`` is not taken here, and which are."""
    methods = ", ".join(allowed(request))
    detail = f"{request.method} is not taken here; there is {methods}"
    return HTTPException(405, detail=detail, headers={"Allow": methods})


def missing(request: Request, error: HTTPException) -> HTTPException:
    """Say of an address that nobody serves what may have been meant."""
    path = request.url.path
    if error.detail != _UNTOLD:
        return error
    meant = f"; leave out the slash at its end: {path.rstrip('/')}" if path.endswith("/") else ""
    return HTTPException(404, detail=f"there is nothing at {path}{meant}")
