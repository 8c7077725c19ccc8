"""The embedded default: one process tree, SQLite, no server to install."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from access.model import Principal, Role
from products.model import Connection
from runtime.build import build_store
from runtime.clock import now
from runtime.folder import occupied
from runtime.settings import Settings, environment
from runtime.supervisor import Supervisor
from store.engine import create_store_engine
from store.migrate import migrate
from usecases.connections import put_connection
from usecases.tokens import create_token, list_tokens

_OPERATOR: Final = Principal(name="operator", role=Role.ADMIN)
_START: Final = 90.0  # seconds to wait for the children to be well
_LOCAL: Final = "local"  # name of the connection that --root makes


class CannotStart(Exception):
    """The service cannot start, or did not become well; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A running service: where it is, and the first admin token, which is known only this once."""

    url: str
    secret: str | None
    supervisor: Supervisor


@contextmanager
def embedded(settings: Settings, roots: tuple[Path, ...]) -> Iterator[Started]:
    """Run the service on ``settings.data`` while the block runs; ended within 10 s.

    Args:
        settings: Host, port, data folder and all the rest.
        roots: Absolute folders that connection ``local`` may read; empty leaves it as it is.

    Raises:
        FolderUnusable: the data folder cannot be used.
        CannotStart: the port is taken.
    """
    with occupied(settings.data):
        _must_be_free(settings.host, settings.port)
        migrate(create_store_engine(settings.database))
        secret = _first_token(settings)
        if roots:
            connection = Connection(name=_LOCAL, source="files", roots=roots)
            put_connection(build_store(settings), connection, by=_OPERATOR, clock=now)
        children = environment(
            settings.model_copy(update={"data": settings.data.absolute()}),
            ASSAY_SUPERVISOR=str(os.getpid()),
            PYTHONWARNINGS="ignore",
        )
        supervisor = Supervisor(commands=_commands(settings), environment=children)
        try:
            supervisor.start()
            yield Started(url=settings.base_url, secret=secret, supervisor=supervisor)
        finally:
            supervisor.stop()


def await_ready(started: Started) -> None:
    """Wait until the API answers and the engine has given a sign of life.

    Raises:
        CannotStart: that took longer than 90 s, or a process ended.
    """
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        down = started.supervisor.watch()
        if down:
            raise CannotStart(f"the {' and '.join(down)} ended at once; see the lines above")
        if _answers(f"{started.url}/health/ready"):
            return
        time.sleep(0.1)
    raise CannotStart(f"the service at {started.url} was not ready within {_START:.0f} s")


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False


def _must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port"
            ) from error


def _first_token(settings: Settings) -> str | None:
    store = build_store(settings)
    if list_tokens(store, by=_OPERATOR):
        return None
    holder = Principal(name="admin", role=Role.ADMIN)
    return create_token(store, holder, by=_OPERATOR, clock=now)[1]


def _commands(settings: Settings) -> dict[str, list[str]]:
    python = [sys.executable, "-m"]
    api = ["uvicorn", "--factory", "api.main:create", "--host", settings.host]
    api += ["--port", str(settings.port), "--log-level", "warning", "--no-access-log"]
    api += ["--timeout-graceful-shutdown", "4"]
    worker = ["celery", "--quiet", "-A", "worker.main", "worker", "--pool", "prefork"]
    worker += ["--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {"api": python + api, "worker": python + worker}
