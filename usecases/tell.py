"""Put what an incident's step means for its owner into the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from checks.model import Outcome, Result
from contracts.clause import Clause
from incidents.model import Breach, Incident, IncidentEvent, IncidentKind
from incidents.step import ASSAY, Change, IncidentStep
from notifications.channels import form
from notifications.model import Attempt, Notice, NoticeState
from notifications.receivers import spoken
from notifications.render import message
from notifications.story import Broken, News, Story, broken_of
from products.model import Product
from runs.model import Run
from usecases.ports import Shelf

_APART: Final = timedelta(hours=1)  # an update comes no sooner after the message before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What moved an incident.

    Attributes:
        run: The run that ended.
        results: What it found; empty when it was lost.
        error: Why it errored or was lost; empty otherwise.
        url: Where the service is reached, for links.
        now: UTC.
    """

    run: Run
    results: Sequence[Result] = ()
    error: str = ""
    url: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """What is to be told, and not before when. ``fresh`` are keys of clauses not told of yet."""

    news: News
    due_at: datetime
    fresh: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is told of whom."""

    change: Change
    incident: Incident
    product: Product
    word: _Word


def tell(shelf: Shelf, step: IncidentStep, occasion: Occasion) -> None:
    """Queue one notice for each of the product's receivers, if ``step`` is one to tell.

    Where a product names nobody to tell, that is written on the incident's timeline.
    """
    incident, product = step.incident, shelf.products.get(occasion.run.product)
    if incident is None or product is None:
        return
    word = _word(shelf, step.change, incident, occasion)
    if word is None:
        return
    shelf.notices.withdraw(incident.id)  # what was not sent in time is overtaken by this
    receivers = shelf.products.receivers(product.key)
    if not receivers:
        words = "nobody was told: the contract names no e-mail address or webhook to tell"
        untold = IncidentEvent(at=occasion.now, kind="untold", actor=ASSAY, detail=words)
        shelf.incidents.save(incident, (untold,))
        return
    case = _Case(change=step.change, incident=incident, product=product, word=word)
    _queue(shelf, _story(shelf, case, occasion), receivers, case=case)


def _queue(
    shelf: Shelf, story: Story, receivers: Sequence[tuple[str, str]], *, case: _Case
) -> None:
    key = f"incident:{story.incident_id}:{case.change}:{story.run_id}"
    off = shelf.receivers.disabled(receivers)  # they get dead letters, which can be sent later
    for channel, target in receivers:
        others = tuple(
            spoken(*one) for one in receivers if one != (channel, target) and one not in off
        )
        told = replace(story, others=others)
        shelf.notices.add(
            Notice(
                key=key,
                channel=channel,
                target=target,
                message=message(told, form=form(channel), key=key),
                incident_id=story.incident_id,
                due_at=case.word.due_at,
            )
        )


def _word(shelf: Shelf, change: Change, incident: Incident, occasion: Occasion) -> _Word | None:
    if change is Change.JOINED:
        return _update(shelf, incident, occasion.now)
    if not change.told:
        return None
    if change is Change.RESOLVED:
        return _Word(news=News.RECOVERED, due_at=occasion.now)
    outage = incident.kind is IncidentKind.OUTAGE
    return _Word(news=News.OUTAGE if outage else News.OPENED, due_at=occasion.now)


def _update(shelf: Shelf, incident: Incident, now: datetime) -> _Word | None:
    """An update, where a blocking promise broke now that was not broken before in this incident."""
    breaches = shelf.incidents.breaches(incident.id)
    known = {breach.fingerprint for breach in breaches if breach.opened_at < now}
    joined = [
        breach
        for breach in breaches
        if breach.opened_at == now and breach.severity.blocking and breach.fingerprint not in known
    ]
    if not joined:
        return None
    notices = shelf.notices.of_incident(incident.id)
    told_at = _last_told(notices, shelf.notices.attempts(incident.id))
    if told_at is None:
        return _Word(news=News.OPENED, due_at=now)
    fresh = {breach.clause_key for breach in breaches if breach.opened_at > told_at}
    due_at = max(now, told_at + _APART)
    return _Word(news=News.UPDATED, due_at=due_at, fresh=frozenset(fresh))


def _last_told(
    notices: Iterable[Notice], attempts: Mapping[int, Sequence[Attempt]]
) -> datetime | None:
    """Return when a message about the incident last left; None when none did."""
    gone = (NoticeState.SENT, NoticeState.SENDING)
    times = [
        attempt.started_at
        for notice in notices
        if notice.state in gone
        for attempt in attempts.get(notice.id, ())
        if not attempt.error
    ]
    return max(times, default=None)


def _story(shelf: Shelf, case: _Case, occasion: Occasion) -> Story:
    run, incident, product = occasion.run, case.incident, case.product
    schedule = shelf.schedules.of(run.contract_id)
    over = case.change is Change.RESOLVED
    if over:
        broken = _mended(shelf, incident, run)
    else:
        broken = _broken(incident, case.word, occasion.results)
    doubts = [one.finding.reason for one in occasion.results if one.outcome is Outcome.ERRORED]
    return Story(
        news=case.word.news,
        product=product.key,
        name=product.name,
        domain=product.domain,
        owner=product.owner,
        purpose=product.purpose,
        version=run.version,
        incident_id=incident.id,
        kind=incident.kind,
        opened_at=incident.opened_at,
        now=occasion.now,
        broken=broken,
        next_run=schedule.due_at if schedule else None,
        url=occasion.url,
        run_id=run.id,
        again=case.change is Change.REOPENED,
        reason=incident.reason if over else occasion.error,
        unjudged=len(doubts),
        doubt=doubts[0] if doubts else "",
    )


def _broken(incident: Incident, word: _Word, results: Sequence[Result]) -> tuple[Broken, ...]:
    if incident.kind is IncidentKind.OUTAGE:
        return ()
    return tuple(
        broken_of(result, fresh=result.clause.key in word.fresh)
        for result in results
        if result.outcome is Outcome.FAILED
    )


def _mended(shelf: Shelf, incident: Incident, run: Run) -> tuple[Broken, ...]:
    """Return what had been broken, in the words of the version that runs now."""
    promised = {clause.key: clause for clause in shelf.contracts.clauses(run.contract_id)}
    seen = {breach.clause_key: breach for breach in shelf.incidents.breaches(incident.id)}
    return tuple(_once_broken(breach, promised.get(key)) for key, breach in seen.items())


def _once_broken(breach: Breach, clause: Clause | None) -> Broken:
    if clause is None:
        return Broken(clause=breach.clause_key, severity=breach.severity)
    return Broken(
        clause=clause.key,
        kind=clause.kind,
        description=clause.description,
        threshold=clause.threshold,
        schema=clause.schema,
        column=clause.column,
        severity=breach.severity,
    )
