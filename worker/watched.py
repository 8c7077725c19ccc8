"""Runs and notices as those see them who watch: ids on every line of the log, and spans."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from checks.location import Location
from checks.model import Report
from contracts.clause import Clause
from contracts.model import Contract
from notifications.model import Notice
from runtime.logs import add, bound
from runtime.traces import Span, Tracing
from usecases.judge import Judge
from usecases.send_notices import Post


@contextmanager
def watched_run(tracing: Tracing, run_id: int) -> Iterator[None]:
    """Let a run's id stand on all that is logged in the block, and be the block's span."""
    with bound(run_id=run_id), tracing.span("run", run_id=run_id):
        yield


def watched_judge(tracing: Tracing, judge: Judge) -> Judge:
    """Return a judge that says what it judges; what is logged while it is recorded says so, too."""

    def watched(contract: Contract, promised: Sequence[Clause], location: Location) -> Report:
        product = f"{contract.domain}.{contract.product}"
        add(contract_id=contract.id, product=product)
        with tracing.span("judge", contract_id=contract.id, product=product) as span:
            span.say(version=contract.version)
            report = judge(contract, promised, location)
            _tell(span, report)
            return report

    return watched


def watched_post(tracing: Tracing, post: Post) -> Post:
    """Return a post that opens a span for each notice, without its target: that may be a key."""

    def watched(notice: Notice) -> None:
        about = notice.incident_id
        with bound(notice=notice.id, incident=about), tracing.span("notice") as span:
            span.say(notice=notice.id, incident=about)
            span.say(channel=notice.channel, attempt=notice.attempt)
            post(notice)

    return watched


def _tell(span: Span, report: Report) -> None:
    engines = [name for name in report.phases if name != "open"]
    span.say(outcome=report.outcome.value, engine=",".join(engines) or None)
    span.phases(report.started, report.phases)
