"""One HTTP POST to an address that was judged before: bounded in time and size, no redirects.

Nothing of the environment (proxies, ``.netrc``) plays a part.
"""

import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from typing import Final

from typing_extensions import override

from notifications.guard import Allowed, Place, require_public

_MOST_READ: Final = 64 * 1024  # bytes of an answer, its headers included
_KEPT: Final = 1024  # bytes of its body that may be told


def look_up(host: str, port: int) -> list[str]:
    """Return every address of ``host``.

    Raises:
        OSError: there is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def dial(address: str, port: int, seconds: float) -> socket.socket:
    """Open a connection to an address, never to a name."""
    return socket.create_connection((address, port), timeout=seconds)


def secure(plain: socket.socket, host: str) -> socket.socket:
    """Speak TLS with who can show to be ``host``."""
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What reaches the world; tests put their own in."""

    look_up: Callable[[str, int], list[str]] = look_up
    dial: Callable[[str, int, float], socket.socket] = dial
    secure: Callable[[socket.socket, str], socket.socket] = secure


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a receiver said. ``start`` is how its body begins, 1 KB at most."""

    status: int
    phrase: str
    start: bytes
    headers: Mapping[str, str]


class _Deadline:
    """An instant by which all must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._seconds = seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: there are none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no answer within {self._seconds:g} s")
        return left


class _Reader(io.RawIOBase):
    """Reads from a socket until the deadline, or until the receiver has said too much."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._room = _MOST_READ

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # Buffer is of 3.12
        if not self._room:
            return 0
        self._sock.settimeout(self._deadline.left())
        count = self._sock.recv_into(memoryview(buffer)[: self._room])
        self._room -= count
        return count


class _Bounded:
    """A socket as ``http.client`` uses one, under the deadline."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def sendall(self, content: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(content)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._deadline))

    def close(self) -> None:
        """Do nothing: ``http.client`` would close before it reads; whoever opened it closes it."""


def post(
    place: Place,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: Allowed,
    seconds: float,
    wire: Wire,
) -> Answer:
    """Send ``body`` and return the answer, whatever its status.

    Args:
        place: Where to.
        body: What to say.
        headers: Beside ``Host`` and ``Content-Length``.
        allowed: What may be dialled beside public addresses.
        seconds: For all of it: looking up, dialling, sending and reading.
        wire: What reaches the world.

    Raises:
        DeliveryFailed: the host has an address that must not be dialled.
        OSError: it could not be reached, or did not answer in time.
        HTTPException: what it answered is no HTTP.
    """
    deadline = _Deadline(seconds)
    addresses = _within(deadline, lambda: wire.look_up(place.host, place.port))
    require_public(place.host, addresses, allowed)
    with _open(place, addresses, deadline, wire) as sock:
        return _exchange(sock, place, body, headers, deadline)


def _within(deadline: _Deadline, work: Callable[[], list[str]]) -> list[str]:
    """Return what ``work`` returns, which cannot be told to stop: a resolver takes its time."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(work())
        except (OSError, UnicodeError) as error:  # a label too long is no text for the resolver
            answers.put(OSError(str(error)) if isinstance(error, UnicodeError) else error)

    threading.Thread(target=run, name="webhook-look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _open(place: Place, addresses: list[str], deadline: _Deadline, wire: Wire) -> socket.socket:
    """Connect to the first address that lets us in."""
    last: OSError = OSError("it has no address")
    for place_in_line, address in enumerate(addresses):
        share = deadline.left() / (len(addresses) - place_in_line)
        try:
            plain = wire.dial(address, place.port, share)
        except OSError as error:
            last = error
            continue
        return _secured(plain, place, deadline, wire) if place.secure else plain
    raise last


def _secured(plain: socket.socket, place: Place, deadline: _Deadline, wire: Wire) -> socket.socket:
    try:
        plain.settimeout(deadline.left())
        return wire.secure(plain, place.host)
    except OSError:
        plain.close()
        raise


def _exchange(
    sock: socket.socket,
    place: Place,
    body: bytes,
    headers: Mapping[str, str],
    deadline: _Deadline,
) -> Answer:
    connection = HTTPConnection(place.host, place.port)
    bounded = _Bounded(sock, deadline)
    connection.sock = bounded
    connection.auto_open = 0
    connection.request(
        "POST",
        place.path,
        body,
        {"Host": place.name, **headers, "Connection": "close"},
    )
    response = connection.getresponse()
    return Answer(
        status=response.status,
        phrase=response.reason,
        start=_start(response),
        headers={name.lower(): value for name, value in response.getheaders()},
    )


def _start(response: HTTPResponse) -> bytes:
    """Return how the body begins; its end does not matter, since the status was read."""
    try:
        return response.read(_KEPT)
    except IncompleteRead as short:
        return short.partial[:_KEPT]
    except (OSError, HTTPException):
        return b""
