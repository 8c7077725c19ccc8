"""Idempotency-Key on every POST of the API: the same request again gets the first answer again.

Kept are answers of requests that were carried out, or refused for good (403, 404, 409). What came
to nothing for reasons that may pass, or is wrong in itself, leaves the key free: any 5xx, 400, 401,
413, 422, 429, and two writers that met. An answer that holds a secret is not kept either: nobody
gets it twice, and whoever asks again is told what was made the first time.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.idempotency import Keyed, Reply
from access.model import Principal
from api.ask import BEARER, Parts, ask
from api.errors import AlreadyCreated
from api.problems import EXPECTED
from store.errors import StoreError
from usecases.idempotency import Begun, begin, free, keep

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
LONGEST: Final = 200
_API: Final = "/api/v1/"
_EXEMPT: Final = re.compile(r"/api/v1/(contracts/lint|connections/[^/]+/test)")  # nothing is kept
_DONE: Final = range(200, 300)
_REFUSED: Final = {403, 404, 409}
_PASSING: Final = b"urn:assay:problem:store-conflict"
_SECRET: Final = re.compile(rb'"[a-z_]*(secret|password|token)"\s*:\s*"')
_KEPT: Final = ("content-type", "etag", "last-modified", "link", "location")
_LOG: Final = logging.getLogger(__name__)


class Idempotent:
    """ASGI middleware around the API, inside whatever answers faults."""

    def __init__(
        self, app: ASGIApp, parts: Parts, on_fault: Callable[[Request, Exception], Response]
    ) -> None:
        self._app = app
        self._parts = parts
        self._on_fault = on_fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; one without a key passes untouched."""
        if not _concerned(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            asked = await ask(request, self._parts, await BEARER(request))
            body = await request.body()
            found = await run_in_threadpool(self._begin, request, asked.by, body)
        except EXPECTED as error:
            await self._on_fault(request, error)(scope, receive, send)
            return
        if isinstance(found, Reply):
            await self._replay(request, found)(scope, receive, send)
        else:
            await self._carry_out(scope, _given(body, receive), send, found)

    def _begin(self, request: Request, by: Principal, body: bytes) -> Begun | Reply:
        keyed = Keyed(by=by, key=_key(request), request=_hash(request, body))
        return begin(self._parts.store, keyed, now=self._parts.clock())

    def _replay(self, request: Request, reply: Reply) -> Response:
        if reply.body is None:
            answer = self._on_fault(request, AlreadyCreated(reply.headers.get("location", "")))
        else:
            answer = Response(reply.body, reply.status, headers=dict(reply.headers))
        answer.headers[REPLAYED] = "true"
        return answer

    async def _carry_out(self, scope: Scope, receive: Receive, send: Send, begun: Begun) -> None:
        held = _Held()
        try:
            await self._app(scope, receive, held)
        finally:
            await run_in_threadpool(self._settle, held, begun)
        for message in held.messages:
            await send(message)

    def _settle(self, held: "_Held", begun: Begun) -> None:
        try:
            if held.lasting:
                keep(self._parts.store, begun, held.reply)
            else:
                free(self._parts.store, begun)
        except StoreError as error:  # what was done is done; the key comes free by itself
            _LOG.warning("an answer could not be kept under its key: %s", error)


class _Held:
    """Takes an answer in, so that it is kept before anybody has seen it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def lasting(self) -> bool:
        """Whether the answer is whole, and would be the same another time."""
        if not self.messages or self.messages[-1].get("more_body", False):
            return False
        status: int = self.messages[0]["status"]
        return status in _DONE or (status in _REFUSED and _PASSING not in self._body)

    @property
    def reply(self) -> Reply:
        """The answer as it is kept."""
        headers = MutableHeaders(raw=self.messages[0]["headers"])
        secret = _SECRET.search(self._body) is not None
        return Reply(
            status=self.messages[0]["status"],
            headers={name: headers[name] for name in _KEPT if name in headers},
            body=None if secret else self._body,
        )

    @property
    def _body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)


def describe_keys(document: dict[str, Any], problems: Mapping[int | str, dict[str, Any]]) -> None:
    """Write into an OpenAPI document that its POST requests take a key.

    Args:
        document: As FastAPI made it; changed here.
        problems: By status: how the answers are documented that a key may bring about.
    """
    for operation in _operations(document):
        for status, answer in problems.items():
            operation["responses"].setdefault(str(status), answer)
        parameters = operation.setdefault("parameters", [])
        if all(parameter["name"].lower() != HEADER.lower() for parameter in parameters):
            parameters.append(_PARAMETER)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        if "post" in methods and path.startswith(_API) and not _EXEMPT.fullmatch(path):
            yield methods["post"]


_PARAMETER: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same request with the same key gets the first answer again, for 24 hours, "
    f"with `{REPLAYED}: true`; another request with it gets 422, and 409 while the first is being "
    "worked on.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    "example": "7f9c2ba4e88f827d",
}


def _concerned(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and scope["path"].startswith(_API)
        and HEADER in Headers(scope=scope)
        and not _EXEMPT.fullmatch(scope["path"])
    )


def _key(request: Request) -> str:
    key = request.headers[HEADER]
    if not 1 <= len(key) <= LONGEST or not all("!" <= char <= "~" for char in key):
        said = f"a key has 1 to {LONGEST} visible characters of ASCII"
        place = ("header", HEADER.lower())
        raise RequestValidationError([{"type": "bad_key", "loc": place, "msg": said}])
    return key


def _hash(request: Request, body: bytes) -> str:
    """Return the hash of what makes it this request; each part with its length, lest two merge."""
    address = f"{request.url.path}?{request.url.query}"
    words = (request.method, address, request.headers.get("content-type", ""))
    parts = (*(word.encode() for word in words), body)
    return hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in parts)).hexdigest()


def _given(body: bytes, receive: Receive) -> Receive:
    """Return ``receive`` that gives once more what was read already."""
    whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return whole.pop() if whole else await receive()

    return again
