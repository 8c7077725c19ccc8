"""A whole service for the time of a measurement, on SQLite or on PostgreSQL and Redis."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

import psycopg
from sqlalchemy import Engine

from store.engine import create_store_engine
from store.migrate import migrate
from tools.bench.children.start import ROOT, ChildFailed
from tools.bench.runs.work import prepare

_HOST: Final = "127.0.0.1"
_START: Final = 120.0  # seconds in which the service must be ready
_END: Final = 12.0
_LAST: Final = 2000  # letters of a log


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is started.

    Attributes:
        database: sqlite or postgresql.
        products: How many there are; ``scheduled`` every minute or not at all.
        workers: Worker processes: pool children on SQLite, workers of one child on PostgreSQL.
        judge: Whether data is judged; else every clause passes after ``seconds``.
        more: Further settings.
    """

    database: str = "sqlite"
    products: int = 50
    scheduled: bool = False
    workers: int = 2
    judge: bool = True
    seconds: float = 0.0
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Service:
    """A running service, its database, and its processes by name."""

    wanted: Wanted
    folder: Path
    port: int
    token: str
    engine: Engine
    environment: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start one process, named ``api``, ``scheduler`` or ``worker0`` and so on."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - our own commands
                self._command(name),
                cwd=ROOT,
                env=dict(self.environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """End a process and all it started, as the system does when memory runs out."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()

    def stop(self) -> None:
        """End everything."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(_END)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def workers(self) -> list[str]:
        """Names of its worker processes."""
        return [name for name in self.processes if name.startswith("worker")]

    def _command(self, name: str) -> Sequence[str]:
        python = [sys.executable, "-m"]
        if name == "api":
            command = [*python, "uvicorn", "--factory", "api.main:create", "--host", _HOST]
            return [*command, "--port", str(self.port), "--log-level", "warning", "--no-access-log"]
        if name == "scheduler":
            return [*python, "worker.scheduler"]
        app = "worker.main" if self.wanted.judge else "tools.bench.children.no_judge"
        command = [*python, "celery", "--quiet", "-A", app, "worker", "--pool", "prefork"]
        command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        return [*command, "--without-heartbeat", "--hostname", f"{name}@bench"]


@contextmanager
def served(wanted: Wanted) -> Iterator[Service]:
    """Start what is wanted; it ends with the block.

    Raises:
        ChildFailed: it did not become ready.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="assay-bench-")))
        postgresql = wanted.database == "postgresql"
        url = stack.enter_context(empty_database(wanted.database, folder))
        broker = stack.enter_context(_redis(folder)) if postgresql else "memory://localhost/"
        engine = create_store_engine(url)
        stack.callback(engine.dispose)
        migrate(engine)
        token = prepare(engine, folder, products=wanted.products, scheduled=wanted.scheduled)
        service = Service(
            wanted=wanted,
            folder=folder,
            port=_free_port(),
            token=token,
            engine=engine,
            environment=_environment(wanted, url, broker),
        )
        stack.callback(service.stop)
        many = wanted.workers if postgresql else 1
        for name in (
            "api",
            *(["scheduler"] if postgresql else []),
            *(f"worker{n}" for n in range(many)),
        ):
            service.start(name)
        _await_ready(service)
        yield service


def _environment(wanted: Wanted, url: str, broker: str) -> Mapping[str, str]:
    own = 1 if wanted.database == "postgresql" else wanted.workers
    return {
        **os.environ,  # noqa: TID251 - a benchmark's children
        "PYTHONWARNINGS": "ignore",
        "ASSAY_DATABASE_URL": url,
        "ASSAY_BROKER_URL": broker,
        "ASSAY_CONCURRENCY": str(own),
        "ASSAY_SLOTS": str(wanted.workers),
        "BENCH_SECONDS": str(wanted.seconds),
        **wanted.more,
    }


def _await_ready(service: Service) -> None:
    """Wait until the API answers and an engine lives: it starts once the pool stands."""
    wait(lambda: _is_ready(service), _START, service)


def _is_ready(service: Service) -> bool:
    for name, process in service.processes.items():
        if process.poll() is not None:
            raise ChildFailed(name, (service.folder / f"{name}.log").read_text()[-_LAST:])
    logged = [(service.folder / f"{name}.log").read_text() for name in service.workers()]
    if "Error" in "".join(logged) or not _answers(service.port):
        return False
    return service.wanted.database == "sqlite" or _queue_is_read(service)


def _queue_is_read(service: Service) -> bool:
    """Whether each worker has had the time to start its children: their engines take seconds."""
    return all(_children(service.processes[name].pid) for name in service.workers())


def _children(pid: int) -> list[str]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return tasks.read_text().split() if tasks.exists() else []


def wait(done: Callable[[], bool], seconds: float, service: Service) -> None:
    """Wait until something is so.

    Raises:
        ChildFailed: it is not, after so many seconds; with the end of the workers' logs.
    """
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            logs = "".join((service.folder / f"{n}.log").read_text() for n in service.workers())
            raise ChildFailed("service", f"not done after {seconds:.0f} s; {logs[-_LAST:]}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    connection = HTTPConnection(_HOST, port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200  # noqa: PLR2004 - as HTTP has it
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """URL of a database that holds nothing; on PostgreSQL it goes with the block."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'assay.db'}"
        return
    user = os.environ.get("PGUSER", "postgres")  # noqa: TID251 - as its own tools do
    name = f"assay_bench_{uuid4().hex[:8]}"
    with psycopg.connect(host=_HOST, user=user, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"postgresql+psycopg://{user}@{_HOST}:5432/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    port = _free_port()
    command = ["redis-server", "--port", str(port), "--bind", _HOST, "--save", "", "--dir"]
    process = subprocess.Popen([*command, str(folder)], stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        yield f"redis://{_HOST}:{port}/0"
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as held:
        held.bind((_HOST, 0))
        port: int = held.getsockname()[1]
    return port
