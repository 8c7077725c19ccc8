"""Errors as pages: to log in, or to say what went wrong and where to go."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import bare
from api.problems import Trouble

_WORDS: Final = {
    403: "You may not do this",
    404: "There is nothing here",
    405: "This cannot be done here",
    409: "That does not fit any more",
    422: "This cannot be understood",
    503: "The service cannot answer now",
}


def page_of(trouble: Trouble, request: Request) -> Response:
    """Answer ``request`` with a page about ``trouble``; who is not logged in is sent to do so."""
    if trouble.status == HTTPStatus.UNAUTHORIZED:
        return RedirectResponse(f"/login?{urlencode({'next': _back(request)})}", status_code=303)
    answer = bare(
        request,
        "error.html",
        status=trouble.status,
        title=_WORDS.get(trouble.status, "Something went wrong"),
        trouble_here=trouble,
        request_id=request.state.request_id,
    )
    answer.headers.update(trouble.headers)
    return answer


def _back(request: Request) -> str:
    if request.method != "GET":
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"
