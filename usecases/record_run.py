"""Record the end of a run: results, standing, breaches, incident, score and notices, in one go."""

from collections.abc import Sequence
from datetime import datetime

from checks.model import Outcome, Report, Result
from incidents.breaches import step_breaches, verdicts
from incidents.model import IncidentKind
from incidents.step import (
    ERRORED_IN_A_ROW,
    Change,
    IncidentStep,
    is_out,
    retitled,
    step_incident,
    step_outage,
)
from runs.model import Claim, Run, RunState
from usecases.events import finished_event, tell_incident
from usecases.ports import Shelf
from usecases.snapshots import keep_mark, keep_score
from usecases.tell import Occasion, tell


def record_run(
    shelf: Shelf, claim: Claim, run: Run, report: Report, *, url: str, now: datetime
) -> bool:
    """Record a judged run once; False, and nothing written, when ``claim`` holds no more.

    A run of a version that is not current any more keeps its results and changes nothing else.

    Args:
        shelf: The one transaction in which all of it happens.
        claim: The right to record.
        run: The run as it was claimed.
        report: What was judged.
        url: Where the service is reached, for links in notices.
        now: When the verdicts became known, UTC.
    """
    shelf.products.lock(run.product)
    state = RunState.ERRORED if report.outcome is Outcome.ERRORED else RunState.DONE
    error = _first_error(report.results) if state is RunState.ERRORED else ""
    if not shelf.runs.finish(claim, state=state, report=report, error=error, now=now):
        return False
    shelf.events.append(finished_event(shelf.runs.get(run.id) or run))
    current = shelf.contracts.current(run.contract_id)
    if current is None or current.version != run.version:
        keep_mark(shelf, run.product, now)  # if the run before was lost, this one was not
        return True
    shelf.standings.record(run.contract_id, run.id, run.interval, report)
    occasion = Occasion(run=run, results=report.results, error=error, url=url, now=now)
    _follow(shelf, report, occasion)
    return True


def _follow(shelf: Shelf, report: Report, occasion: Occasion) -> None:
    """Let incidents and score follow the verdicts, and tell of both."""
    run, error, now = occasion.run, occasion.error, occasion.now
    steps = (_step_breaches(shelf, run, report, now), _step_outage(shelf, run, error, now))
    for step in steps:
        tell_incident(shelf, step.change, step.incident, now)
    keep_score(shelf, run.product, run.id, now)
    for step in steps:
        tell(shelf, step, occasion)


def record_lost(shelf: Shelf, run: Run, *, url: str, now: datetime) -> None:
    """Let a run whose attempts ran out become an outage of its product, and tell its owner."""
    shelf.products.lock(run.product)
    keep_mark(shelf, run.product, now)
    error = f"run {run.id} was lost: {run.error}"
    shelf.events.append(finished_event(run))
    step = _step_outage(shelf, run, error, now)
    tell_incident(shelf, step.change, step.incident, now)
    tell(shelf, step, Occasion(run=run, error=error, url=url, now=now))


def _step_breaches(shelf: Shelf, run: Run, report: Report, now: datetime) -> IncidentStep:
    kept, product = shelf.incidents, run.product
    answers = verdicts(run.contract_id, run.version, report.results)
    steps = step_breaches(
        kept.open_breaches(run.contract_id),
        answers,
        now,
        present={answer.fingerprint for answer in answers} | _elsewhere(shelf, run, report),
    )
    kept.save_breaches(run.contract_id, steps.all, incident_id=None)
    step = step_incident(
        kept.current(product, IncidentKind.BREACH),
        kept.latest_resolved(product, IncidentKind.BREACH),
        product=product,
        steps=steps,
        blocking=kept.blocking_open(product),
        now=now,
    )
    if step.change is Change.JOINED and step.incident is not None:
        step = retitled(step, (*kept.breaches(step.incident.id), *steps.open))
    saved = _save(shelf, step)
    if saved.incident is not None and saved.incident.state.open:
        kept.save_breaches(run.contract_id, steps.open, incident_id=saved.incident.id)
    return saved


def _elsewhere(shelf: Shelf, run: Run, report: Report) -> set[str]:
    """Return open breaches of clauses that this run does not judge, as their schedule is another's.

    They stay open until their own run has passed.
    """
    if run.lines is None:
        return set()
    judged = {result.clause.key for result in report.results}
    others = {clause.key for clause in shelf.contracts.clauses(run.contract_id)} - judged
    breaches = shelf.incidents.open_breaches(run.contract_id)
    return {print_ for print_, breach in breaches.items() if breach.clause_key in others}


def _step_outage(shelf: Shelf, run: Run, detail: str, now: datetime) -> IncidentStep:
    kept, product = shelf.incidents, run.product
    contracts = [port.contract_id for port in shelf.products.ports(product)]
    step = step_outage(
        kept.current(product, IncidentKind.OUTAGE),
        kept.latest_resolved(product, IncidentKind.OUTAGE),
        product=product,
        out=any(is_out(shelf.runs.states(name, limit=ERRORED_IN_A_ROW)) for name in contracts),
        detail=detail,
        now=now,
    )
    return _save(shelf, step)


def _save(shelf: Shelf, step: IncidentStep) -> IncidentStep:
    """Keep what a step did, and return it with the incident as it is kept."""
    if step.incident is None or not step.events:
        return step
    saved = shelf.incidents.save(step.incident, step.events)
    return IncidentStep(change=step.change, incident=saved, events=step.events)


def _first_error(results: Sequence[Result]) -> str:
    errored = (
        result.finding.reason
        for result in results
        if result.outcome is Outcome.ERRORED and result.clause.blocking
    )
    return next(errored, "")
