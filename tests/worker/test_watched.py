from dataclasses import dataclass, field, replace

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from typing_extensions import override

from checks.model import Outcome
from notifications.errors import DeliveryFailed
from notifications.model import Message, Notice
from runtime.traces import Tracing, Untraced
from tests.cast import ADMIN, NOON, Clock, Judge
from tests.runtime.test_traces import exporter, tracing
from tests.usecases.world import World
from usecases.execute_run import Executor
from usecases.request_run import request_run
from worker.watched import watched_judge, watched_post, watched_run

__all__ = ["exporter", "tracing"]
SECRET_URL = "https://hooks.example.org/sesame-canary"  # noqa: S105 - none
NOTICE = Notice(
    id=3,
    key="k",
    channel="webhook",
    target=SECRET_URL,
    message=Message(subject="s", text="t", rich="{}"),
    incident_id=9,
    due_at=NOON,
)


class Noting(Judge):
    """A judge that notes what would stand on the log's lines."""

    noted: dict[str, object]

    @override
    def __call__(self, contract, promised, location):
        self.noted = dict(structlog.contextvars.get_contextvars())
        return super().__call__(contract, promised, location)


@dataclass
class Watched(World):
    """A world whose runs are watched."""

    tracing: Tracing = field(default_factory=Untraced)

    @override
    def executor(self) -> Executor:
        return replace(super().executor(), judge=watched_judge(self.tracing, self.judge))


def judged(store, clock: Clock, tracing, outcome: Outcome) -> Noting:
    noting = Noting(clock, outcome=outcome)
    world = Watched(store=store, clock=clock, judge=noting, tracing=tracing)
    world.publish()
    request_run(store, "sales.orders", by=ADMIN, clock=clock)
    with watched_run(tracing, 1):
        world.drain()
    return noting


def test_ids_stand_on_what_is_logged_while_a_run_is_judged(store, clock: Clock):
    noting = judged(store, clock, Untraced(), Outcome.PASSED)

    assert noting.noted == {"run_id": 1, "contract_id": "orders", "product": "sales.orders"}
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.FAILED, Outcome.ERRORED])
def test_a_run_is_a_span_with_its_outcome(
    store, clock: Clock, tracing, exporter: InMemorySpanExporter, outcome: Outcome
):
    judged(store, clock, tracing, outcome)

    spans = {span.name: span for span in exporter.get_finished_spans()}
    run, judge = spans["run"], spans["judge"]
    assert run.attributes
    assert judge.attributes
    assert judge.parent
    assert run.attributes["assay.run_id"] == 1
    assert judge.attributes["assay.contract_id"] == "orders"
    assert judge.attributes["assay.outcome"] == outcome.value
    assert judge.parent.span_id == run.context.span_id


def test_a_notice_is_a_span_that_does_not_name_its_target(tracing, exporter):
    def silent(notice: Notice) -> None:
        assert notice is NOTICE

    watched_post(tracing, silent)(NOTICE)

    (span,) = exporter.get_finished_spans()
    assert (span.attributes["assay.notice"], span.attributes["assay.channel"]) == (3, "webhook")
    assert "sesame" not in span.to_json()


def test_a_notice_that_does_not_arrive_is_a_fault_in_its_span(tracing, exporter):
    def broken(notice: Notice) -> None:
        raise DeliveryFailed("answered 500")

    with pytest.raises(DeliveryFailed):
        watched_post(tracing, broken)(NOTICE)

    (span,) = exporter.get_finished_spans()
    assert not span.status.is_ok
