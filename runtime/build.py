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
from store.engine import create_memo, create_reading_engine, create_store_engine
from store.sql_store import SqlStore
from usecases.pace import Pace
from usecases.ports import Store
from usecases.send_notices import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParts:
    """What an engine drives, and with what.

    Attributes:
        send: Hands a run to the broker.
        post: Carries a notice.
        url: Where people reach the service.
    """

    store: Store
    send: Callable[[int], None]
    pace: Pace
    post: Post
    url: str
    clock: Callable[[], datetime]


def build_store(settings: Settings) -> SqlStore:
    """Return the store; opens nothing until it is used."""
    return SqlStore(create_store_engine(settings.database))


def build_serving_store(settings: Settings) -> SqlStore:
    """Return the store for a process that answers many reads and never forks."""
    engine = create_store_engine(settings.database)
    reader = create_reading_engine(engine)
    return SqlStore(engine, reader=reader, memo=create_memo(engine, reader))


def build_pace(settings: Settings) -> Pace:
    """Return how the queue is driven."""
    return Pace(
        in_flight=2 * settings.concurrency,
        redispatch=timedelta(seconds=max(settings.lease_seconds, 5.0)),
        attempts=settings.attempts,
    )


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
    return EngineParts(
        store=build_store(settings),
        send=partial(send, app),
        pace=build_pace(settings),
        post=build_post(settings),
        url=settings.base_url,
        clock=now,
    )
