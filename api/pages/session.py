"""Log in with a token, and out. The cookie holds the token, which is looked up at each request."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from access.errors import Unauthenticated
from api.ask import COOKIE, PartsOfApp, require_same_origin
from api.pages.rendering import bare
from usecases.tokens import authenticate

router = APIRouter(include_in_schema=False)

_WEEK: Final = 7 * 24 * 3600  # seconds
_HOME: Final = "/"

Next = Annotated[str, Query(alias="next", max_length=2000)]
Secret = Annotated[str, Form(max_length=500)]
NextField = Annotated[str, Form(alias="next", max_length=2000)]


@router.get("/login")
def show_login(request: Request, *, target: Next = _HOME) -> Response:
    """Ask for a token."""
    return bare(request, "login.html", target=inner(target), refused=False)


@router.post("/login")
def log_in(
    request: Request, held: PartsOfApp, *, token: Secret = "", target: NextField = _HOME
) -> Response:
    """Keep a good token in the browser and go on; say so when it is none."""
    require_same_origin(request, held.settings)
    secret = token.strip()
    try:
        authenticate(held.store, secret, clock=held.clock)
    except Unauthenticated:
        return bare(request, "login.html", status=401, target=inner(target), refused=True)
    answer = RedirectResponse(inner(target), status_code=303)
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=_WEEK,
        httponly=True,
        samesite="lax",
        secure=_encrypted(request, held.settings.base_url),
    )
    return answer


@router.post("/logout")
def log_out(request: Request, held: PartsOfApp) -> Response:
    """Forget the token in the browser; it stays good elsewhere."""
    require_same_origin(request, held.settings)
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def inner(target: str) -> str:
    """Return ``target`` if it is a path of this service, else the first page."""
    plain = target.isprintable() and "\\" not in target
    try:
        found = urlsplit(target)
    except ValueError:
        return _HOME
    ours = target.startswith("/") and not target.startswith("//")
    return target if plain and ours and not found.scheme and not found.netloc else _HOME


def _encrypted(request: Request, base_url: str) -> bool:
    return request.url.scheme == "https" or base_url.startswith("https://")
