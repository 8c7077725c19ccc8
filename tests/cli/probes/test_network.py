import smtplib

import httpx2
import pytest
from typing_extensions import override

from cli.options import settings
from cli.probes import network
from cli.probes.finding import State


@pytest.fixture
def ready(service):
    service.says("GET", "/health/ready", {"status": "ready", "dead_letters": 0})
    return service


def test_a_service_that_is_whole_is_fine(ready):
    ready.says("GET", "/products", {"items": [], "next": None})

    found = network.service(settings())

    assert (found.state, found.detail) == (State.OK, "http://127.0.0.1:9250 is ready")


def test_a_service_that_nobody_said_to_be_there_may_be_away(service):
    service.fault = httpx2.ConnectError("[Errno 111] Connection refused")

    found = network.service(settings())

    assert found.state is State.WARN
    assert found.detail == "nothing answers at http://127.0.0.1:9250: connection refused"


def test_a_service_that_is_said_to_be_there_must_be(service, monkeypatch):
    monkeypatch.setenv("ASSAY_URL", "http://assay.example")
    service.fault = httpx2.ConnectError("no route")

    assert network.service(settings()).state is State.FAIL


def test_a_service_that_is_not_whole_fails(service):
    service.refuses("GET", "/health/ready", 503, "not-ready")
    service.says("GET", "/products", {})

    found = network.service(settings())

    assert found.state is State.FAIL
    assert found.detail.endswith("is not ready: status 503")


def test_a_token_that_opens_nothing_fails(ready, monkeypatch):
    monkeypatch.setenv("ASSAY_TOKEN", "assay_old")
    ready.refuses("GET", "/products", 401, "unauthenticated")

    found = network.service(settings())

    assert found.state is State.FAIL
    assert "does not know this token" in found.detail


def test_no_token_is_no_failure(ready):
    ready.refuses("GET", "/products", 401, "unauthenticated")

    assert network.service(settings()).state is State.OK


class Post:
    """A mail server that answers."""

    def __init__(self, host, port, timeout):
        self.place = (host, port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def noop(self):
        pass


class Silent(Post):
    def __init__(self, host, port, timeout):
        raise ConnectionRefusedError(111, "Connection refused")


class Rude(Post):
    @override
    def noop(self):
        raise smtplib.SMTPServerDisconnected("please go away")


def test_no_mail_server_is_told():
    found = network.mail(settings())

    assert (found.state, found.advice) == (State.WARN, "set ASSAY_SMTP_HOST")


@pytest.mark.parametrize(("security", "name"), [("none", "SMTP"), ("tls", "SMTP_SSL")])
def test_a_mail_server_that_answers_is_fine(monkeypatch, security, name):
    monkeypatch.setenv("ASSAY_SMTP_HOST", "mail.example")
    monkeypatch.setenv("ASSAY_SMTP_SECURITY", security)
    monkeypatch.setattr(f"cli.probes.network.smtplib.{name}", Post)

    found = network.mail(settings())

    assert (found.state, found.detail) == (State.OK, "mail.example:25 answers")


@pytest.mark.parametrize(
    ("server", "why"), [(Silent, "connection refused"), (Rude, "please go away")]
)
def test_a_mail_server_that_does_not_fails(monkeypatch, server, why):
    monkeypatch.setenv("ASSAY_SMTP_HOST", "mail.example")
    monkeypatch.setattr("cli.probes.network.smtplib.SMTP", server)

    found = network.mail(settings())

    assert (found.state, found.detail) == (
        State.FAIL,
        f"mail.example:25 does not answer: {why}",
    )
