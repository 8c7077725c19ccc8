"""Logs: one line an event on stderr, as text for people or as JSON for machines.

Whatever is bound with ``bound`` stands on every line of the block: the ids of the run or of the
request that it is about. Secrets are taken out last, whoever wrote them.
"""

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Final, TypeAlias

import structlog

from runtime.redact import redacted, scrubbed
from runtime.settings import Settings

_NOISY: Final = (
    "alembic",
    "amqp",
    "celery",
    "great_expectations",
    "httpx2",
    "kombu",
    "mail.log",
)
Logger: TypeAlias = structlog.stdlib.BoundLogger


def configure(settings: Settings) -> None:
    """Send every log of this process to stderr in the form that ``settings`` ask for."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_secrets,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> Logger:
    """Return the logger of a module."""
    found: Logger = structlog.stdlib.get_logger(name)
    return found


@contextmanager
def bound(**facts: object) -> Iterator[None]:
    """Let ``facts`` stand on all that is logged in this thread until the block ends.

    What is added with ``add`` meanwhile ends with it, too.
    """
    before = structlog.contextvars.get_contextvars()
    structlog.contextvars.bind_contextvars(**facts)
    try:
        yield
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**before)


def add(**facts: object) -> None:
    """Let ``facts`` stand on what is logged until the block of ``bound`` around it ends."""
    structlog.contextvars.bind_contextvars(**facts)


def without_secrets(
    _logger: object, _method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Take secrets out of an event; a processor of structlog's."""
    for name, value in event.items():
        event[name] = redacted(name, value)
    told = event.get("event")
    if told is not None and not isinstance(told, str):  # an exception, or whatever was logged
        event["event"] = scrubbed(str(told))
    return event
