"""The harness's own Redis and PostgreSQL: free ports, a temporary folder, gone at the end."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psycopg

from tools.chaos.parts import Part

_BINARIES: Final = Path("/usr/lib/postgresql")
_UNPRIVILEGED: Final = "postgres"  # initdb refuses to work for root
_START: Final = 30.0


class Missing(Exception):
    """A program that the harness needs is not installed; the message names it."""


def free_port() -> int:
    """Return a TCP port of the loopback address that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def redis(folder: Path, environment: dict[str, str]) -> tuple[Part, str]:
    """Return a Redis that keeps nothing, and its URL.

    Raises:
        Missing: there is no redis-server.
    """
    binary = _found("redis-server")
    port = free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    command += ["--appendonly", "no", "--dir", str(folder)]
    part = Part(name="redis", command=command, environment=environment, folder=folder)
    return part, f"redis://127.0.0.1:{port}/0"


def postgresql(folder: Path, environment: dict[str, str]) -> tuple[Part, str]:
    """Return a new PostgreSQL cluster with its server, and the database's URL.

    Raises:
        Missing: there is no PostgreSQL, or nobody to run it as.
    """
    bin_folder = _postgres_folder()
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    cluster = folder / "cluster"
    cluster.mkdir()
    if user is not None:
        shutil.chown(cluster, user, user)
    _initialise(bin_folder, cluster, user)
    port = free_port()
    command = [str(bin_folder / "postgres"), "-D", str(cluster), "-p", str(port), "-k", ""]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=32MB"]
    part = Part(
        name="postgresql",
        command=command,
        environment=environment,
        folder=folder,
        user=user,
        ask=signal.SIGINT,
    )
    return part, f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"


def await_redis(url: str) -> None:
    """Wait until Redis takes connections."""
    host, port = url.removeprefix("redis://").removesuffix("/0").split(":")

    def answers() -> bool:
        with socket.create_connection((host, int(port)), timeout=1):
            return True

    _await(answers, "Redis")


def await_postgresql(url: str) -> None:
    """Wait until PostgreSQL takes connections."""

    def answers() -> bool:
        with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=2):
            return True

    _await(answers, "PostgreSQL")


def _await(answers: Callable[[], bool], name: str) -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        try:
            if answers():
                return
        except (OSError, psycopg.OperationalError):
            time.sleep(0.05)
    raise Missing(f"{name} did not take connections within {_START:.0f} s")


def _initialise(bin_folder: Path, cluster: Path, user: str | None) -> None:
    made = subprocess.run(  # noqa: S603 - our own command
        [
            str(bin_folder / "initdb"),
            *("-D", str(cluster), "-U", "postgres", "-A", "trust"),
            *("-E", "UTF8", "--locale=C", "--no-sync"),
        ],
        cwd=cluster,
        user=user,
        group=user,
        extra_groups=None if user is None else (),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if made.returncode:
        raise Missing(f"initdb failed: {made.stderr.strip()[-400:]}")


def _postgres_folder() -> Path:
    versions = sorted(_BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    return Path(_found("initdb")).parent


def _found(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed, and the harness needs one of its own")
    return found
