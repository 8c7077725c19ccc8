"""Put every planned clause to the data and gather one result for each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final

from checks import engines, progress, sources
from checks.attempt import Fault, attempt
from checks.dataset import Dataset, Table
from checks.evidence import limited
from checks.location import Limits, Location
from checks.model import Finding, Outcome, Report, Result
from checks.narrowing import narrow
from checks.plan import CheckPlan, plan
from checks.selection import EVERYTHING, Selection
from checks.wording import fault, missing_column, short
from contracts.clause import Clause, Kind
from contracts.model import Contract
from contracts.values import EngineName, Json

Clock = Callable[[], datetime]

_NAMING: Final = ("column", "column_A", "column_B", "column_list")
_OF_PRESENCE: Final = frozenset({Kind.COLUMN_PRESENT, Kind.EXTRA_COLUMNS})
_ABOUT_PRESENCE: Final = frozenset(
    {
        "expectcolumntoexist",
        "expecttablecolumnstomatchorderedlist",
        "expecttablecolumnstomatchset",
    }
)


def execute(
    contract: Contract,
    clauses: Sequence[Clause],
    location: Location,
    *,
    limits: Limits,
    clock: Clock,
    selection: Selection = EVERYTHING,
) -> Report:
    """Judge ``clauses`` of ``contract`` on the data at ``location``.

    Args:
        contract: Whose objects and columns the clauses are about.
        clauses: Each with a key of its own.
        location: Where the data of all objects lies.
        limits: What the run may use.
        clock: Gives aware UTC times.
        selection: Which of them are judged, and of which rows; all others are skipped.

    Returns:
        One result per clause, in the order given. Whatever cannot be reached, read or judged is an
        errored result of the clauses concerned; nothing is raised for it.
    """
    started = clock()
    planned = plan(contract, clauses, selection)
    findings = {key: _skipped(reason) for key, reason in planned.skipped.items()}
    run = _Run(limits, clock, selection)
    if planned.engines:
        findings.update(_judge(contract, planned, location, run))
    findings = limited({clause.key: _brief(findings[clause.key]) for clause in clauses})
    return Report(
        contract_id=contract.id,
        version=contract.version,
        server=None,
        started=started,
        finished=clock(),
        results=tuple(Result(clause=each, finding=findings[each.key]) for each in clauses),
        phases=run.phases,
        warnings=tuple(run.warnings),
    )


class _Run:
    """What one run may use, how long its phases took, and what whoever runs it should know."""

    def __init__(self, limits: Limits, clock: Clock, selection: Selection) -> None:
        self.limits = limits
        self.selection = selection
        self.phases: dict[str, float] = {}
        self.warnings: list[str] = []
        self._clock = clock

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure what happens inside, however it ends."""
        progress.enter(name)
        began = self._clock()
        try:
            yield
        finally:
            self.phases[name] = (self._clock() - began).total_seconds()


def _judge(
    contract: Contract, planned: CheckPlan, location: Location, run: _Run
) -> Mapping[str, Finding]:
    wanted = set(planned.schemas)
    schemas = [schema for schema in contract.schemas if schema.physical_name in wanted]
    progress.begin(sum(len(planned.clauses(engine)) for engine in planned.engines))
    with run.phase("open"):
        opened = attempt(
            lambda: sources.load(location.source).open(schemas, location, limits=run.limits)
        )
    if isinstance(opened, Fault):  # data that cannot be opened is an answer, not a crash
        everything = [clause for engine in planned.engines for clause in planned.clauses(engine)]
        return _errored(everything, fault(opened.error, roots=location.roots))
    with closing(opened.session):
        dataset = replace(
            opened,
            absent=_absent(planned, opened),
            evidence=run.limits.evidence,
            fused=run.limits.fused,
        )
        findings = _verdicts(planned, dataset, run)
    roots = [*location.roots, *(root.resolve() for root in location.roots)]
    return {key: _without_places(finding, roots) for key, finding in findings.items()}


def _verdicts(planned: CheckPlan, dataset: Dataset, run: _Run) -> Mapping[str, Finding]:
    """What every engine says of its clauses."""
    findings: dict[str, Finding] = {}
    every = [clause for engine in planned.engines for clause in planned.clauses(engine)]
    narrowed = narrow(dataset, every, run.selection.filters)
    for engine in planned.engines:
        asked, settled = _parted(planned.clauses(engine), dataset, told=_told_missing(planned))
        if run.selection.metadata_only:
            asked, unread = _without_reading(asked, dataset)
            settled |= unread
        findings.update(settled)
        findings.update(_refused(asked, narrowed.refused))
        if parts := narrowed.parts(asked):
            for found in _by_part(engine, parts, run, fused=dataset.fused):
                findings.update(found)
                progress.reach(len(findings))
    return findings


def _by_part(
    engine: EngineName,
    parts: Sequence[tuple[Dataset, Sequence[Clause]]],
    run: _Run,
    *,
    fused: bool,
) -> Iterator[Mapping[str, Finding]]:
    """What one engine says, part by part; what no test has seen of it is asked rule by rule."""
    warning = engines.untested(engine.value) if fused else ""
    run.warnings += [warning] if warning else []
    with run.phase(engine.value):
        for part, clauses in parts:
            one = replace(part, fused=part.fused and not warning)
            yield _asked(engine, one, clauses)


def _refused(clauses: Sequence[Clause], why: Mapping[str, str]) -> Mapping[str, Finding]:
    """Findings on those of ``clauses`` whose rows could not be told apart."""
    return {
        clause.key: Finding(outcome=Outcome.ERRORED, reason=why[clause.key])
        for clause in clauses
        if clause.key in why
    }


def _without_reading(
    clauses: Sequence[Clause], dataset: Dataset
) -> tuple[list[Clause], dict[str, Finding]]:
    """Those that the catalog answers, and the findings on types of cells that are text."""
    unread = {
        clause.key: _skipped("needs a scan: its type is that of texts")
        for clause in clauses
        if clause.kind is Kind.TYPE
        and dataset.tables[clause.schema or ""].columns[clause.column or ""].parsed
    }
    return [clause for clause in clauses if clause.key not in unread], unread


def _asked(
    engine: EngineName, dataset: Dataset, clauses: Sequence[Clause]
) -> Mapping[str, Finding]:
    """The engine's findings on exactly ``clauses``."""
    found = attempt(lambda: engines.load(engine.value)(dataset, clauses))
    if isinstance(found, Fault):  # one engine's fault must not sink the other's results
        return _errored(clauses, f"{engine.value} raised {type(found.error).__name__}")
    silent = Finding(outcome=Outcome.ERRORED, reason=f"{engine.value} gave no verdict")
    return {clause.key: found.get(clause.key, silent) for clause in clauses}


def _told_missing(planned: CheckPlan) -> frozenset[str]:
    """Names of the objects whose being there is asked for by a clause of its own."""
    asked = (clause for engine in planned.engines for clause in planned.clauses(engine))
    return frozenset(each.schema or "" for each in asked if each.kind is Kind.OBJECT_PRESENT)


def _parted(
    clauses: Sequence[Clause], dataset: Dataset, *, told: frozenset[str]
) -> tuple[list[Clause], dict[str, Finding]]:
    """The clauses that can be asked, and the findings on those that cannot."""
    asked: list[Clause] = []
    settled: dict[str, Finding] = {}
    for clause in clauses:
        table = dataset.tables.get(clause.schema or "")
        if table is None:
            settled[clause.key] = _unopened(clause, dataset, told=told)
        elif missing := _missing(clause, table):
            settled[clause.key] = _without(missing, table, dataset)
        elif clause.kind is Kind.RELATIONSHIP and (finding := _untargeted(clause, dataset)):
            settled[clause.key] = finding
        else:
            asked.append(clause)
    return asked, settled


def _unopened(clause: Clause, dataset: Dataset, *, told: frozenset[str]) -> Finding:
    """Of an object that was not opened: a missing one fails the clause that it is there.

    Its other clauses are skipped then; where that clause is not asked, nothing else would tell.
    """
    name = clause.schema or ""
    reason = dataset.problems.get(name, f"{name} was not opened")
    if name not in dataset.missing or name not in told:
        return Finding(outcome=Outcome.ERRORED, reason=reason)
    if clause.kind is Kind.OBJECT_PRESENT:
        return Finding(outcome=Outcome.FAILED, reason=reason)
    return _skipped(f"{name} is missing")


def _untargeted(clause: Clause, dataset: Dataset) -> Finding | None:
    """Why the object that a relationship leads to cannot be looked into; None when it can."""
    name = str(clause.arguments["to_schema"])
    target = dataset.tables.get(name)
    if target is None:
        reason = dataset.problems.get(name, f"{name} was not opened")
        return Finding(outcome=Outcome.ERRORED, reason=reason)
    columns = _texts(clause.arguments["to_columns"])
    missing = next((column for column in columns if column not in target.columns), None)
    return None if missing is None else _without(missing, target, dataset)


def _absent(planned: CheckPlan, dataset: Dataset) -> Mapping[str, frozenset[str]]:
    """By object: the columns that are not there, and whose presence is asked for."""
    wanted = [
        (clause.schema or "", clause.column or "")
        for engine in planned.engines
        for clause in planned.clauses(engine)
        if clause.kind is Kind.COLUMN_PRESENT
    ]
    return {
        name: frozenset(
            column for schema, column in wanted if schema == name and column not in table.columns
        )
        for name, table in dataset.tables.items()
    }


def _without(column: str, table: Table, dataset: Dataset) -> Finding:
    """Skipped where the presence of ``column`` has failed; else nothing tells that it is amiss."""
    if column in dataset.absent[table.name]:
        return _skipped(f"column {column!r} is missing")
    reason = missing_column(column, table.name, table.columns)
    return Finding(outcome=Outcome.ERRORED, reason=reason)


def _missing(clause: Clause, table: Table) -> str | None:
    """The first column that ``clause`` needs and ``table`` lacks; None when it can be asked."""
    if clause.kind in _OF_PRESENCE:
        return None
    return next((name for name in _needed(clause) if name not in table.columns), None)


def _needed(clause: Clause) -> Iterator[str]:
    named: list[Json]
    if clause.kind is not Kind.EXPECTATION:
        named = [clause.column, clause.arguments.get("columns")]
    elif str(clause.arguments.get("type")).replace("_", "").lower() in _ABOUT_PRESENCE:
        return
    else:
        kwargs = clause.arguments.get("kwargs")
        stated = kwargs if isinstance(kwargs, Mapping) else {}
        named = [clause.column, *(stated.get(word) for word in _NAMING)]
    for value in named:
        yield from _texts(value)


def _texts(value: Json) -> Iterator[str]:
    """A name, or the names in a list of them; none of anything else."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Sequence):
        yield from (str(each) for each in value)


def _skipped(reason: str) -> Finding:
    return Finding(outcome=Outcome.SKIPPED, reason=reason)


def _errored(clauses: Iterable[Clause], reason: str) -> dict[str, Finding]:
    finding = Finding(outcome=Outcome.ERRORED, reason=reason)
    return {clause.key: finding for clause in clauses}


def _brief(finding: Finding) -> Finding:
    return replace(finding, reason=short(finding.reason))


def _without_places(finding: Finding, roots: Sequence[object]) -> Finding:
    """The finding with no folder of this machine in its reason."""
    reason = finding.reason
    for root in roots:
        reason = reason.replace(f"{root}/", "")
    return replace(finding, reason=reason)
