"""Every figure that Prometheus may read, by name: the one place that names them, and builds them.

What the database knows is read when somebody asks, so that each API process tells the same. Runs
are counted as they end, from the feed of events, by each process since it began.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from checks.model import Outcome
from runs.figures import Ended
from runs.model import RunState
from runtime.logs import logger
from store.errors import StoreError
from usecases.figures import Follower, Reading, read_figures
from usecases.ports import Store

_log = logger(__name__)
_KEPT: Final = 2.0  # seconds for which what the database said is said again
_PHASES: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0)
_WAITS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
_ANSWERS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OUTCOMES: Final = (*(outcome.value for outcome in Outcome), RunState.LOST.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A figure as it is exposed.

    Attributes:
        kind: ``gauge``, ``counter`` or ``histogram``.
        shared: Whether every process tells the same, so that a query takes any, never their sum.
        buckets: Upper bounds in seconds; empty but for histograms.
    """

    name: str
    kind: str
    help: str
    labels: tuple[str, ...] = ()
    shared: bool = True
    buckets: tuple[float, ...] = ()

    @property
    def series(self) -> tuple[str, ...]:
        """The names under which it is found in queries."""
        if self.kind == "histogram":
            return (f"{self.name}_bucket", f"{self.name}_sum", f"{self.name}_count")
        return (self.name,)


BUILD: Final = Named(
    name="assay_build_info",
    kind="gauge",
    help="1, with what runs here.",
    labels=("version", "python"),
)
STORE_UP: Final = Named(
    name="assay_store_up", kind="gauge", help="1 if the database could be read, else 0."
)
QUEUED: Final = Named(name="assay_queue_runs", kind="gauge", help="Runs that wait for a worker.")
QUEUE_AGE: Final = Named(
    name="assay_queue_oldest_age_seconds",
    kind="gauge",
    help="How long the oldest queued run has waited; 0 when none does.",
)
RUNNING: Final = Named(
    name="assay_runs_in_progress", kind="gauge", help="Runs that are being judged."
)
LATENESS: Final = Named(
    name="assay_schedule_lateness_seconds",
    kind="gauge",
    help="How long the schedule is overdue that is so longest; 0 when none is.",
)
OUTBOX: Final = Named(
    name="assay_outbox_notices", kind="gauge", help="Notices that are still to arrive."
)
OUTBOX_AGE: Final = Named(
    name="assay_outbox_oldest_age_seconds",
    kind="gauge",
    help="How long the oldest notice that is due has been due; 0 when none is.",
)
DEAD_LETTERS: Final = Named(
    name="assay_outbox_dead_letters", kind="gauge", help="Notices that were given up."
)
INCIDENTS: Final = Named(
    name="assay_incidents_open",
    kind="gauge",
    help="Open incidents, by kind, state and the gravest of their open breaches.",
    labels=("kind", "state", "severity"),
)
BEATS: Final = Named(
    name="assay_engine_heartbeat_age_seconds",
    kind="gauge",
    help="Time since the newest sign of life of a part of the engine.",
    labels=("engine",),
)
REQUESTED: Final = Named(
    name="assay_runs_requested_total",
    kind="counter",
    help="Runs that were asked for, ever: the number of the newest.",
)
NOTICE_ATTEMPTS: Final = Named(
    name="assay_notice_attempts_total",
    kind="counter",
    help="Tries to send a notice, ever: the number of the newest.",
)
RUNS: Final = Named(
    name="assay_runs_finished_total",
    kind="counter",
    help="Runs that ended since this process began, by outcome: errored and lost are no failures.",
    labels=("outcome",),
)
RUN_ATTEMPTS: Final = Named(
    name="assay_run_attempts_total",
    kind="counter",
    help="How often the runs that ended since this process began had been claimed.",
)
DURATION: Final = Named(
    name="assay_run_duration_seconds",
    kind="histogram",
    help="Time that judging took, by phase, of runs that ended since this process began.",
    labels=("phase",),
    buckets=_PHASES,
)
WAIT: Final = Named(
    name="assay_run_wait_seconds",
    kind="histogram",
    help="Time from asking to the last claim, of runs that ended since this process began.",
    buckets=_WAITS,
)
REQUESTS: Final = Named(
    name="assay_http_requests_total",
    kind="counter",
    help="Requests that this process answered, by method, route and status.",
    labels=("method", "route", "status"),
    shared=False,
)
ANSWERING: Final = Named(
    name="assay_http_request_duration_seconds",
    kind="histogram",
    help="Time until an answer of this process began, by route.",
    labels=("route",),
    shared=False,
    buckets=_ANSWERS,
)
ALL: Final = (
    BUILD,
    STORE_UP,
    QUEUED,
    QUEUE_AGE,
    RUNNING,
    LATENESS,
    OUTBOX,
    OUTBOX_AGE,
    DEAD_LETTERS,
    INCIDENTS,
    BEATS,
    REQUESTED,
    NOTICE_ATTEMPTS,
    RUNS,
    RUN_ATTEMPTS,
    DURATION,
    WAIT,
    REQUESTS,
    ANSWERING,
)


class Metrics:
    """The figures of one API process, in a registry of their own. Threads may share it."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        # When a series began says nothing that a rate needs.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # has no types
        self._registry = CollectorRegistry()
        self._turn = threading.Lock()
        self._ended = _Ended(self._registry, store)
        self._registry.register(_Stored(store, clock))
        self._requests = _counter(REQUESTS, self._registry)
        self._answering = _histogram(ANSWERING, self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer. ``route`` is the template, not the path: there are few of them."""
        self._requests.labels(method, route, str(status)).inc()
        self._answering.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them (text format 0.0.4)."""
        with self._turn:
            self._ended.look()
        return generate_latest(self._registry)


class _Ended:
    """Counts runs as they end."""

    def __init__(self, registry: CollectorRegistry, store: Store) -> None:
        self._follower = Follower(store)
        self._runs = _counter(RUNS, registry)
        self._attempts = _counter(RUN_ATTEMPTS, registry)
        self._duration = _histogram(DURATION, registry)
        self._wait = _histogram(WAIT, registry)
        for outcome in OUTCOMES:  # a rate needs the zero before the first
            self._runs.labels(outcome)

    def look(self) -> None:
        """Count what ended since the last look; one that fails is made good by the next."""
        try:
            for ended in self._follower.news():
                self._count(ended)
        except StoreError as error:
            _log.warning("runs were not counted", error=str(error))

    def _count(self, ended: Ended) -> None:
        self._runs.labels(ended.outcome).inc()
        self._attempts.inc(ended.attempts)
        if ended.waited is not None:
            self._wait.observe(ended.waited)
        for phase, seconds in ended.seconds.items():
            self._duration.labels(phase).observe(seconds)


class _Stored(Collector):
    """What the database says when it is asked; a moment later the same is said again."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._read: tuple[float, Reading | None] | None = None

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: registering must not read the database."""
        return ()

    @override
    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        yield _gauge(BUILD, ((_version(), python_version()), 1))
        reading = self._look()
        yield _gauge(STORE_UP, ((), 0 if reading is None else 1))
        if reading is not None:
            yield from _told(reading)

    def _look(self) -> Reading | None:
        with self._lock:
            now = time.monotonic()
            if self._read is None or now - self._read[0] >= _KEPT:
                self._read = (now, self._ask())
            return self._read[1]

    def _ask(self) -> Reading | None:
        try:
            return read_figures(self._store, now=self._clock())
        except StoreError as error:
            _log.warning("figures cannot be read", error=str(error))
            return None


def _told(reading: Reading) -> Iterator[Metric]:
    for named, value in (
        (QUEUED, reading.queued),
        (QUEUE_AGE, reading.queue_age),
        (RUNNING, reading.running),
        (LATENESS, reading.lateness),
        (OUTBOX, reading.outbox),
        (OUTBOX_AGE, reading.outbox_age),
        (DEAD_LETTERS, reading.dead_letters),
    ):
        yield _gauge(named, ((), value))
    yield _gauge(
        INCIDENTS,
        *(((one.kind.value, one.state.value, one.severity), one.count) for one in reading.trouble),
    )
    yield _gauge(BEATS, *(((part,), age) for part, age in reading.beats.items()))
    for named, count in ((REQUESTED, reading.requested), (NOTICE_ATTEMPTS, reading.attempts)):
        family = CounterMetricFamily(named.name, named.help)
        family.add_metric((), count)
        yield family


def _gauge(named: Named, *samples: tuple[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(named.name, named.help, labels=named.labels)
    for labels, value in samples:
        family.add_metric(labels, value)
    return family


def _counter(named: Named, registry: CollectorRegistry) -> Counter:
    return Counter(named.name, named.help, named.labels, registry=registry)


def _histogram(named: Named, registry: CollectorRegistry) -> Histogram:
    return Histogram(named.name, named.help, named.labels, registry=registry, buckets=named.buckets)


def _version() -> str:
    try:
        return version("assay")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"
