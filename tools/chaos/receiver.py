"""A receiver of webhooks on the loopback address that writes down each delivery, and fails."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from typing_extensions import override

_REFUSES: Final = 0.08  # share of deliveries that are answered 503
_HANGS_UP: Final = 0.05  # share that is taken, and whose answer is lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try to deliver, as the receiver saw it.

    Attributes:
        path: Path of the URL.
        key: The message's id in the header, by which a repeat is told.
        event: The id in the message itself.
        taken: Whether the receiver kept it; what is taken may still go unanswered.
    """

    path: str
    key: str
    event: str
    taken: bool


class Receiver:
    """Takes notices, refuses some, and loses the answer to others."""

    def __init__(self, chance: random.Random) -> None:
        self.deliveries: list[Delivery] = []
        self.failing = threading.Event()
        self.reliable = threading.Event()
        self._chance = chance
        self._turn = threading.Lock()

    def take(self, path: str, key: str, body: bytes) -> HTTPStatus | None:
        """Write a delivery down and return what to answer; None: nothing at all."""
        with self._turn:
            drawn = 1.0 if self.reliable.is_set() else self._chance.random()
            refused = self.failing.is_set() or drawn < _REFUSES
            seen = Delivery(path=path, key=key, event=_event(body), taken=not refused)
            self.deliveries.append(seen)
        if refused:
            return HTTPStatus.SERVICE_UNAVAILABLE
        return None if drawn < _REFUSES + _HANGS_UP else HTTPStatus.NO_CONTENT


def _event(body: bytes) -> str:
    try:
        return str(json.loads(body)["id"])
    except (ValueError, KeyError, TypeError):
        return ""


@contextmanager
def listening(receiver: Receiver) -> Iterator[str]:
    """Let ``receiver`` take deliveries until the block ends; yields the URL that leads to it."""

    class Request(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answer = receiver.take(self.path, self.headers.get("webhook-id", ""), body)
            if answer is not None:
                self.send_response(answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="receiver", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
