"""A receiver of webhooks on the loopback address, and a wire that leads to nobody else."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from notifications.wire import Wire

PUBLIC = "93.184.215.14"


@dataclass
class Receiver:
    """Answers every connection with ``answer``; keeps what it was sent and how it was reached.

    Attributes:
        answer: Bytes, or what to do with the connection once the request was read.
        addresses: What every name resolves to.
        dialled: (address, port) that were asked for, whatever is dialled in truth.
        shown: Names that TLS was asked to speak with.
    """

    answer: bytes | Callable[[socket.socket], None] = b"HTTP/1.1 204 No Content\r\n\r\n"
    addresses: Sequence[str] = (PUBLIC,)
    requests: list[bytes] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    port: int = 0

    def wire(self) -> Wire:
        return Wire(look_up=self._look_up, dial=self._dial, secure=self._secure)

    def _look_up(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        return list(self.addresses)

    def _dial(self, address: str, port: int, seconds: float) -> socket.socket:
        self.dialled.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def _secure(self, plain: socket.socket, host: str) -> socket.socket:
        self.shown.append(host)
        return plain

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        try:
            self.requests.append(_request(connection))
            if callable(self.answer):
                self.answer(connection)
            else:
                connection.sendall(self.answer)
        except OSError:
            pass  # the sender has heard enough


def _request(connection: socket.socket) -> bytes:
    """Read one request whole."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65536) or b"\r\n\r\n"
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
         if line.startswith(b"content-length:")), 0,
    )  # fmt: skip
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def listening(receiver: Receiver) -> Iterator[Receiver]:
    """Let ``receiver`` take connections until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        receiver.port = listener.getsockname()[1]
        thread = threading.Thread(target=receiver.serve, args=(listener,), daemon=True)
        thread.start()
        yield receiver
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def status(code: int, body: bytes = b"", **headers: str) -> bytes:
    """Return an answer of a status."""
    lines = [f"HTTP/1.1 {code} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
