"""Runs and the results in them."""

from datetime import datetime

from pydantic import Field

from api.models.base import ContractRef, Shape
from checks.model import Outcome
from contracts.clause import Kind
from contracts.values import Dimension, EngineName, Severity
from runs.model import RunState, Trigger

Cell = None | bool | int | float | str


class DataInterval(Shape):
    """The slice of time that a delivery covers, UTC."""

    start: datetime | None = Field(description="Null: all the data that was there at `end`.")
    end: datetime


class RunDocument(Shape):
    """One judging of one contract version. Times are UTC; null means not yet."""

    id: int
    product: str = Field(examples=["sales.orders"])
    contract: ContractRef
    trigger: Trigger
    cause: str = Field(
        description="Why it was asked for, in words.",
        examples=["lineage, job airflow/load.orders"],
    )
    triggers: int = Field(
        description="How often it was asked for: what comes while it waits joins it."
    )
    state: RunState
    outcome: Outcome | None = Field(
        description="The verdict: `failed`: the data broke a promise; `errored`: nobody could tell."
    )
    interval: DataInterval
    attempt: int = Field(description="How often a worker took it, from 1; 0: never yet.")
    created: datetime
    started: datetime | None
    finished: datetime | None
    counts: dict[Outcome, int] = Field(description="Clauses by outcome; empty until recorded.")
    seconds: dict[str, float] = Field(description="Wall seconds by phase; empty until recorded.")
    error: str = Field(description="Why it errored or was lost; empty otherwise.")


class EvidenceDocument(Shape):
    """At most 20 of the rows that broke a promise; sensitive cells are masked."""

    columns: list[str]
    rows: list[list[Cell]] = Field(description="Each row is as long as `columns`.")
    offending: list[str] = Field(description="Columns that hold the offending cells.")
    masked: list[str] = Field(description="Columns whose cells are masked.")


class ResultDocument(Shape):
    """The answer to one clause."""

    clause: str = Field(
        description="Identity of the clause, the same in every version.",
        examples=["/schema/orders/properties/amount/minimum"],
    )
    pointer: str = Field(description="JSON pointer to its place in the judged version.")
    kind: Kind
    schema_: str | None = Field(alias="schema", description="Physical name of the object.")
    column: str | None = Field(description="Physical name of the column; null: several or none.")
    engine: EngineName | None = Field(description="Who judges it; null: nobody can.")
    outcome: Outcome
    severity: Severity
    blocking: bool = Field(description="Whether a failure opens an incident.")
    dimension: Dimension | None
    measured: Cell = Field(description="The value held against the threshold.")
    unit: str | None = Field(description="Unit of `measured`: `rows`, `percent`, `type` ...")
    threshold: str = Field(description="What is promised, in words.", examples=["at least 0"])
    description: str = Field(description="What the contract's author says of it; may be empty.")
    rows: int | None = Field(description="Rows judged; null where rows do not apply.")
    failed_rows: int | None = Field(description="Rows that broke the promise, exact.")
    reason: str = Field(description="Why it failed, errored or was skipped; empty when it passed.")
    evidence: EvidenceDocument | None = Field(description="Null for those who may not see it.")


class ResultsOfRun(Shape):
    """All results of one run."""

    run: int
    results: list[ResultDocument]
    evidence_shown: bool = Field(description="Whether you may see evidence of this product.")


class QueuedRuns(Shape):
    """Runs that were asked for, one for each port; they wait for a worker."""

    runs: list[RunDocument]
