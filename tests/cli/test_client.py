import uuid

import httpx2
import pytest

from cli.client import InvalidThere, connect, create_http, reason
from cli.errors import BadUsage, NotThere, Refused, ServiceFault, Unanswered
from cli.options import settings
from contracts.problems import Level, Problem


def test_a_question_is_answered(service):
    service.says("GET", "/products", {"items": []})

    with connect() as client:
        answer = client.get("/products", {"limit": 2})

    assert answer == {"items": []}
    assert str(service.requests[0].url) == "http://127.0.0.1:9250/api/v1/products?limit=2"


def test_the_token_of_the_environment_is_shown(service, monkeypatch):
    monkeypatch.setenv("ASSAY_TOKEN", "assay_secret")
    monkeypatch.setenv("ASSAY_URL", "http://assay.example/below/")
    service.says("GET", "/x", {})
    service.answers = {("GET", "/below/api/v1/x"): service.answers[("GET", "/api/v1/x")]}

    with connect() as client:
        client.get("/x")

    headers = service.requests[0].headers
    assert headers["authorization"] == "Bearer assay_secret"
    assert headers["user-agent"].startswith("assay/")


def test_without_a_token_none_is_shown(service):
    service.says("DELETE", "/tokens/1")

    with connect() as client:
        answer = client.delete("/tokens/1")

    assert answer is None
    assert "authorization" not in service.requests[0].headers


@pytest.mark.parametrize(
    ("body", "media"),
    [(b"id: 1", "application/yaml"), (b'\xef\xbb\xbf {"id": 1}', "application/json")],
)
def test_a_document_goes_out_as_it_is(service, body, media):
    service.says("POST", "/contracts", {}, status=201)

    with connect() as client:
        client.upload("/contracts", body)

    assert service.requests[0].content == body
    assert service.requests[0].headers["content-type"] == media


def test_values_go_out_as_json(service):
    service.says("PUT", "/connections/a", {})
    service.says("POST", "/tokens", {})

    with connect() as client:
        client.put("/connections/a", {"roots": ["/a"]})
        client.post("/tokens", {"name": "b"})

    assert [request.content for request in service.requests] == [
        b'{"roots":["/a"]}',
        b'{"name":"b"}',
    ]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (httpx2.ConnectError("[Errno 111] Connection refused"), "connection refused"),
        (httpx2.ConnectError(""), "ConnectError"),
        (httpx2.ReadTimeout("timed out"), "it did not answer in time"),
    ],
)
def test_silence_says_where_nobody_answers_and_what_to_do(service, fault, why):
    service.fault = fault

    with connect() as client, pytest.raises(ServiceFault) as caught:
        client.get("/products")

    assert str(caught.value) == (
        f"no service answers at http://127.0.0.1:9250 ({why}); start one with 'assay up', "
        "or set ASSAY_URL to where it runs"
    )


def test_a_closed_door_without_a_token_asks_for_one(service):
    service.refuses("GET", "/x", 401, "unauthenticated")

    with (
        connect() as client,
        pytest.raises(ServiceFault, match="'assay login' keeps one, or set ASSAY_TOKEN"),
    ):
        client.get("/x")


def test_a_closed_door_with_a_token_says_that_it_is_not_known(service, monkeypatch):
    monkeypatch.setenv("ASSAY_TOKEN", "assay_secret")
    service.refuses("GET", "/x", 401, "unauthenticated")

    with connect() as client, pytest.raises(ServiceFault) as caught:
        client.get("/x")

    assert "does not know the token that it was shown" in str(caught.value)
    assert "assay_secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "code", "kind", "message"),
    [
        (403, "forbidden", ServiceFault, "why; use a token that may, in ASSAY_TOKEN"),
        (404, "not-found", NotThere, "why"),
        (410, "cursor-gone", BadUsage, "why"),
        (409, "incident-state", BadUsage, "why"),
        (409, "version-exists", Refused, "why"),
        (409, "version-too-low", Refused, "why"),
        (422, "invalid-input", BadUsage, "why"),
        (
            503,
            "not-ready",
            Unanswered,
            "the service at http://127.0.0.1:9250 could not answer: why",
        ),
    ],
)
def test_each_refusal_is_its_own_error(service, status, code, kind, message):
    service.refuses("GET", "/x", status, code, "why")

    with connect() as client, pytest.raises(kind) as caught:
        client.get("/x")

    assert str(caught.value) == message


def test_bad_values_are_named_one_by_one(service):
    service.refuses(
        "POST", "/tokens", 422, "invalid-request", "the request has 1 problem",
        [{"code": "missing", "pointer": "/body/name", "line": None, "detail": "Field required"}],
    )  # fmt: skip

    with connect() as client, pytest.raises(BadUsage, match="/body/name: Field required"):
        client.post("/tokens", {})


def test_a_contract_that_is_none_comes_back_with_its_problems(service):
    service.refuses(
        "POST", "/contracts", 422, "invalid-contract", "it is none",
        [{"code": "a", "pointer": "/id", "line": 3, "column": 5, "severity": "warning",
          "detail": "no"}],
    )  # fmt: skip

    with connect() as client, pytest.raises(InvalidThere) as caught:
        client.upload("/contracts", b"")

    assert caught.value.problems == (
        Problem(code="a", pointer="/id", line=3, column=5, severity=Level.WARNING, message="no"),
    )


def test_what_is_no_assay_service_is_said_to_be_none(service):
    service.answers[("GET", "/api/v1/x")] = [httpx2.Response(200, content=b"<html>")]

    with connect() as client, pytest.raises(ServiceFault, match="is no Assay service"):
        client.get("/x")


def test_a_refusal_in_other_words_still_tells_its_status(service):
    service.answers[("GET", "/api/v1/x")] = [httpx2.Response(502, content=b"<html>")]

    with connect() as client, pytest.raises(ServiceFault, match="could not answer: status 502"):
        client.get("/x")


def test_an_address_that_is_none_is_a_usage_error(monkeypatch):
    monkeypatch.setenv("ASSAY_URL", "http://[::1")

    with pytest.raises(BadUsage, match="ASSAY_URL is no address"):
        create_http(settings())


@pytest.mark.parametrize(
    ("url", "trusted"), [("http://127.0.0.1:1", False), ("https://assay.example", True)]
)
def test_no_proxy_stands_before_this_machine(monkeypatch, url, trusted):
    monkeypatch.setenv("ASSAY_URL", url)

    with create_http(settings()) as http:
        assert http.trust_env is trusted


def test_the_number_of_a_system_error_is_left_out():
    assert reason(OSError("[Errno 111] Connection refused")) == "connection refused"
    assert reason(OSError()) == "OSError"


def test_an_empty_token_is_none(service, monkeypatch):
    monkeypatch.setenv("ASSAY_TOKEN", " ")
    service.refuses("GET", "/x", 401, "unauthenticated")

    with (
        connect() as client,
        pytest.raises(ServiceFault, match="'assay login' keeps one, or set ASSAY_TOKEN"),
    ):
        client.get("/x")

    assert "authorization" not in service.requests[0].headers


@pytest.mark.parametrize("secret", ["assay_\u00e4", "assay_a\nb"])
def test_a_token_that_no_request_can_carry_is_refused(monkeypatch, secret):
    monkeypatch.setenv("ASSAY_TOKEN", secret)

    with pytest.raises(BadUsage, match="ASSAY_TOKEN holds characters that no token has"):
        create_http(settings())


@pytest.mark.parametrize("url", ["127.0.0.1:9291", "localhost:9291", "assay.example", "ftp://a"])
def test_an_address_without_its_scheme_is_refused(monkeypatch, url):
    monkeypatch.setenv("ASSAY_URL", url)

    with pytest.raises(BadUsage, match="ASSAY_URL must begin with http:// or https://"):
        create_http(settings())


def test_every_post_carries_a_key_of_its_own(service):
    service.says("POST", "/a", {})
    service.says("POST", "/contracts", {})
    service.says("GET", "/a", {})

    with connect() as client:
        client.post("/a")
        client.upload("/contracts", b"")
        client.get("/a")

    keys = [request.headers.get("Idempotency-Key") for request in service.requests]
    assert [str(uuid.UUID(key)) for key in keys[:2]] == keys[:2]
    assert keys[0] != keys[1]
    assert keys[2] is None


def test_a_post_that_got_lost_is_sent_once_more_with_its_key(service):
    service.breaks("POST", "/a", httpx2.ReadError("gone"))
    service.says("POST", "/a", {"done": True})

    with connect() as client:
        answer = client.post("/a", {"x": 1})

    first, second = service.requests
    assert answer == {"done": True}
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert (first.content, second.content) == (b'{"x":1}', b'{"x":1}')


def test_a_post_that_got_lost_twice_is_given_up(service):
    service.fault = httpx2.ReadError("gone")

    with connect() as client, pytest.raises(Unanswered):
        client.post("/a")

    assert len(service.requests) == 2


@pytest.mark.parametrize("method", ["get", "delete"])
def test_other_calls_are_made_once(service, method):
    service.fault = httpx2.ReadError("gone")

    with connect() as client, pytest.raises(Unanswered):
        getattr(client, method)("/a")

    assert len(service.requests) == 1


def test_what_is_still_being_worked_on_is_waited_for(service, monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr("cli.client.time.sleep", slept.append)
    service.breaks("POST", "/a", httpx2.ReadTimeout("timed out"))
    service.refuses("POST", "/a", 409, "still-working", "it is being worked on")
    service.says("POST", "/a", {"done": True})

    with connect() as client:
        answer = client.post("/a")

    assert (answer, slept) == ({"done": True}, [1])


def test_changes_go_out_as_json(service):
    service.says("PATCH", "/contracts/a/schedule", {"paused": True})

    with connect() as client:
        answer = client.patch("/contracts/a/schedule", {"paused": True})

    assert answer == {"paused": True}
    assert service.requests[0].content == b'{"paused":true}'


def test_a_document_is_read_as_it_is(service):
    service.streams("/contracts/a/versions/1/document", "id: a\n", media_type="application/yaml")

    with connect() as client:
        body = client.document("/contracts/a/versions/1/document")

    assert body == b"id: a\n"


def test_a_stream_is_listened_to_line_by_line(service):
    service.streams("/runs/1/events", "event: a\ndata: b\n\n")

    with connect() as client, client.listen("/runs/1/events", silence=1.0) as lines:
        told = list(lines)

    assert told == ["event: a", "data: b", ""]
    assert service.requests[0].headers["Accept"] == "text/event-stream"


def test_what_is_no_stream_is_said_to_be_none(service):
    service.says("GET", "/runs/1/events", {})

    with (
        connect() as client,
        pytest.raises(ServiceFault, match="gives no stream"),
        client.listen("/runs/1/events", silence=1.0),
    ):
        pass


def test_a_stream_that_is_refused_says_why(service):
    service.refuses("GET", "/runs/1/events", 404, detail="there is no run '1'")

    with (
        connect() as client,
        pytest.raises(NotThere, match="there is no run '1'"),
        client.listen("/runs/1/events", silence=1.0),
    ):
        pass


def test_a_connection_lost_while_listening_is_silence(service):
    service.streams("/runs/1/events", "")

    with (
        connect() as client,
        pytest.raises(Unanswered, match=r"no service answers at .* \(gone\)"),
        client.listen("/runs/1/events", silence=1.0),
    ):
        raise httpx2.ReadError("gone")
