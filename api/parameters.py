"""Query parameters that a route does not know are refused: a misspelt filter must not show all."""

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request

from api.errors import BadInput, Fault


def require_known(request: Request) -> None:
    """Refuse a query parameter that the route of ``request`` does not name, or that comes twice.

    Raises:
        BadInput: there are such; each is told with those that are known.
    """
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    names = dict(_named(route.dependant))
    faults = tuple(_faults(request, names))
    if faults:
        raise BadInput(faults)


def _faults(request: Request, names: dict[str, bool]) -> Iterator[Fault]:
    for name in request.query_params:
        pointer = f"/query/{name}"
        if name not in names:
            known = ", ".join(sorted(names)) or "none"
            detail = f"there is no parameter {name!r} here; known are: {known}"
            yield Fault(code="unknown-parameter", pointer=pointer, detail=detail)
        elif not names[name] and len(request.query_params.getlist(name)) > 1:
            detail = f"the parameter {name!r} can be given once only"
            yield Fault(code="repeated-parameter", pointer=pointer, detail=detail)


def _named(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Name the query parameters of a route, each with whether it takes several values."""
    for field in dependant.query_params:
        several = getattr(field.field_info.annotation, "__origin__", None) in {list, tuple, set}
        yield field.alias, several
    for inner in dependant.dependencies:
        yield from _named(inner)
