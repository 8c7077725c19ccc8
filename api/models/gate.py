"""Gates: whether a product may be relied on."""

from datetime import datetime

from pydantic import Field

from api.models.base import Shape
from api.models.runs import RunDocument
from scorecards.gate import Verdict


class ReasonDocument(Shape):
    """Why a gate does not open."""

    verdict: Verdict = Field(description="`closed`: it is known to be bad; `unsure`: nobody knows.")
    code: str = Field(examples=["clause-failing", "score-too-low", "clause-too-old"])
    detail: str = Field(examples=["orders.status (enum) is broken: 75 of 150,040 rows"])
    clause: str | None = Field(
        description="The clause that it is about; null: the product as a whole."
    )


class GateDocument(Shape):
    """A verdict for whoever relies on a product, with every reason for it."""

    product: str = Field(examples=["sales.orders"])
    verdict: Verdict = Field(description="`open` only when nothing is broken or unknown.")
    reasons: list[ReasonDocument] = Field(description="What is known to be bad first.")
    skipped: int = Field(
        description="Blocking promises that no run judges: they neither open nor close it."
    )
    low: float | None = Field(description="S_low, 0 to 100, which a gate uses.")
    assurance: float
    last_run: RunDocument | None
    at: datetime
