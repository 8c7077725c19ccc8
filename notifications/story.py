"""What there is to tell about an incident, as facts. ``notifications.render`` finds the words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from checks.model import Evidence, Result
from contracts.clause import Kind
from contracts.values import Severity
from incidents.model import IncidentKind


class News(StrEnum):
    """What there is to tell; the words are the types of events."""

    OPENED = "incident.opened"
    UPDATED = "incident.updated"
    OUTAGE = "incident.outage"
    RECOVERED = "incident.recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A promise that is broken.

    Attributes:
        clause: Key of the clause.
        kind: What it promises; None where that is not known any more.
        fresh: It was not broken when the incident was last told of.
        description: What the contract's author says about it; may be empty.
        threshold: What is promised, in words; may be empty.
        schema: Object it is about; None when about the whole product.
        column: Column it is about; None when about several or none.
        rows: Rows judged; None where rows do not apply.
        failed_rows: Rows that broke it; None where rows do not apply.
        reason: Why it failed, in one sentence.
        evidence: Sample of failing rows, masked already; None when there is none.
    """

    clause: str
    kind: Kind | None = None
    fresh: bool = False
    description: str = ""
    threshold: str = ""
    schema: str | None = None
    column: str | None = None
    severity: Severity
    rows: int | None = None
    failed_rows: int | None = None
    reason: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An incident as its owner hears of it. Times are UTC.

    Attributes:
        product: Key of the product, such as ``sales.orders``.
        name: Name of the product for people.
        owner: Who answers for the product; None when nobody is named.
        purpose: What the product is for; may be empty.
        version: Version of the contract that was judged; may be empty.
        opened_at: Since when the product is in trouble.
        now: The moment of telling; for a recovery, when the trouble ended.
        broken: Promises that are broken, or were before a recovery, in any order.
        next_run: When it is judged next by itself; None without a schedule.
        url: Where people reach the service; empty when they cannot.
        run_id: The run that told; 0 when there is none.
        others: Who else is told, in words.
        again: It was resolved not long ago and is back.
        reason: Why it ended, or why it cannot be judged, in one sentence.
        unjudged: Promises that the run could not judge beside those that are broken.
        doubt: Why the first of them could not be judged; may be empty.
    """

    news: News
    product: str
    name: str
    domain: str
    owner: str | None = None
    purpose: str = ""
    version: str = ""
    incident_id: int
    kind: IncidentKind = IncidentKind.BREACH
    opened_at: datetime
    now: datetime
    broken: tuple[Broken, ...] = ()
    next_run: datetime | None = None
    url: str = ""
    run_id: int = 0
    others: tuple[str, ...] = ()
    again: bool = False
    reason: str = ""
    unjudged: int = 0
    doubt: str = ""

    @property
    def link(self) -> str:
        """Address of the incident's page; empty when the service has none."""
        return f"{self.url}/incidents/{self.incident_id}" if self.url else ""

    @property
    def scorecard(self) -> str:
        """Address of the product's page; empty when the service has none."""
        return f"{self.url}/products/{quote(self.product, errors='replace')}" if self.url else ""


def broken_of(result: Result, *, fresh: bool = False) -> Broken:
    """Return a failed result as a broken promise."""
    clause, finding = result.clause, result.finding
    return Broken(
        clause=clause.key,
        kind=clause.kind,
        fresh=fresh,
        description=clause.description,
        threshold=clause.threshold,
        schema=clause.schema,
        column=clause.column,
        severity=clause.severity,
        rows=finding.rows,
        failed_rows=finding.failed_rows,
        reason=finding.reason,
        evidence=finding.evidence,
    )
