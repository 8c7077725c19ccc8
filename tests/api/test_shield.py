import asyncio

import pytest
from fastapi import FastAPI

from api.shield import BODY_LIMIT
from tests.api.guests import Guest, problem_of


def chunks(size: int):
    for _ in range(size // 1024):
        yield b" " * 1024


def test_a_body_that_says_it_is_too_large_is_refused(producer: Guest):
    answer = producer.post("/api/v1/contracts", content=b" " * (BODY_LIMIT + 1))

    assert problem_of(answer) == (413, "content-too-large")
    assert "256 KB" in answer.json()["detail"]


def test_a_body_without_a_length_is_counted(producer: Guest):
    answer = producer.post("/api/v1/contracts", content=chunks(BODY_LIMIT + 2048))

    assert problem_of(answer) == (413, "content-too-large")


def test_a_json_body_is_bounded_as_well(admin: Guest):
    answer = admin.post("/api/v1/tokens", json={"name": "x" * BODY_LIMIT, "role": "viewer"})

    assert problem_of(answer) == (413, "content-too-large")


def test_a_body_at_the_limit_is_read(producer: Guest):
    answer = producer.post("/api/v1/contracts/lint", content=b"#" * BODY_LIMIT)

    assert answer.status_code == 200


def test_what_is_no_http_passes_through(app):
    with Guest(app, None) as started:
        assert started.get("/health/live").status_code == 200


@pytest.mark.parametrize("path", ["/health/live", "/", "/api/v1/products", "/static/assay.css"])
def test_what_can_be_read_can_be_asked_about(viewer: Guest, path: str):
    whole, head = viewer.get(path), viewer.head(path)

    assert head.status_code == whole.status_code == 200
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.content == b""


def test_asking_about_what_cannot_be_read_is_refused_as_reading_is(nobody: Guest):
    assert nobody.head("/api/v1/products").status_code == 401
    assert nobody.head("/login/nowhere").status_code == 404


def test_a_client_who_goes_away_while_it_speaks_is_no_fault_of_ours(
    app: FastAPI, producer: Guest, caplog: pytest.LogCaptureFixture
):
    came = [{"type": "http.request", "body": b"half", "more_body": True}]
    sent: list[object] = []

    async def receive():
        return came.pop() if came else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/contracts",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {producer.secret}".encode())],
    }
    asyncio.run(app(scope, receive, send))

    assert sent == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
