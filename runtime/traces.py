"""Spans for OpenTelemetry, where it is configured by its own variables; else nothing at all.

Nothing of OpenTelemetry is imported before the first span of a process: one that forks would hand
a half-used exporter to its children, and whoever does not want traces pays nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Protocol

from typing_extensions import override

from runtime.logs import logger
from runtime.redact import scrubbed
from runtime.settings import variable

if TYPE_CHECKING:  # an extra: it may be missing when this runs
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as OpenSpan

_log = logger(__name__)
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_EXPORTER: Final = "OTEL_TRACES_EXPORTER"
_OFF: Final = "OTEL_SDK_DISABLED"
_EXPORTERS: Final = {
    "otlp": "opentelemetry.exporter.otlp.proto.http.trace_exporter:OTLPSpanExporter",
    "console": "opentelemetry.sdk.trace.export:ConsoleSpanExporter",
}
_NOTHING: Final[Mapping[str, str]] = {}

Fact = str | int | float | bool


class Span:
    """What happens inside a block. This one keeps nothing: nobody asked for traces."""

    def name(self, name: str) -> None:
        """Give it the name that is known only now."""

    def say(self, **facts: Fact | None) -> None:
        """Add facts under ``assay.``; those that are None are left out."""

    def fail(self, why: str) -> None:
        """Mark that it went wrong."""

    def phases(self, began: datetime, seconds: Mapping[str, float]) -> None:
        """Add a child for each phase, one after the other from ``began`` on."""


class Tracing(Protocol):
    """Whatever keeps spans."""

    def span(
        self, name: str, *, carried: Mapping[str, str] = ..., **facts: Fact
    ) -> AbstractContextManager[Span]:
        """Open a span for a block; ``carried`` are headers that may name the one it belongs to."""
        ...

    def close(self) -> None:
        """Send what waits; a few seconds at most."""
        ...


class Untraced:
    """Keeps no spans."""

    def span(
        self, name: str, *, carried: Mapping[str, str] = _NOTHING, **facts: Fact
    ) -> AbstractContextManager[Span]:
        """Return a block like any other."""
        return nullcontext(_SILENT)

    def close(self) -> None:
        """Do nothing."""


class Traced:
    """Keeps spans with what ``provide`` makes, once in each process that opens one."""

    def __init__(self, provide: Callable[[], TracerProvider]) -> None:
        self._provide = provide
        self._lock = threading.Lock()
        self._made: tuple[int, TracerProvider] | None = None

    @contextmanager
    def span(
        self, name: str, *, carried: Mapping[str, str] = _NOTHING, **facts: Fact
    ) -> Iterator[Span]:
        """Open a span for a block; one that ends with an exception is marked, without its stack."""
        from opentelemetry.propagate import extract  # noqa: PLC0415 - an extra, on first use

        tracer = self._provider().get_tracer("assay")
        context = extract(carried) if carried else None
        with tracer.start_as_current_span(
            name, context=context, record_exception=False, set_status_on_exception=False
        ) as opened:
            span = _Kept(opened, tracer.start_span)
            span.say(**facts)
            try:
                yield span
            except Exception as error:  # whatever it is goes on; its words may hold a secret
                span.fail(scrubbed(f"{type(error).__name__}: {error}"))
                raise

    def close(self) -> None:
        """Send what waits; a few seconds at most."""
        made, self._made = self._made, None
        if made is not None and made[0] == os.getpid():
            made[1].shutdown()

    def _provider(self) -> TracerProvider:
        with self._lock:
            if self._made is None or self._made[0] != os.getpid():
                self._made = (os.getpid(), self._provide())
            return self._made[1]


class _Kept(Span):
    """A span of OpenTelemetry's."""

    def __init__(self, opened: OpenSpan, start: Callable[..., OpenSpan]) -> None:
        self._opened = opened
        self._start = start

    @override
    def name(self, name: str) -> None:
        self._opened.update_name(name)

    @override
    def say(self, **facts: Fact | None) -> None:
        for name, fact in facts.items():
            if fact is not None:
                self._opened.set_attribute(f"assay.{name}", fact)

    @override
    def fail(self, why: str) -> None:
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra, on first use

        self._opened.set_status(StatusCode.ERROR, why)

    @override
    def phases(self, began: datetime, seconds: Mapping[str, float]) -> None:
        for name, took in seconds.items():
            ended = began + timedelta(seconds=took)
            self._start(f"phase {name}", start_time=_nanoseconds(began)).end(_nanoseconds(ended))
            began = ended


_SILENT: Final = Span()


def build_tracing(service: str) -> Tracing:
    """Return what keeps spans, as OpenTelemetry's variables say; nothing where they are not set.

    Args:
        service: What this process is called in traces, where ``OTEL_SERVICE_NAME`` says nothing.
    """
    exporter = (variable(_EXPORTER) or "").strip().lower()
    if not exporter and any(variable(name) for name in _ENDPOINTS):
        exporter = "otlp"
    if exporter in {"", "none"} or (variable(_OFF) or "").lower() == "true":
        return Untraced()
    if exporter not in _EXPORTERS:
        _log.warning("no traces: the exporter is unknown", exporter=exporter, known=[*_EXPORTERS])
        return Untraced()
    if not _installed(exporter):
        _log.warning("no traces: install the extra 'otel', such as pip install 'assay[otel]'")
        return Untraced()
    return Traced(lambda: _provider(exporter, service))


def _installed(exporter: str) -> bool:
    """Whether the exporter could be imported; looks for it without importing more than its roof."""
    try:
        return find_spec(_EXPORTERS[exporter].partition(":")[0].rpartition(".")[0]) is not None
    except ModuleNotFoundError:
        return False


def _provider(exporter: str, service: str) -> TracerProvider:
    from opentelemetry.sdk.resources import (  # noqa: PLC0415 - an extra, on first use
        Resource,
    )
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    module, _, name = _EXPORTERS[exporter].partition(":")
    given = {} if variable("OTEL_SERVICE_NAME") else {"service.name": service}
    provider = TracerProvider(resource=Resource.create(given))
    provider.add_span_processor(BatchSpanProcessor(getattr(import_module(module), name)()))
    return provider


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000) * 1000
