"""Look up what happened: runs, their results, published versions."""

from dataclasses import dataclass, replace
from typing import Final

from access.errors import require
from access.model import Action, Principal
from checks.model import Result
from contracts.filter import ContractFilter
from contracts.record import Version
from runs.filter import RunFilter
from runs.model import Run
from usecases.errors import NotFound
from usecases.ports import Shelf, Store

EVERY_RUN: Final = RunFilter()
EVERY_CONTRACT: Final = ContractFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetail:
    """A run with its results; evidence is left out for those who may not see it."""

    run: Run
    results: tuple[Result, ...]
    evidence_shown: bool


def list_runs(
    store: Store, wanted: RunFilter = EVERY_RUN, *, by: Principal, before: int | None, limit: int
) -> tuple[Run, ...]:
    """Return runs of a kind, newest first, those older than run ``before``.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        return shelf.runs.find(wanted, before=before, limit=limit)


def run_detail(store: Store, run_id: int, *, by: Principal) -> RunDetail:
    """Return one run with its results.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such run.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        run = shelf.runs.get(run_id)
        if run is None:
            raise NotFound("run", str(run_id))
        results = shelf.runs.results(run_id)
        product = shelf.products.get(run.product)
    shown = product is not None and by.may(Action.SEE_EVIDENCE, product.domain)
    if not shown:
        results = tuple(_without_evidence(result) for result in results)
    return RunDetail(run=run, results=results, evidence_shown=shown)


def _without_evidence(result: Result) -> Result:
    return replace(result, finding=replace(result.finding, evidence=None))


def list_contracts(
    store: Store,
    wanted: ContractFilter = EVERY_CONTRACT,
    *,
    by: Principal,
    after: str = "",
    limit: int = 50,
) -> tuple[Version, ...]:
    """Return current versions of a kind by contract id, those that sort behind ``after``.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        return shelf.contracts.find(wanted, after=after, limit=limit)


def list_versions(store: Store, contract_id: str, *, by: Principal) -> tuple[Version, ...]:
    """Return all versions of a contract, newest first.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such contract.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        versions = shelf.contracts.versions(contract_id)
    if not versions:
        raise NotFound("contract", contract_id)
    return versions


def document(
    store: Store, contract_id: str, *, by: Principal, version: str | None = None
) -> tuple[Version, bytes]:
    """Return a version, by default the current one, and its bytes exactly as published.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such contract or version.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        found = _find(shelf, contract_id, version)
        if found is None:
            wanted = contract_id if version is None else f"{contract_id} {version}"
            raise NotFound("contract" if version is None else "version", wanted)
        body = shelf.contracts.body(contract_id, found.version)
    if body is None:
        raise NotFound("version", f"{contract_id} {found.version}")
    return found, body


def _find(shelf: Shelf, contract_id: str, version: str | None) -> Version | None:
    if version is None:
        return shelf.contracts.current(contract_id)
    return shelf.contracts.version(contract_id, version)
