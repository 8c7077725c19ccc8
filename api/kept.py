"""The hottest answers, kept in this process for a moment."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from weakref import WeakValueDictionary

from starlette.types import Scope

Key: TypeAlias = tuple[str, bytes, bytes, bytes]
RawHeaders: TypeAlias = list[tuple[bytes, bytes]]

_HOT: Final = re.compile(r"/api/v1/products/[^/]+(?:/scorecard|/badge\.svg)?")
_BOUND: Final = 32 * 1024 * 1024  # bytes of keys and bodies that are kept at once
_EACH: Final = 1024  # bytes that an entry takes beside them, about
_WHO: Final = frozenset((b"authorization", b"cookie"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer of status 200; ``tag`` is what ``If-None-Match`` is held against."""

    headers: RawHeaders
    body: bytes
    tag: str


class Kept:
    """Answers by who asked for what, for ``seconds`` at most; one event loop may share it.

    A change through this process empties it. One that is under way while an answer is made keeps
    that answer out: it may tell of the state before.
    """

    def __init__(self, seconds: float, clock: Callable[[], datetime]) -> None:
        self._lasting = timedelta(seconds=seconds)
        self._clock = clock
        self._answers: dict[Key, tuple[datetime, Answer]] = {}
        self._size = 0
        self._changes = 0
        self._makers: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    def key(self, scope: Scope) -> Key | None:
        """Return under what the answer to a request is kept; None for what is not so hot.

        Whoever asks is in it as a hash of all that they showed.
        """
        if not _HOT.fullmatch(scope["path"]):
            return None
        return (scope["path"], scope["query_string"], _who(scope["headers"]), _accepted(scope))

    def maker(self, key: Key) -> AbstractAsyncContextManager[object]:
        """Return what to hold while making an answer: the same is made once, not once for each."""
        return self._makers.setdefault(key, asyncio.Lock()) if self._lasting else nullcontext()

    def get(self, key: Key) -> Answer | None:
        """Return what is kept and young enough."""
        found = self._answers.get(key)
        if found is None or not timedelta(0) <= self._clock() - found[0] < self._lasting:
            return None
        return found[1]

    @property
    def changes(self) -> int:
        """How often it was emptied: to be given to ``put`` as it was before an answer was made."""
        return self._changes

    def now(self) -> datetime:
        """Return the moment from which an answer counts as kept."""
        return self._clock()

    def put(self, key: Key, answer: Answer, *, made: datetime, changes: int) -> None:
        """Keep an answer whose making began at ``made``, unless something changed since."""
        if changes != self._changes or not self._lasting:
            return
        before = self._answers.pop(key, None)
        self._size -= 0 if before is None else _weight(key, before[1])
        self._size += _weight(key, answer)
        if self._size > _BOUND:
            self._empty()
            self._size = _weight(key, answer)
        self._answers[key] = (made, answer)

    def clear(self) -> None:
        """Forget everything: something has changed."""
        self._changes += 1
        self._empty()

    def _empty(self) -> None:
        self._answers.clear()
        self._size = 0


def _who(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    shown = [name + value for name, value in headers if name in _WHO]
    return hashlib.sha256(b"\n".join(shown)).digest()


def _accepted(scope: Scope) -> bytes:
    """A hash of the forms that will do, as long for a short wish as for a long one."""
    wish = b",".join(value for name, value in scope["headers"] if name == b"accept")
    return hashlib.sha256(wish).digest()


def _weight(key: Key, answer: Answer) -> int:
    """Bytes that a kept answer takes, about: what whoever asks can make long."""
    return _EACH + sum(map(len, key)) + len(answer.body)
