"""The feed of events, and the pausing of schedules."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue

from access.event import EventKind
from api.models.base import Prose, Shape

_FINISHED: Final = {
    "product": "sales.orders",
    "run": 4711,
    "contract": "orders",
    "version": "1.2.0",
    "trigger": "schedule",
    "state": "done",
    "outcome": "failed",
    "counts": {"passed": 41, "failed": 1, "errored": 0, "skipped": 2},
    "seconds": 1.84,
}
_PAUSED: Final = {"at": "2026-11-20T09:41:00Z", "by": "orders-team", "reason": "the source moves"}
Reason = Annotated[Prose, Field(min_length=1, max_length=500)]


class EventDocument(Shape):
    """Something that happened, as a CloudEvent (1.0, JSON)."""

    specversion: Literal["1.0"] = Field(examples=["1.0"])
    id: str = Field(description="Rises with time; unique within `source`.", examples=["1048"])
    source: str = Field(
        description="Address of the service.", examples=["https://assay.example.org"]
    )
    type: EventKind = Field(examples=[EventKind.RUN_FINISHED])
    subject: str = Field(description="What it happened to.", examples=["run/4711"])
    time: datetime = Field(description="UTC.", examples=["2026-11-20T09:41:00Z"])
    datacontenttype: Literal["application/json"] = Field(examples=["application/json"])
    data: dict[str, JsonValue] = Field(
        description="What there is to say: always `product` (null: none), the rest by `type`. "
        "Never a row of data, a secret or an address. Members may be added.",
        examples=[_FINISHED],
    )


class EventPage(Shape):
    """A stretch of the feed, oldest first."""

    items: list[EventDocument]
    next: str = Field(
        description="Give it as `after`, now or later: what has happened since comes then, and "
        "nothing is passed over. Always there, also at the end.",
        examples=["1048"],
    )


class PauseDocument(Shape):
    """Who let a schedule stand still, when (UTC) and why."""

    at: datetime
    by: str = Field(description="Name of a token.")
    reason: str


class ContractSchedule(Shape):
    """When a contract is judged, and whether it is at present."""

    contract: str = Field(examples=["orders"])
    cron: str | None = Field(examples=["0 6 * * *"])
    every_seconds: float | None = Field(description="Length of the interval, s.", examples=[None])
    timezone: str = Field(description="IANA name in which `cron` is read.", examples=["UTC"])
    next_run: datetime | None = Field(
        description="UTC, with jitter; null while it stands still.", examples=[None]
    )
    paused: bool = Field(examples=[True])
    pause: PauseDocument | None = Field(
        description="Why it stands still; null while it does not.", examples=[_PAUSED]
    )


class ScheduleChange(Shape):
    """Let a schedule stand still, or tick again."""

    paused: bool = Field(strict=True, examples=[True])
    reason: Reason | None = Field(
        None, description="Why; a pause needs one.", examples=["the source moves"]
    )
