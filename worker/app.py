"""Build the worker's Celery app: one task, children that hold the engines, and the engine."""

import os
import socket

from celery import Celery, bootsteps
from celery.signals import worker_process_init, worker_process_shutdown
from celery.worker import WorkController
from typing_extensions import override

from checks import engines
from runtime.build import build_engine_parts, build_timed_store
from runtime.limits import build_limits
from runtime.logs import configure, logger
from runtime.orphan import end_with
from runtime.queue import JUDGE, create_queue
from runtime.secret import read_secret
from runtime.settings import Settings
from runtime.traces import build_tracing
from store.errors import StoreUnavailable
from store.forks import guard_forks
from usecases.execute_run import Executor, execute_run
from usecases.judge import judge_with
from worker.deadline import Deadline
from worker.ending import end_within
from worker.engine import Engine
from worker.keeper import Keeper
from worker.limits import limit_memory
from worker.patience import Patience
from worker.watched import watched_judge, watched_run

_log = logger(__name__)


def create_app(settings: Settings, *, with_engine: bool = True) -> Celery:
    """Build the app; importing this module starts nothing.

    Args:
        settings: What the operator set.
        with_engine: Whether the worker's main process also ticks, dispatches and sends notices,
            as the embedded default does.
    """
    configure(settings)
    end_with(settings.supervisor)
    guard_forks()
    app = create_queue(settings)
    _add_task(app, settings)
    _prepare_children(settings)
    if with_engine:
        app.steps["worker"].add(_engine_step(app, settings))
    return app


def _add_task(app: Celery, settings: Settings) -> None:
    store, clock = build_timed_store(settings)
    owner = f"{socket.gethostname()}:{os.getpid()}"
    end_within(store, owner)
    tracing = build_tracing("assay-worker")
    worker_process_shutdown.connect(lambda **_: tracing.close(), weak=False)
    deadline = Deadline(judge_with(build_limits(settings), clock), settings.run_seconds, clock)
    executor = Executor(
        owner=owner,
        judge=watched_judge(tracing, deadline),
        secrets=read_secret,
        hold=Keeper(store, settings.lease, clock).hold,
        lease=settings.lease,
        public_url=settings.base_url,
        clock=clock,
        persist=Patience(settings.lease).persist,
        per_connection=settings.connection_runs,
    )

    @app.task(name=JUDGE, shared=False, ignore_result=True)
    def judge(run_id: int) -> None:
        try:
            with watched_run(tracing, run_id):
                execute_run(store, run_id, executor)
        except StoreUnavailable as error:  # the run waits, and is handed over again
            _log.error("run not taken: the database is away", run_id=run_id, error=str(error))
        if deadline.overrun:
            os._exit(1)  # what nobody waits for any more would go on here


def _prepare_children(settings: Settings) -> None:
    """Make each new pool child import the engines: the process that forks must never do so."""

    def prepare(**_: object) -> None:
        limit_memory(settings.child_memory_mb)
        for name in engines.names():
            engines.load(name)
            if settings.fused and (why := engines.untested(name)):
                _log.warning("engine asks rule by rule", engine=name, why=why)

    worker_process_init.connect(prepare, weak=False)


def _engine_step(app: Celery, settings: Settings) -> type[bootsteps.StartStopStep]:
    class EngineStep(bootsteps.StartStopStep):
        """Starts the engine once the pool stands, and stops it first."""

        requires = ("celery.worker.components:Pool",)

        def __init__(self, parent: WorkController, **kwargs: object) -> None:
            super().__init__(parent, **kwargs)
            self._engine = Engine(build_engine_parts(settings, app))

        @override
        def start(self, parent: WorkController) -> None:
            self._engine.start()

        @override
        def stop(self, parent: WorkController) -> None:
            self._engine.stop()

        @override
        def terminate(self, parent: WorkController) -> None:
            self._engine.stop(timeout=1.0)

    return EngineStep
