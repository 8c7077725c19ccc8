"""Incidents with their timeline."""

from datetime import datetime

from pydantic import Field

from api.models.base import Prose, Shape
from api.models.notices import NoticeDocument
from api.models.runs import Cell
from contracts.values import Severity
from incidents.model import BreachState, IncidentKind, IncidentState


class IncidentDocument(Shape):
    """A product in trouble. Times are UTC; null means not yet."""

    id: int
    product: str = Field(examples=["sales.orders"])
    kind: IncidentKind = Field(
        description="`breach`: data broke promises; `outage`: it could not be judged."
    )
    state: IncidentState
    open: bool = Field(description="Whether somebody still has to do something.")
    title: str
    opened_at: datetime
    resolved_at: datetime | None
    acknowledged_by: str | None
    reason: str = Field(description="Why a person resolved it; empty otherwise.")


class IncidentEventDocument(Shape):
    """One entry of a timeline."""

    at: datetime
    kind: str
    actor: str = Field(description="Name of a token, or `assay` itself.")
    detail: str


class BreachDocument(Shape):
    """A failed clause, with its life."""

    fingerprint: str
    clause: str
    schema_: str | None = Field(alias="schema")
    column: str | None
    description: str | None = Field(description="Null here: the clause is promised no more.")
    threshold: str | None = Field(description="What is promised now, in words.")
    segment: str = Field(description="Empty: the whole data.")
    severity: Severity
    state: BreachState
    opened_at: datetime
    resolved_at: datetime | None
    reason: str | None = Field(
        description="Why it failed last while it was broken. Null, like all below: no result of it "
        "is kept.",
        examples=["3 of 9 rows are wrong"],
    )
    measured: Cell = Field(description="What was observed then; null also where nothing is.")
    unit: str | None
    rows: int | None = Field(description="Rows judged then; null also where rows do not apply.")
    failed_rows: int | None
    promised: str | None = Field(description="What was promised then, in words.")
    run: int | None = Field(description="The run that found it.")


class IncidentWhole(IncidentDocument):
    """An incident with all that belongs to it, each list oldest first."""

    events: list[IncidentEventDocument]
    breaches: list[BreachDocument]
    notices: list[NoticeDocument]


class Resolution(Shape):
    """Why a person ends an incident."""

    reason: Prose = Field(
        min_length=1, max_length=500, examples=["reloaded the delivery of 19 November"]
    )
