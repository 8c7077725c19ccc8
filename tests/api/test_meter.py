import pytest
import structlog
from fastapi import FastAPI
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.app import create_app
from tests.api.guests import Guest
from tests.runtime.test_traces import PARENT, exporter, tracing

__all__ = ["exporter", "tracing"]


@pytest.fixture
def traced(store, settings, clock, tracing, monkeypatch) -> Guest:
    monkeypatch.setattr("api.app.build_tracing", lambda _: tracing)
    return Guest(create_app(store, settings, clock), None)


def test_a_request_is_a_span_by_the_template_of_its_route(
    traced: Guest, exporter: InMemorySpanExporter
):
    traced.get("/api/v1/runs/7", headers={"traceparent": PARENT, "Authorization": "Bearer sesame"})

    (span,) = exporter.get_finished_spans()
    assert span.name == "GET /api/v1/runs/{run_id}"
    assert span.attributes
    assert span.attributes["assay.status"] == 401
    assert f"{span.context.trace_id:032x}" == PARENT.split("-")[1]
    assert span.status.is_unset
    assert "sesame" not in span.to_json()


def test_a_fault_of_ours_is_one_in_its_span(
    traced: Guest, exporter: InMemorySpanExporter, monkeypatch
):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("api.routes.health.health", broken)
    assert traced.get("/health/ready").status_code == 500

    (span,) = exporter.get_finished_spans()
    assert span.attributes
    assert span.attributes["assay.status"] == 500
    assert not span.status.is_ok


def test_the_id_of_a_request_stands_on_all_that_is_logged_for_it(
    app: FastAPI, nobody: Guest, monkeypatch
):
    said: dict[str, object] = {}

    def noting(*_, **__):
        said.update(structlog.contextvars.get_contextvars())
        raise ZeroDivisionError

    monkeypatch.setattr("api.routes.health.health", noting)
    answer = nobody.get("/health/ready")

    assert said == {"request_id": answer.headers["x-request-id"], "path": "/health/ready"}
    assert structlog.contextvars.get_contextvars() == {}


def test_the_caller_may_name_the_request(nobody: Guest):
    named = nobody.get("/health/live", headers={"X-Request-ID": "order-7.a_b"})

    assert named.headers["x-request-id"] == "order-7.a_b"


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 65, "<script>alert(1)"])
def test_an_id_that_could_be_anything_is_not_repeated(nobody: Guest, given: str):
    answer = nobody.get("/health/live", headers={"X-Request-ID": given})

    assert len(answer.headers["x-request-id"]) == 16
    assert answer.headers["x-request-id"] != given
