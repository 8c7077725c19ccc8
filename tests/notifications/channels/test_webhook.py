import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels import ChannelOptions, WebhookOptions
from notifications.channels.webhook import WebhookChannel
from notifications.errors import ChannelMisconfigured, DeliveryFailed
from notifications.model import Form
from notifications.render import message as render
from notifications.signature import derive, headers, spelt
from notifications.wire import Wire
from tests.notifications.receiver import PUBLIC, Receiver, listening, status
from tests.notifications.stories import STORY

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MASTER = "a master of 32 characters or more"
OLD = "the master before it, as long as it"
URL = "https://hooks.example.org/assay?to=orders"
MESSAGE = render(STORY, form=Form.EVENT, key="n1")
HEARD_ENOUGH = 0.3


def options(
    wire: Wire | None = None,
    master: str | None = MASTER,
    *,
    previous: str | None = None,
    allow: str = "",
) -> ChannelOptions:
    webhook = WebhookOptions(
        secret=lambda: master, previous=lambda: previous, wire=wire or Wire(), allow=allow
    )
    return ChannelOptions(clock=lambda: NOON, timeout=5.0, webhook=webhook)


def send(receiver: Receiver, url: str = URL, seconds: float = 5.0) -> None:
    told = replace(options(receiver.wire()), timeout=seconds)
    with listening(receiver):
        WebhookChannel(told).send(url, MESSAGE, key="n1")


def failure(receiver: Receiver, url: str = URL, seconds: float = 5.0) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        send(receiver, url, seconds)
    return caught.value


def read(request: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}, body


@pytest.mark.enable_socket
def test_an_event_arrives_signed_with_the_receivers_own_key():
    receiver = Receiver()

    send(receiver)

    [request] = receiver.requests
    first, headers, body = read(request)
    secret = WebhookChannel(options()).secret(URL)
    key = b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"n1.{int(NOON.timestamp())}.".encode() + body, hashlib.sha256)
    assert first == "POST /assay?to=orders HTTP/1.1"
    assert headers["host"] == "hooks.example.org"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == "n1"
    assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert headers["webhook-signature"] == "v1," + b64encode(signed).decode()
    assert body == MESSAGE.rich.encode()
    assert json.loads(body)["type"] == "incident.opened"


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("previous", "masters"),
    [(OLD, [MASTER, OLD]), (None, [MASTER]), ("", [MASTER]), (MASTER, [MASTER])],
    ids=["renewed", "none", "empty", "the same"],
)
def test_while_a_master_is_renewed_both_secrets_suffice(previous: str | None, masters: list[str]):
    receiver = Receiver()

    with listening(receiver):
        channel = WebhookChannel(options(receiver.wire(), previous=previous))
        channel.send(URL, MESSAGE, key="n1")

    _, shown, body = read(receiver.requests[0])
    at = int(NOON.timestamp())
    each = [
        headers(derive(master, URL), message_id="n1", timestamp=at, body=body) for master in masters
    ]
    assert shown["webhook-signature"].split() == [one["webhook-signature"] for one in each]
    assert channel.secret(URL) == spelt(derive(MASTER, URL))


@pytest.mark.enable_socket
def test_the_name_is_looked_up_once_and_what_was_checked_is_dialled():
    receiver = Receiver(addresses=[PUBLIC, "2606:4700::1111"])

    send(receiver)

    assert receiver.looked_up == ["hooks.example.org"]
    assert receiver.dialled == [(PUBLIC, 443)]
    assert receiver.shown == ["hooks.example.org"]


@pytest.mark.enable_socket
@pytest.mark.parametrize("first", ["10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"])
def test_nothing_is_dialled_where_one_address_is_private(first: str):
    receiver = Receiver(addresses=[PUBLIC, first])

    found = failure(receiver)

    assert found.permanent
    assert (receiver.dialled, receiver.requests) == ([], [])


@pytest.mark.enable_socket
def test_an_address_that_does_not_let_us_in_is_followed_by_the_next():
    receiver = Receiver(addresses=[PUBLIC, "1.1.1.1"])
    wire = receiver.wire()

    def dial(address: str, port: int, seconds: float) -> socket.socket:
        if address == PUBLIC:
            raise ConnectionRefusedError
        return wire.dial(address, port, seconds)

    with listening(receiver):
        channel = WebhookChannel(options(replace(wire, dial=dial)))
        channel.send(URL, MESSAGE, key="n1")

    assert receiver.dialled == [("1.1.1.1", 443)]


@pytest.mark.enable_socket
@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_any_answer_from_200_to_299_is_an_arrival(code: int):
    receiver = Receiver(answer=status(code, b"x" * 200_000))

    send(receiver)

    assert len(receiver.requests) == 1


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("code", "permanent"),
    [(400, True), (401, True), (404, True), (408, False), (410, True), (422, True),
     (429, False), (500, False), (502, False), (503, False)],
)  # fmt: skip
def test_which_answers_may_pass(code: int, *, permanent: bool):
    found = failure(Receiver(answer=status(code, b"no")))

    assert (found.permanent, found.gone) == (permanent, code == 410)
    assert str(found) == f"hooks.example.org answered {code} Whatever: no"


@pytest.mark.enable_socket
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(code: int):
    receiver = Receiver(answer=status(code, Location="http://169.254.169.254/latest"))

    found = failure(receiver)

    assert found.permanent
    assert "Redirects are not followed" in found.advice
    assert len(receiver.requests) == len(receiver.dialled) == 1


@pytest.mark.enable_socket
def test_the_start_of_an_answer_is_told_clean_and_without_the_path():
    answer = status(500, b"oh\r\n\x1b[31m no \xff" + b"x" * 5000)

    found = str(failure(Receiver(answer=answer)))

    assert found.startswith("hooks.example.org answered 500 Whatever: oh \ufffd[31m no \ufffdxxx")
    assert len(found) == len("hooks.example.org answered 500 Whatever: ") + 200
    assert "to=orders" not in found


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("stated", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("999999999999999999", timedelta(hours=6)),
        ("Thu, 01 Jan 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("Thu, 01 Jan 2026 11:30:00 GMT", None),
        ("Fri, 02 Jan 2026 12:30:00 GMT", timedelta(hours=6)),
        ("Thu, 01 Jan 2026 12:30:00 -0000", timedelta(minutes=30)),
        ("Thu, 99 Jan 2026 12:30:00 GMT", None),
    ],
)
def test_the_wait_that_is_asked_for_is_told_within_bounds(stated: str, wait: timedelta | None):
    found = failure(Receiver(answer=status(503, Retry_After=stated)))

    assert found.retry_after == wait


def _silent(connection: socket.socket) -> None:
    connection.settimeout(5)
    connection.recv(1)


def _drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


@pytest.mark.enable_socket
@pytest.mark.parametrize("answer", [_silent, _drip], ids=["silent", "one byte now and then"])
def test_the_whole_of_it_has_an_end(answer: Callable[[socket.socket], None]):
    began = time.monotonic()

    found = failure(Receiver(answer=answer), seconds=HEARD_ENOUGH)

    assert not found.permanent
    assert "firewall" in found.advice
    assert time.monotonic() - began < 4


def test_a_resolver_that_takes_its_time_is_not_waited_for():
    asleep = threading.Event()

    def look_up(host: str, port: int) -> list[str]:
        asleep.wait(5)
        return []

    channel = WebhookChannel(replace(options(Wire(look_up=look_up)), timeout=0.1))

    with pytest.raises(DeliveryFailed, match="not resolved in time") as caught:
        channel.send(URL, MESSAGE, key="n1")
    asleep.set()

    assert not caught.value.permanent


def _chatty(connection: socket.socket) -> None:
    for _ in range(10_000):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)


def _endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(10_000):
        connection.sendall(b"X: " + b"x" * 1000 + b"\r\n")


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\nno", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nno", _endless],
    ids=["half a header", "half a body", "headers without end"],
)
def test_once_a_receiver_said_yes_the_rest_does_not_matter(
    answer: bytes | Callable[[socket.socket], None],
):
    receiver = Receiver(answer=answer)

    send(receiver)

    assert len(receiver.requests) == 1


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", _chatty],
    ids=["nothing", "no HTTP", "no status", "a status without end"],
)
def test_what_is_no_answer_may_pass(answer: bytes | Callable[[socket.socket], None]):
    found = failure(Receiver(answer=answer))

    assert not found.permanent
    assert str(found).startswith("hooks.example.org: ")


def test_a_name_that_cannot_be_resolved_may_pass():
    def look_up(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(DeliveryFailed, match="Name or service not known") as caught:
        WebhookChannel(options(Wire(look_up=look_up))).send(URL, MESSAGE, key="n1")

    assert (caught.value.permanent, "DNS" in caught.value.advice) == (False, True)


@pytest.mark.enable_socket
def test_a_bad_certificate_may_pass_and_nothing_is_sent():
    receiver = Receiver()

    def secure(plain: socket.socket, host: str) -> socket.socket:
        raise ssl.SSLCertVerificationError("certificate has expired")

    with listening(receiver):
        wire = replace(receiver.wire(), secure=secure)
        with pytest.raises(DeliveryFailed, match="has expired") as caught:
            WebhookChannel(options(wire)).send(URL, MESSAGE, key="n1")

    assert (caught.value.permanent, "certificate" in caught.value.advice) == (False, True)
    assert not b"".join(receiver.requests).strip()


@pytest.mark.enable_socket
def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    receiver = Receiver()

    send(receiver)

    assert receiver.dialled == [(PUBLIC, 443)]


@pytest.mark.enable_socket
def test_real_tls_wants_a_certificate_that_it_can_trust():
    receiver = Receiver()

    with listening(receiver):
        wire = replace(receiver.wire(), secure=Wire().secure)
        with pytest.raises(DeliveryFailed) as caught:
            WebhookChannel(replace(options(wire), timeout=2.0)).send(URL, MESSAGE, key="n1")

    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (options(master=None), "no secret to sign with is set"),
        (options(master=""), "no secret to sign with is set"),
        (options(master="short"), "shorter than 32 characters"),
        (options(previous="short"), "the previous secret is shorter than 32 characters"),
        (options(allow="10.0.0.0/33"), "'10.0.0.0/33' is no host"),
    ],
)
def test_options_that_cannot_work_are_told_with_what_to_do(wrong: ChannelOptions, why: str):
    with pytest.raises(ChannelMisconfigured, match=why) as caught:
        WebhookChannel(wrong)

    assert "ASSAY_WEBHOOK" in caught.value.advice
    assert caught.value.permanent


def test_no_secret_is_shown():
    assert MASTER not in repr(options())
