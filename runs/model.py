"""A run: one judging of one contract version, as a row that workers hand around."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from checks.model import Progress
from contracts.timetable import Timetable


class RunState(StrEnum):
    """The life of a run.

    ``ERRORED``: it ended, but nothing blocking could be told. ``LOST``: its attempts ran out.
    """

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    ERRORED = "errored"
    LOST = "lost"

    @property
    def terminal(self) -> bool:
        """Whether nothing more will happen to it."""
        return self in {RunState.DONE, RunState.ERRORED, RunState.LOST}


class Trigger(StrEnum):
    """Why a run was asked for."""

    SCHEDULE = "schedule"
    API = "api"
    EVENT = "event"
    LINEAGE = "lineage"
    GATE = "gate"
    SHADOW = "shadow"
    BACKTEST = "backtest"


Lines: TypeAlias = tuple[str, ...] | None
"""Timetables whose clauses are judged, see ``runs.agenda``; None: all clauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The slice of time that a delivery covers; UTC, ``start`` <= ``end``.

    One without length is no slice: it stands for all the data that is there at ``end``.
    """

    start: datetime
    end: datetime

    @property
    def whole(self) -> bool:
        """Whether it is about all that is there at its end."""
        return self.start == self.end

    @classmethod
    def up_to(cls, end: datetime) -> "Interval":
        """Return what stands for all the data that is there at ``end``."""
        return cls(start=end, end=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run as it is recorded. Times are UTC; None means not yet.

    Attributes:
        fence: Rises with every claim; only the holder of the newest may record.
        attempt: How often it was claimed, from 1; 0 while never.
        outcome: The report's verdict; None until recorded.
        counts: Clauses per outcome; empty until recorded.
        seconds: Wall seconds of the judging, by phase (``pandera``, ``total`` ...).
        error: Why it errored or was lost; empty otherwise.
        progress: How far it is; None while it is not being judged, and in its first second.
        cause: Who or what asked, such as a token's or a job's name; empty when not known.
        triggers: How often it was asked for, from 1: triggers join a run that waits.
        lines: The timetables whose clauses it judges, see ``runs.agenda``; None: all clauses.
    """

    id: int
    product: str
    contract_id: str
    version: str
    trigger: Trigger
    state: RunState
    interval: Interval
    fence: int = 0
    attempt: int = 0
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    lease_until: datetime | None = None
    outcome: str | None = None
    counts: dict[str, int]
    seconds: dict[str, float]
    error: str = ""
    progress: Progress | None = None
    cause: str = ""
    triggers: int = 1
    lines: Lines = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to record one run, until the lease ends or a newer fence is given out."""

    run_id: int
    fence: int
    attempt: int
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A run that is asked for.

    Attributes:
        key: What makes it the same request twice (schedule and instant, or an idempotency key).
        schedule_id: The schedule that asks; None otherwise.
        instant: The scheduled instant, UTC; None without a schedule.
        cause: Who or what asks, such as a token's or a job's name; empty when not known.
        lines: The timetables whose clauses are to be judged; None: all clauses.
    """

    key: str
    contract_id: str
    version: str
    trigger: Trigger
    interval: Interval
    created: datetime
    schedule_id: int | None = None
    instant: datetime | None = None
    cause: str = ""
    lines: Lines = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Who let a schedule stand still, when (UTC) and why."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The timetable of some clauses: a cron line, its instants counting behind ``since``, UTC."""

    cron: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A contract's timetables as a row that ticks. Times are UTC.

    Attributes:
        timetable: The contract's own; empty where only clauses have one.
        anchor: Where intervals are counted from.
        instant: The next nominal instant of any timetable.
        due_at: ``instant`` and its jitter: when the tick fires it.
        pause: Why it stands still; None while it ticks.
        parts: Timetables of clauses that have one of their own.
    """

    id: int
    contract_id: str
    version: str
    timetable: Timetable
    anchor: datetime
    instant: datetime
    due_at: datetime
    pause: Pause | None = None
    parts: tuple[Part, ...] = ()

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self.pause is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a schedule is moved on to: see ``Schedule``."""

    schedule: Schedule
    instant: datetime
    due_at: datetime
