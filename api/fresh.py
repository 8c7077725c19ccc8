"""What can be read is tagged, not sent again to who has it, and kept for a moment if it is hot."""

from collections.abc import Callable
from typing import Final

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import tags
from api.kept import Answer, Kept, Key

_API: Final = "/api/v1/"
_SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_TAGGED: Final = ("application/json", "application/yaml", "image/svg+xml")
_VARIES: Final = "Accept, Authorization, Cookie"
_ASKED_EACH_TIME: Final = "private, no-cache"
_WITH_BODY: Final = frozenset((b"content-type", b"content-length"))
_OK: Final = 200


class Fresh:
    """ASGI middleware around the API: ETag, 304, and what is kept for a moment.

    Args:
        app: What answers.
        kept: The hottest answers.
        at_once: How many of the hottest are made at the same time. Threads that read an embedded
            database take the interpreter from each other at every row: more than two together
            cost twice the time of one after the other.
    """

    def __init__(self, app: ASGIApp, *, kept: Kept, at_once: int) -> None:
        self._app = app
        self._kept = kept
        self._turn = anyio.CapacityLimiter(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] not in _SAFE:
            await self._change(scope, receive, send)
        elif scope["method"] == "GET" and scope["path"].startswith(_API):
            await self._read(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _change(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forget what is kept before the answer ends, so that whoever changed reads the change."""
        sender = _Last(send, self._kept.clear)
        try:
            await self._app(scope, receive, sender)
        finally:
            self._kept.clear()

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._kept.key(scope)
        if key is None:
            answer = await self._make(scope, receive, send)
        else:
            answer = self._kept.get(key) or await self._make_hot(scope, receive, send, key)
        if answer is not None:
            await _send(answer, scope, send)

    async def _make_hot(
        self, scope: Scope, receive: Receive, send: Send, key: Key
    ) -> Answer | None:
        """Let the app answer what nobody else is making now, and keep it."""
        async with self._kept.maker(key), self._turn:
            if found := self._kept.get(key):
                return found
            made, changes = self._kept.now(), self._kept.changes
            answer = await self._make(scope, receive, send)
            if answer is not None:
                self._kept.put(key, answer, made=made, changes=changes)
            return answer

    async def _make(self, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        """Let the app answer; None when the answer has no tag, and went its way already."""
        held = _Held(send)
        await self._app(scope, receive, held)
        if held.start is None:
            return None
        return _tagged(scope["path"], held.start, bytes(held.body))


class _Last:
    """Sends, and calls ``before`` when the first part of an answer is about to go."""

    def __init__(self, send: Send, before: Callable[[], None]) -> None:
        self._send = send
        self._before = before

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._before()
        await self._send(message)


class _Held:
    """Holds back an answer that gets a tag; any other goes its way as it comes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_tagged(message):
            self.start = message
        elif self.start is None:
            await self._send(message)
        else:
            self.body += message.get("body", b"")


def _is_tagged(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == _OK and kind.startswith(_TAGGED)


def _tagged(path: str, start: Message, body: bytes) -> Answer:
    headers = MutableHeaders(raw=list(start["headers"]))
    headers.setdefault("ETag", tags.weak(path, body))
    headers.setdefault("Cache-Control", _ASKED_EACH_TIME)
    if not headers["Cache-Control"].startswith("public"):
        headers.setdefault("Vary", _VARIES)
    return Answer(headers=headers.raw, body=body, tag=headers["ETag"])


async def _send(answer: Answer, scope: Scope, send: Send) -> None:
    told = b",".join(value for name, value in scope["headers"] if name == b"if-none-match")
    if told and tags.unchanged(told.decode("latin-1"), answer.tag):
        headers = [header for header in answer.headers if header[0] not in _WITH_BODY]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    headers = list(answer.headers)  # whoever sends adds to them
    await send({"type": "http.response.start", "status": _OK, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
