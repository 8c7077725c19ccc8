"""Judge a contract against its data, or say of every clause why that could not be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from checks.execute import execute
from checks.location import Limits, Location
from checks.model import Finding, Outcome, Report, Result
from checks.plan import CheckPlan, plan
from checks.selection import EVERYTHING, Selection
from contracts.clause import Clause
from contracts.clauses import clauses
from contracts.model import Contract
from usecases.errors import Unlocatable
from usecases.locate import choose_server, locate_locally

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


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


def unjudged(
    contract: Contract,
    promised: Sequence[Clause],
    reason: str,
    now: datetime,
    *,
    skipped: Mapping[str, str] = _NOTHING,
) -> Report:
    """Return the report of a run that reached no data: every clause to be executed errored.

    ``skipped`` tells, by key, why a clause would not have been executed anyway.
    """
    why = {clause.key: skipped.get(clause.key, clause.skipped) for clause in promised}
    results = tuple(
        Result(
            clause=clause,
            finding=Finding(
                outcome=Outcome.SKIPPED if why[clause.key] else Outcome.ERRORED,
                reason=why[clause.key] or reason,
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
    selection: Selection = EVERYTHING,
) -> Report:
    """Judge a contract on this machine, without any service: see ``locate_locally``.

    Raises:
        NotFound: the contract has no server of that name.
    """
    promised = clauses(contract)
    try:
        name, location = locate_locally(contract, server, folder)
    except Unlocatable as error:
        skipped = plan(contract, promised, selection).skipped
        return unjudged(contract, promised, str(error), clock(), skipped=skipped)
    judged = execute(contract, promised, location, limits=limits, clock=clock, selection=selection)
    return replace(judged, server=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a check would do. ``server`` is None where the contract names none."""

    server: str | None
    promised: tuple[Clause, ...]
    plan: CheckPlan


def plan_locally(
    contract: Contract, *, server: str | None, selection: Selection = EVERYTHING
) -> Planned:
    """Return what ``judge_locally`` would do, without a look at any data.

    Raises:
        NotFound: the contract has no server of that name.
    """
    name: str | None = None
    if server is not None or contract.servers:
        name = choose_server(contract, server).name
    promised = clauses(contract)
    return Planned(server=name, promised=promised, plan=plan(contract, promised, selection))
