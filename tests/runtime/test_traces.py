import subprocess
import sys
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from runtime import traces
from runtime.traces import Traced, Untraced, build_tracing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER", "OTEL_SDK_DISABLED")


@pytest.fixture(autouse=True)
def _unset(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracing(exporter: InMemorySpanExporter) -> Traced:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Traced(lambda: provider)


def test_without_its_variables_nothing_is_kept_and_nothing_imported():
    code = (
        "import sys\n"
        "from runtime.traces import build_tracing\n"
        "tracing = build_tracing('x')\n"
        "with tracing.span('run', run_id=1) as span: span.say(outcome='passed')\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    "said",
    [
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"},
        {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"},
    ],
)
def test_it_can_be_turned_off(monkeypatch, said: dict[str, str]):
    for name, value in said.items():
        monkeypatch.setenv(name, value)

    assert isinstance(build_tracing("assay"), Untraced)


@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER"])
def test_its_variables_turn_it_on(monkeypatch, name: str):
    monkeypatch.setenv(name, "otlp")

    assert isinstance(build_tracing("assay"), Traced)


def test_an_exporter_that_nobody_knows_is_told(monkeypatch, logs):
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "zipkin")

    assert isinstance(build_tracing("assay"), Untraced)
    assert [event["exporter"] for event in logs] == ["zipkin"]


def test_where_the_extra_is_missing_one_line_says_so(monkeypatch, logs):
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setattr(traces, "find_spec", lambda _: None)

    assert isinstance(build_tracing("assay"), Untraced)
    (event,) = logs
    assert "install the extra 'otel'" in event["event"]


def test_a_span_has_its_facts_and_a_child_for_each_phase(tracing, exporter):
    with tracing.span("run", run_id=7) as span:
        span.say(outcome="passed", engine=None)
        span.phases(NOON, {"open": 0.5, "pandera": 1.5})

    opened, judged, run = exporter.get_finished_spans()
    assert dict(run.attributes) == {"assay.run_id": 7, "assay.outcome": "passed"}
    assert (opened.name, judged.name) == ("phase open", "phase pandera")
    assert judged.start_time == opened.end_time
    assert judged.end_time - judged.start_time == 1_500_000_000
    assert opened.parent.span_id == judged.parent.span_id == run.context.span_id


def test_a_span_belongs_to_the_one_that_the_caller_names(tracing, exporter):
    with tracing.span("GET", carried={"traceparent": PARENT}):
        pass

    (span,) = exporter.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == PARENT.split("-")[1]


def test_a_fault_is_recorded_and_goes_on(tracing, exporter):
    with pytest.raises(ConnectionError), tracing.span("run"):
        raise ConnectionError("redis://:sesame@localhost is away")

    (span,) = exporter.get_finished_spans()
    assert not span.status.is_ok
    assert span.status.description == "ConnectionError: redis://[hidden]@localhost is away"
    assert "sesame" not in span.to_json()
