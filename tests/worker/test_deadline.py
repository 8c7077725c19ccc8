import signal
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from checks import progress
from checks.location import Location
from checks.model import Outcome, Progress, Report
from contracts.clause import Clause
from contracts.clauses import clauses
from contracts.model import Contract
from contracts.parse import parse
from tests.cast import ORDERS, Clock, Judge
from worker.deadline import Deadline

CONTRACT = parse(ORDERS.encode())
PROMISED = clauses(CONTRACT)
LAKE = Location(source="files")


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGUSR1)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What a judge that hangs waits for."""
    event = threading.Event()
    yield event
    event.set()


def hang(until: threading.Event) -> Callable[..., Report]:
    def judge(*_: object) -> Report:
        until.wait()
        raise AssertionError("nobody waits for this")

    return judge


def test_who_answers_in_time_is_passed_on():
    judge = Judge(Clock())
    deadline = Deadline(judge, 5, Clock())

    report = deadline(CONTRACT, PROMISED, LAKE)

    assert report.outcome is Outcome.PASSED
    assert (judge.asked, deadline.overrun) == ([LAKE], False)


def test_what_takes_too_long_is_errored_in_words_and_never_green(never: threading.Event):
    deadline = Deadline(hang(never), 0.05, Clock())

    report = deadline(CONTRACT, PROMISED, LAKE)

    assert report.outcome is Outcome.ERRORED
    assert {result.outcome for result in report.results} == {Outcome.ERRORED, Outcome.SKIPPED}
    assert report.results[0].finding.reason == (
        "the run took longer than 0.05 s: judge less at once, or raise ASSAY_RUN_SECONDS"
    )
    assert deadline.overrun


def test_the_pools_own_limit_is_kept_where_nobody_takes_it_for_another(
    never: threading.Event, monkeypatch: pytest.MonkeyPatch
):
    def limit(_thread: threading.Thread, _timeout: float) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(threading.Thread, "join", limit)
    deadline = Deadline(hang(never), 600, Clock())

    assert deadline(CONTRACT, PROMISED, LAKE).outcome is Outcome.ERRORED


def test_what_a_judge_raises_is_raised():
    def broken(contract: Contract, promised: Sequence[Clause], location: Location) -> Report:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Deadline(broken, 5, Clock())(CONTRACT, PROMISED, LAKE)


def test_progress_reaches_who_listens_outside():
    told: list[Progress] = []

    def judge(contract: Contract, promised: Sequence[Clause], location: Location) -> Report:
        progress.begin(2)
        progress.answer(1)
        return Judge(Clock())(contract, promised, location)

    with progress.listening(told.append):
        Deadline(judge, 5, Clock())(CONTRACT, PROMISED, LAKE)

    assert told == [Progress(phase="", done=1, total=2)]
