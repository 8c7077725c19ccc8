"""Judge a contract against its data, or say of every clause why that could not be."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from checks.execute import execute
from checks.location import Limits, Location
from checks.model import Finding, Outcome, Report, Result
from contracts.clause import Clause
from contracts.clauses import clauses
from contracts.model import Contract
from usecases.errors import Unlocatable
from usecases.locate import locate_locally


class Judge(Protocol):
    """Whatever turns a contract and a location into a report."""

    def __call__(
        self, contract: Contract, promised: Sequence[Clause], location: Location
    ) -> Report:
        """Return one result for each clause."""
        ...


def judge_with(limits: Limits, clock: Callable[[], datetime]) -> Judge:
    """Return the judge that reads real data within ``limits``."""

    def judge(contract: Contract, promised: Sequence[Clause], location: Location) -> Report:
        return execute(contract, promised, location, limits=limits, clock=clock)

    return judge


def unjudged(contract: Contract, promised: Sequence[Clause], reason: str, now: datetime) -> Report:
    """Return the report of a run that reached no data: every clause to be executed errored."""
    results = tuple(
        Result(
            clause=clause,
            finding=Finding(
                outcome=Outcome.SKIPPED if clause.skipped else Outcome.ERRORED,
                reason=clause.skipped or reason,
            ),
        )
        for clause in promised
    )
    return Report(
        contract_id=contract.id,
        version=contract.version,
        server=None,
        started=now,
        finished=now,
        results=results,
    )


def judge_locally(
    contract: Contract,
    *,
    server: str | None,
    folder: Path,
    limits: Limits,
    clock: Callable[[], datetime],
) -> Report:
    """Judge a contract on this machine, without any service: see ``locate_locally``.

    Raises:
        NotFound: the contract has no server of that name.
    """
    promised = clauses(contract)
    try:
        name, location = locate_locally(contract, server, folder)
    except Unlocatable as error:
        return unjudged(contract, promised, str(error), clock())
    return execute(contract, promised, location, limits=limits, clock=clock, server=name)
