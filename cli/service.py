"""``assay api``, ``worker`` and ``scheduler``: this process becomes one part of a service."""

import os
import socket
import sys
from collections.abc import Sequence
from typing import NoReturn

from cli.database import existing_engine
from cli.errors import BadUsage, Unready
from cli.options import settings
from cli.output import Form
from runtime.settings import Settings, environment
from store.migrate import ahead

_STOP = "4"  # seconds that requests under way may take when the API is asked to end


def api(*, form: Form = "text") -> None:
    """Run the API and its pages at ASSAY_HOST and ASSAY_PORT.

    Args:
        form: Form of the logs.
    """
    read = _ready()
    _must_be_free(read.host, read.port)
    command = ["uvicorn", "--factory", "api.main:create", "--host", read.host]
    command += ["--port", str(read.port), "--log-level", read.log_level.lower()]
    _become([*command, "--no-access-log", "--timeout-graceful-shutdown", _STOP], read, form)


def worker(*, form: Form = "text") -> None:
    """Run a worker: ASSAY_CONCURRENCY runs at once, from the broker at ASSAY_BROKER_URL.

    Args:
        form: Form of the logs.
    """
    read = _ready()
    command = ["celery", "-A", "worker.main", "worker", "--pool", "prefork"]
    command += ["--concurrency", str(read.concurrency), "--loglevel", read.log_level]
    _become([*command, "--without-gossip", "--without-mingle", "--without-heartbeat"], read, form)


def scheduler(*, form: Form = "text") -> None:
    """Run the engine alone: it ticks, hands out runs, takes back lost ones and sends notices.

    Args:
        form: Form of the logs.
    """
    read = _ready()
    if read.broker_url.get_secret_value().startswith("memory"):
        raise BadUsage(
            "a scheduler of its own needs a broker that workers share: set ASSAY_BROKER_URL, "
            "such as redis://localhost; a worker on memory:// schedules by itself"
        )
    _become(["worker.scheduler"], read, form)


def _ready() -> Settings:
    """Return the settings, once the database is known to fit.

    Raises:
        Unready: There is no database, or it is of an older release.
        UnknownRevision: It is of a newer one.
    """
    read = settings()
    engine = existing_engine(read)
    try:
        if ahead(engine):
            raise Unready("the database is of another release; bring it here with 'assay migrate'")
    finally:
        engine.dispose()
    return read


def _must_be_free(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unready(
            f"cannot listen on {host}:{port}: {reason}; choose another by ASSAY_HOST and ASSAY_PORT"
        ) from error


def _become(module: Sequence[str], read: Settings, form: Form) -> NoReturn:
    """Replace this process by ``python -m module``."""
    kept = {"ASSAY_LOG_FORMAT": "json"} if form == "json" else {}
    os.execve(sys.executable, [sys.executable, "-m", *module], environment(read, **kept))  # noqa: S606 - no shell is wanted
