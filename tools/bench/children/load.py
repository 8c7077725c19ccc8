"""Ask a server of this machine for one address, again and again, over connections kept open.

Reads the file named by its argument: ``port``, ``path``, ``headers``, ``connections``,
``requests``. Writes requests a second, the seconds of each tenth and so on as JSON. It ends by
itself: after so many requests, after a minute, or when an answer is not 200.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from typing_extensions import override

_HOST: Final = "127.0.0.1"
_PATIENCE: Final = 60.0  # seconds for all requests together
_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"


class Work:
    """What is left to be asked, and how long each answer took."""

    def __init__(self, request: bytes, requests: int, connections: int) -> None:
        self.request = request
        self.left = requests
        self.taken: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._busy = connections

    def leave(self) -> None:
        """One connection has nothing more to do."""
        self._busy -= 1
        if not self._busy and not self.done.done():
            self.done.set_result(None)

    def fail(self, why: str) -> None:
        """Something is not as it should be: nothing is measured."""
        if not self.done.done():
            self.done.set_exception(RuntimeError(why))


class Asking(asyncio.Protocol):
    """One connection: asks, waits for the whole answer, asks again."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._read = bytearray()
        self._whole: int | None = None
        self._began = 0.0
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a TCP connection's is
        self._transport = transport
        self._ask()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._work.fail("the server closed a connection")

    @override
    def data_received(self, data: bytes) -> None:
        self._read += data
        if self._whole is None:
            self._look_at_head()
        if self._whole is not None and len(self._read) >= self._whole:
            self._work.taken.append(time.perf_counter() - self._began)
            self._ask()

    def _ask(self) -> None:
        assert self._transport is not None  # noqa: S101 - set when the connection was made
        if self._work.left <= 0:
            self._work.leave()
            return
        self._work.left -= 1
        self._read.clear()
        self._whole = None
        self._began = time.perf_counter()
        self._transport.write(self._work.request)

    def _look_at_head(self) -> None:
        end = self._read.find(_END_OF_HEAD)
        if end < 0:
            return
        head = bytes(self._read[:end]).lower()
        if not head.startswith(b"http/1.1 200"):
            self._work.fail(head.partition(b"\r\n")[0].decode(errors="replace"))
        length = head.partition(_LENGTH)[2].partition(b"\r\n")[0]
        self._whole = end + len(_END_OF_HEAD) + int(length)


async def load(asked: Mapping[str, Any]) -> Mapping[str, float]:
    """Do the work and return ``per_second``, and ``p50`` and ``p95`` in seconds."""
    shown = {"Host": _HOST, **asked["headers"]}
    head = "".join(f"{name}: {said}\r\n" for name, said in shown.items())
    request = f"GET {asked['path']} HTTP/1.1\r\n{head}\r\n".encode()
    work = Work(request, asked["requests"], asked["connections"])
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    opened = []
    try:
        for _ in range(asked["connections"]):
            made = await loop.create_connection(lambda: Asking(work), _HOST, asked["port"])
            opened.append(made[0])
        await asyncio.wait_for(work.done, _PATIENCE)
        wall = time.perf_counter() - began
    finally:
        for transport in opened:
            transport.close()
    taken = sorted(work.taken)
    return {
        "per_second": len(taken) / wall,
        "p50": taken[len(taken) // 2],
        "p95": taken[int(len(taken) * 0.95)],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(load(json.loads(Path(sys.argv[1]).read_text())))))  # noqa: T201 - what it is for
