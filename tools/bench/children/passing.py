"""A judge that judges nothing: it says of every clause that it passed, after ``BENCH_SECONDS``."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from checks.location import Limits, Location
from checks.model import Finding, Outcome, Report, Result
from contracts.clause import Clause
from contracts.model import Contract
from usecases.judge import Judge

_SECONDS: Final = float(os.environ.get("BENCH_SECONDS", "0"))  # noqa: TID251 - a benchmark's child


def no_judge(limits: Limits, clock: Callable[[], datetime]) -> Judge:
    """Return what stands in the judge's place; it needs no ``limits``."""

    def judge(contract: Contract, promised: Sequence[Clause], location: Location) -> Report:
        at = clock()
        time.sleep(_SECONDS)
        finding = Finding(outcome=Outcome.PASSED, rows=10)
        return Report(
            contract_id=contract.id,
            version=contract.version,
            server="files",
            started=at,
            finished=clock(),
            results=tuple(Result(clause=clause, finding=finding) for clause in promised),
        )

    return judge
