"""Judge within a time: what takes longer is errored in words, whatever it is busy with.

Celery raises its soft limit inside the judging, where engines take it for a fault of one rule and
go on with the next until the hard limit kills the child. So the judging has a thread of its own,
and the limit is raised where nothing but waiting is done.
"""

import signal
import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded

from checks.attempt import Fault, attempt
from checks.location import Location
from checks.model import Report
from contracts.clause import Clause
from contracts.model import Contract
from usecases.judge import Judge, unjudged


class Deadline:
    """A judge that answers within a time.

    Attributes:
        overrun: Whether a judging went on without anybody waiting for it: then this process has to
            end once the answer is recorded, since nothing else stops the thread.
    """

    def __init__(self, judge: Judge, seconds: float, clock: Callable[[], datetime]) -> None:
        self._judge = judge
        self._seconds = seconds
        self._clock = clock
        self.overrun = False

    def __call__(
        self, contract: Contract, promised: Sequence[Clause], location: Location
    ) -> Report:
        """Return one result for each clause; errored ones when the time is over."""
        found: list[Report | Fault] = []
        context = copy_context()

        def work() -> None:
            found.append(attempt(lambda: context.run(self._judge, contract, promised, location)))

        working = threading.Thread(target=work, name="judging", daemon=True)
        working.start()
        self._wait(working)
        if not found:
            return self._too_long(contract, promised)
        if isinstance(found[0], Fault):
            raise found[0].error
        return found[0]

    def _wait(self, working: threading.Thread) -> None:
        try:
            working.join(self._seconds)
        except SoftTimeLimitExceeded:
            return

    def _too_long(self, contract: Contract, promised: Sequence[Clause]) -> Report:
        self.overrun = True
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # the pool's own limit: it has been kept
        reason = (
            f"the run took longer than {self._seconds:g} s: judge less at once, or raise "
            "ASSAY_RUN_SECONDS"
        )
        return unjudged(contract, promised, reason, self._clock())
