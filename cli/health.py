"""``assay health``: one part of a service by itself, for whatever watches processes."""

from typing import Final, Literal

import httpx2

from checks.attempt import Fault, attempt
from cli.client import reason
from cli.database import existing_engine
from cli.errors import ServiceFault, Unready
from cli.options import settings
from cli.output import GOOD, Form, line, show, show_json
from runtime.clock import now
from runtime.queue import create_queue
from runtime.settings import Settings
from store.sql_store import SqlStore
from usecases.health import health as look

_PATIENCE: Final = 3  # seconds
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where the API listens
Part = Literal["api", "worker", "scheduler"]


def health(part: Part, /, *, form: Form = "text") -> None:
    """Say whether one part of the service is well, from where it runs.

    Args:
        part: api: does it answer here? scheduler: does the database show a sign of life of an
            engine, wherever one runs? worker: that, and can the broker be reached from here?
        form: Answer for people or for programs.
    """
    read = settings()
    if part == "api":
        _answers(read)
    else:
        _ticks(read)
    if part == "worker":
        _reaches_broker(read)
    if form == "json":
        show_json({"part": part, "well": True})
    else:
        show(line(f"{part} ", ("well", GOOD)))


def _answers(read: Settings) -> None:
    host = _ANY.get(read.host, read.host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{read.port}/health/live"
    try:
        with httpx2.Client(timeout=_PATIENCE, trust_env=False) as http:
            status = http.get(url).status_code
    except httpx2.TransportError as error:
        raise ServiceFault(
            f"nothing answers at {url}: {reason(error)}; see the log of the API"
        ) from error
    if status != httpx2.codes.OK:
        raise ServiceFault(f"{url} answers with status {status}; see the log of the API")


def _ticks(read: Settings) -> None:
    engine = existing_engine(read)
    try:
        found = look(SqlStore(engine), clock=now)
    finally:
        engine.dispose()
    if not found.well:
        silent = " and ".join(found.silent)
        raise ServiceFault(
            f"no sign of life of {silent} for 30 s; see the logs of schedulers and workers"
        )


def _reaches_broker(read: Settings) -> None:
    with create_queue(read).connection_for_write() as broker:
        reached = attempt(lambda: broker.ensure_connection(max_retries=1, timeout=_PATIENCE))
    if isinstance(reached, Fault):
        raise Unready(f"the broker at ASSAY_BROKER_URL cannot be reached: {reached}")
