"""Build the parts from settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from celery import Celery

from notifications.channels import load
from notifications.model import Notice
from runtime.channels import build_channels
from runtime.clock import now
from runtime.queue import send
from runtime.settings import Settings
from store.clock import create_clock
from store.engine import create_memo, create_reading_engine, create_store_engine
from store.sql_store import SqlStore
from usecases.pace import Pace
from usecases.ports import Store
from usecases.retention import Keep
from usecases.send_notices import Post
from usecases.sweep import KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParts:
    """What an engine drives, and with what.

    Attributes:
        send: Hands a run to the broker.
        post: Carries a notice.
        url: Where people reach the service.
        keep: How long what is recorded is kept.
    """

    store: Store
    send: Callable[[int], None]
    pace: Pace
    post: Post
    url: str
    clock: Callable[[], datetime]
    keep: Keep = KEPT


def build_store(settings: Settings) -> SqlStore:
    """Return the store; opens nothing until it is used."""
    return SqlStore(create_store_engine(settings.database))


def build_timed_store(settings: Settings) -> tuple[SqlStore, Callable[[], datetime]]:
    """Return the store, and the clock that its leases are measured by; opens nothing as yet."""
    engine = create_store_engine(settings.database)
    return SqlStore(engine), create_clock(engine, now)


def build_serving_store(settings: Settings) -> SqlStore:
    """Return the store for a process that answers many reads and never forks."""
    engine = create_store_engine(settings.database)
    reader = create_reading_engine(engine)
    return SqlStore(engine, reader=reader, memo=create_memo(engine, reader))


def build_pace(settings: Settings) -> Pace:
    """Return how the queue is driven."""
    return Pace(
        in_flight=2 * (settings.slots or settings.concurrency),
        per_connection=settings.connection_runs,
        redispatch=timedelta(seconds=max(settings.lease_seconds, 5.0)),
        attempts=settings.attempts,
    )


def build_keep(settings: Settings) -> Keep:
    """Return how long what is recorded is kept; a setting of 0 days stands for ever."""
    read = {
        "evidence": settings.keep_evidence_days,
        "results": settings.keep_results_days,
        "scores": settings.keep_scores_days,
        "events": settings.keep_events_days,
        "notices": settings.keep_notices_days,
    }
    return Keep(**{name: timedelta(days=days) if days else None for name, days in read.items()})


def build_post(settings: Settings) -> Post:
    """Return what carries notices over the channels that are set up."""
    options = build_channels(settings)

    def post(notice: Notice) -> None:
        channel = load(notice.channel, options)
        thread = f"incident:{notice.incident_id}"
        channel.send(notice.target, notice.message, key=notice.key, thread=thread)

    return post


def build_engine_parts(settings: Settings, app: Celery) -> EngineParts:
    """Return what an engine of this process drives."""
    store, clock = build_timed_store(settings)
    return EngineParts(
        store=store,
        send=partial(send, app),
        pace=build_pace(settings),
        post=build_post(settings),
        url=settings.base_url,
        clock=clock,
        keep=build_keep(settings),
    )
