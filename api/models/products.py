"""Products and their scorecards."""

from datetime import datetime

from pydantic import Field

from api.models.base import ContractRef, Listing, Shape
from api.models.incidents import IncidentDocument
from api.models.runs import ResultDocument, RunDocument
from contracts.values import Dimension
from scorecards.change import ChangeKind


class DimensionDocument(Shape):
    """One of the seven dimensions of quality."""

    dimension: Dimension
    value: float | None = Field(description="0 to 100; null: not measured.")
    clauses: int
    failing: int


class ScoreDocument(Shape):
    """Quality and assurance at one moment; never blended."""

    quality: float | None = Field(description="0 to 100, after the cap; null: not measured.")
    low: float | None = Field(description="The same with what is unknown taken as failed.")
    high: float | None = Field(description="The same with what is unknown taken as passed.")
    uncapped: float | None = Field(description="Quality before the cap.")
    cap: str = Field(description="Why the score is capped; empty when it is not.")
    assurance: float = Field(
        description="0 to 1: the share of the promise that a recent verdict backs."
    )
    dimensions: list[DimensionDocument]
    clauses: int = Field(description="Executable clauses.")
    failing: int = Field(description="Clauses whose newest verdict is a failure.")
    lost: dict[str, float] = Field(
        description="Points that the score would gain were this clause passing, by clause."
    )
    model: str = Field(description="Version of the arithmetic.")


class ProductDocument(Shape):
    """A data product."""

    key: str = Field(examples=["sales.orders"])
    domain: str = Field(examples=["sales"])
    name: str
    purpose: str
    owner: str | None


class JudgedProduct(ProductDocument):
    """A product with its score now, and what of it nobody could judge."""

    score: ScoreDocument
    errored: int = Field(description="Clauses whose newest answer is `errored`: nobody could tell.")
    lost_runs: int = Field(description="Contracts whose newest run was lost, so nobody could tell.")


class ProductSummary(JudgedProduct):
    """A product in a list: how it is now."""

    open_incidents: int
    last_run: RunDocument | None


class CountDocument(Shape):
    """How many products are of a kind."""

    name: str = Field(description="The domain, or the owner; empty: without owner.")
    products: int


class ProductListing(Listing[ProductSummary]):
    """One page of the catalog, with counts over all pages."""

    total: int = Field(description="Products that are wanted.")
    domains: list[CountDocument] = Field(
        description="Products by domain, as if none had been asked for; the most first."
    )
    owners: list[CountDocument] = Field(
        description="Products by owner, as if none had been asked for; the most first."
    )


class ScheduleDocument(Shape):
    """When a contract is judged: by cron or by interval."""

    cron: str | None
    every_seconds: float | None = Field(description="Length of the interval, s.")
    timezone: str = Field(description="IANA name in which `cron` is read.")
    next_run: datetime = Field(description="UTC, with jitter.")
    paused: bool


class PortDocument(Shape):
    """An output port, and the contract version that it promises now."""

    name: str
    contract: ContractRef
    published_at: datetime
    schedule: ScheduleDocument | None


class LineDocument(ResultDocument):
    """A clause with its newest answer."""

    contract: str = Field(description="Id of the contract that promises it.")
    run: int | None = Field(description="The run that answered; null: never run.")
    known_at: datetime | None = Field(description="When that answer became known, UTC.")
    good: bool | None = Field(
        description="The newest verdict, which outlives errored and skipped runs; null: none yet."
    )
    judged_at: datetime | None = Field(description="When that verdict became known, UTC.")
    lost: float = Field(description="Points that the score would gain were it passing.")


class SnapshotDocument(Shape):
    """The score as it was at the end of a run, or a day after the one before."""

    at: datetime
    run: int = Field(description="The newest run that counted.")
    quality: float | None
    low: float | None
    high: float | None
    assurance: float
    model: str


class Scorecard(JudgedProduct):
    """All that a consumer needs to decide whether to rely on a product."""

    at: datetime = Field(description="The moment that everything here is about, UTC.")
    ports: list[PortDocument]
    clauses: list[LineDocument]
    incidents: list[IncidentDocument] = Field(description="The newest, open ones first.")
    history: list[SnapshotDocument] = Field(
        description="Scores of 90 days, oldest first; of more than 200, no dip is left out."
    )
    runs: list[RunDocument] = Field(description="The newest, newest first.")
    evidence_shown: bool = Field(description="Whether you may see evidence of this product.")


class ChangeDocument(Shape):
    """One thing that happened between two scores."""

    kind: ChangeKind
    contract: str | None = Field(description="Null where the cap on the score changed.")
    clause: str | None
    schema_: str | None = Field(alias="schema")
    column: str | None
    points: float | None = Field(
        description="The score now less the score without this change; below 0 where it cost."
    )
    at: datetime | None = Field(description="When it happened, UTC; null: not known.")
    run: int | None = Field(description="The run that found it.")
    version: str | None = Field(description="The contract version that brought it.")
    why: str = Field(description="What the run said.")
    sentence: str = Field(
        examples=["orders.amount: at least 0 - failed since 2 Nov 06:02, run 12 (-8.2)"]
    )


class ExplanationDocument(Shape):
    """Why a score is not what it was."""

    product: str = Field(examples=["sales.orders"])
    since: datetime
    at: datetime
    then: ScoreDocument
    now: ScoreDocument
    changes: list[ChangeDocument] = Field(description="What cost most first.")
    together: float | None = Field(
        description="Points that the changes move together, beyond what each moves alone."
    )
    rest: str = Field(description="The same in words; empty where there is nothing to speak of.")
