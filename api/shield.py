"""The outermost layer: security headers on every answer, a bound on bodies, a net under faults."""

import logging
import re
import secrets
from collections.abc import Callable
from typing import Final, TypeAlias

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]  # names in lower case, as ASGI has them

BODY_LIMIT: Final = 256 * 1024
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_OF_ANSWERS: Final = [(name.lower().encode(), said.encode()) for name, said in _HEADERS.items()]
_OF_FILES: Final = [
    (name, b"no-cache" if name == b"cache-control" else said) for name, said in _OF_ANSWERS
]
_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LOG: Final = logging.getLogger(__name__)


class Shield:
    """ASGI middleware. ``on_fault`` answers a request whose handler raised what nobody expects."""

    def __init__(self, app: ASGIApp, on_fault: Callable[[Request, Exception], Response]) -> None:
        self._app = app
        self._on_fault = on_fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        headers = [*_headers_for(scope["path"]), (b"x-request-id", request_id.encode())]
        sender = _Sender(send, headers, bare=scope["method"] == "HEAD")
        scope["state"]["bare"] = sender.bare
        if sender.bare:  # answered as if read, by the same handlers
            scope = {**scope, "method": "GET"}
        try:
            _refuse_null(scope)
            await self._app(scope, _bounded(scope, receive), sender)
        except HTTPException as refused:  # before the app, which answers its own
            await self._on_fault(Request(scope), refused)(scope, receive, sender)
        except ClientDisconnect:  # nobody is there to be answered
            _LOG.info("%s %s: the client went away", scope["method"], scope["path"])
        except Exception as error:  # the last net: logged with its stack, answered as 500
            _LOG.exception("%s %s failed (request %s)", scope["method"], scope["path"], request_id)
            if sender.started:
                raise
            await self._on_fault(Request(scope), error)(scope, receive, sender)


def _request_id(scope: Scope) -> str:
    """Return the id that the caller gives a request, if it looks like one; else a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _ID.fullmatch(given) else secrets.token_hex(8)


class _Sender:
    """Sends, with the headers that every answer has unless it brings its own.

    ``bare`` answers go without their body.
    """

    def __init__(self, send: Send, headers: RawHeaders, *, bare: bool) -> None:
        self._send = send
        self._headers = headers
        self.bare = bare
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            there = {name for name, _ in message["headers"]}
            own = [header for header in self._headers if header[0] not in there]
            given = message["headers"]
            if b"content-encoding" in there:  # other bytes than those that the tag was made of
                given = [(name, _weak(said) if name == b"etag" else said) for name, said in given]
            message = {**message, "headers": [*given, *own]}
        elif self.bare:
            message = {**message, "body": b""}
        await self._send(message)


def _weak(tag: bytes) -> bytes:
    return tag if tag.startswith(b"W/") else b"W/" + tag


def _headers_for(path: str) -> RawHeaders:
    """Return the headers of an answer; files of ours may be kept, if asked about each time."""
    return _OF_FILES if path.startswith("/static/") else _OF_ANSWERS


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """Return ``receive`` that reads no body beyond the limit, whatever its length is said to be."""
    declared = Headers(scope=scope).get("content-length", "")
    read = 0

    async def bounded() -> Message:
        nonlocal read
        if declared.isdecimal() and int(declared) > BODY_LIMIT:
            raise _too_large()
        message = await receive()
        read += len(message.get("body", b""))
        if read > BODY_LIMIT:
            raise _too_large()
        return message

    return bounded


def _refuse_null(scope: Scope) -> None:
    """Refuse an address with a null character: no database keeps one, and not all say so."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise HTTPException(400, detail="an address holds no null character")


def _too_large() -> HTTPException:
    return HTTPException(413, detail=f"a body may hold {BODY_LIMIT // 1024} KB at most")
