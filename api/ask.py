"""Who asks, and the parts that answering needs: the dependencies of every handler."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from typing_extensions import override

from access.errors import Unauthenticated
from access.model import Principal
from api.bodies import require_json
from api.errors import CrossSite
from api.parameters import require_known
from runtime.settings import Settings
from store.errors import Unremembered
from usecases.ports import Store
from usecases.tokens import authenticate

Found = TypeVar("Found")
COOKIE: Final = "assay_session"
_API: Final = "/api/"
_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
BEARER: Final = HTTPBearer(
    scheme_name="token",
    bearerFormat="assay_...",
    description="A token of `assay token create`, or of `POST /api/v1/tokens`.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the app is built around. ``clock`` answers aware UTC."""

    store: Store
    settings: Settings
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Parts):
    """The parts, and who asks."""

    by: Principal


async def parts(request: Request) -> Parts:  # waits for nothing: a thread would cost more
    """Return the parts that the app of ``request`` was built around."""
    found: Parts = request.app.state.parts
    return found


async def ask(
    request: Request,
    held: Annotated[Parts, Depends(parts)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
) -> Ask:
    """Let in whoever shows a token, as a bearer or in the cookie of a page's session.

    Raises:
        Unauthenticated: there is no token, or it opens nothing.
        CrossSite: a change came with the cookie, but from elsewhere.
        BadInput: the API is asked with a parameter that it does not know.
    """
    secret = request.cookies.get(COOKIE) if bearer is None else bearer.credentials
    if not secret:
        raise Unauthenticated("a token is needed: 'Authorization: Bearer assay_...'")
    if bearer is None and request.method not in _SAFE:
        require_same_origin(request, held.settings)
    by = await soon(held.store, partial(authenticate, secret=secret, clock=held.clock))
    if request.url.path.startswith(_API):
        require_known(request)
    return Ask(store=held.store, settings=held.settings, clock=held.clock, by=by)


async def soon(store: Store, look: Callable[[Store], Found]) -> Found:
    """Return what ``look``, which only reads, finds: here and now if all of it is remembered.

    Else in a thread, which may wait. Going there and back costs a quarter of a millisecond: as much
    as all else that a remembered answer takes.
    """
    try:
        return look(store.remembered)
    except Unremembered:
        return await run_in_threadpool(look, store)


def require_same_origin(request: Request, settings: Settings) -> None:
    """Refuse a change that a browser did not send from one of our pages.

    Raises:
        CrossSite: neither ``Sec-Fetch-Site`` nor ``Origin`` says that it came from here.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        ours = site == "same-origin"
    else:
        origin = request.headers.get("origin")
        here = {f"{request.url.scheme}://{request.url.netloc}", _origin(settings.base_url)}
        ours = origin in here
    if not ours:
        raise CrossSite("this change did not come from a page of this service")


def _origin(url: str) -> str:
    found = urlsplit(url)
    return f"{found.scheme}://{found.netloc}"


class Guarded(APIRoute):
    """A route that reads no body before it knows who asks; in the API none but JSON."""

    @override
    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:  # the shape that FastAPI takes
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            bearer = await BEARER(request)
            await ask(request, await parts(request), bearer)
            if request.url.path.startswith(_API):  # pages have forms
                await require_json(request)
            return await answer(request)

        return answer if self.body_field is None else guarded


PartsOfApp = Annotated[Parts, Depends(parts)]
Asked = Annotated[Ask, Depends(ask)]
