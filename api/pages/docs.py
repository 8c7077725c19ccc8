"""The interactive documentation of the API. Nothing of it is loaded from elsewhere."""

from pathlib import Path
from typing import Final

import fastapi_offline
from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Asked
from api.pages.rendering import bare

router = APIRouter(include_in_schema=False)

_ASSETS: Final = Path(fastapi_offline.__file__).parent / "static"
_POLICY: Final = (  # its script sets style attributes and draws icons from data: addresses
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def assets() -> StaticFiles:
    """Return the files of the interactive documentation."""
    return StaticFiles(directory=_ASSETS)


@router.get("/openapi.json")
def show_openapi(request: Request, asked: Asked) -> Response:
    """Return the OpenAPI document."""
    app: FastAPI = request.app
    return JSONResponse(app.openapi())


@router.get("/docs")
def show_docs(request: Request, asked: Asked) -> Response:
    """Show the API, to be tried out."""
    answer = bare(request, "docs.html")
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer
