"""Put what an incident's step means for its owner into the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from checks.model import Outcome, Result
from contracts.clause import Clause
from incidents.model import Breach, Incident, IncidentEvent, IncidentKind
from incidents.step import ASSAY, Change, IncidentStep
from notifications.model import Message, Notice
from notifications.render import opened, outage, recovered
from notifications.story import Broken, Story, broken_of
from products.model import Product
from runs.model import Run
from usecases.ports import Shelf


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


def tell(shelf: Shelf, step: IncidentStep, occasion: Occasion) -> None:
    """Queue one notice for each of the product's receivers, if ``step`` is one to tell.

    Where a product names nobody to tell, that is written on the incident's timeline.
    """
    incident, product = step.incident, shelf.products.get(occasion.run.product)
    if not step.change.told or incident is None or product is None:
        return
    shelf.notices.withdraw(incident.id)  # what was not sent in time is overtaken by this
    receivers = shelf.products.receivers(product.key)
    if not receivers:
        words = "nobody was told: the contract names no e-mail address under support or team"
        untold = IncidentEvent(at=occasion.now, kind="untold", actor=ASSAY, detail=words)
        shelf.incidents.save(incident, (untold,))
        return
    message = _message(step.change, _story(shelf, step.change, incident, product, occasion))
    for channel, target in receivers:
        shelf.notices.add(
            Notice(
                key=f"incident:{incident.id}:{step.change}:{occasion.run.id}",
                channel=channel,
                target=target,
                message=message,
                incident_id=incident.id,
                due_at=occasion.now,
            )
        )


def _message(change: Change, story: Story) -> Message:
    if change is Change.RESOLVED:
        return recovered(story)
    return outage(story) if story.kind is IncidentKind.OUTAGE else opened(story)


def _story(
    shelf: Shelf, change: Change, incident: Incident, product: Product, occasion: Occasion
) -> Story:
    run = occasion.run
    schedule = shelf.schedules.of(run.contract_id)
    over = change is Change.RESOLVED
    return Story(
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
        broken=_mended(shelf, incident, run) if over else _broken(incident, occasion.results),
        next_run=schedule.due_at if schedule else None,
        link=f"{occasion.url}/incidents/{incident.id}",
        again=change is Change.REOPENED,
        reason=incident.reason if over else occasion.error,
    )


def _broken(incident: Incident, results: Sequence[Result]) -> tuple[Broken, ...]:
    if incident.kind is IncidentKind.OUTAGE:
        return ()
    return tuple(broken_of(result) for result in results if result.outcome is Outcome.FAILED)


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
        description=clause.description,
        threshold=clause.threshold,
        schema=clause.schema,
        column=clause.column,
        severity=breach.severity,
    )
