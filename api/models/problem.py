"""Problem documents (RFC 9457) and the entries in them."""

from datetime import datetime

from pydantic import ConfigDict, Field

from api.models.base import Shape
from contracts.problems import Level


class ProblemEntry(Shape):
    """One thing wrong in what was sent."""

    code: str = Field(description="Stable name of the kind of problem.", examples=["unknown-key"])
    pointer: str = Field(description="JSON pointer (RFC 6901) to the place; empty: the whole.")
    line: int | None = Field(description="Line in the text from 1; null where there is no text.")
    column: int | None = Field(description="Column in the line from 1, in characters.")
    severity: Level
    detail: str = Field(description="What is wrong and what to write instead.")


class ProblemDocument(Shape):
    """Why a request was not answered as asked."""

    model_config = ConfigDict(extra="allow", title="ProblemDocument")

    type: str = Field(
        description="Stable name of the problem.", examples=["urn:assay:problem:not-found"]
    )
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="HTTP status.", examples=[404])
    detail: str = Field(examples=["there is no product 'sales.orders'"])
    instance: str = Field(description="Path that was asked for.")
    request_id: str = Field(description="Also in `X-Request-Id`, and in the log of a fault.")
    errors: list[ProblemEntry] | None = Field(None, description="Each thing that is wrong.")
    silent: dict[str, datetime | None] | None = Field(
        None, description="Parts without a sign of life, and their last one; null: never."
    )
