"""``assay up``: the whole service in one process tree, until it is interrupted."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from runtime.embedded import Started, await_ready, embedded
from runtime.logs import configure
from runtime.settings import Settings

_LOOK: Final = 0.2  # seconds between two looks at the children


def up(
    *, data: Path | None = None, root: list[Path] | None = None, port: int | None = None
) -> None:
    """Start the service on this machine: API, pages, worker and scheduler on SQLite.

    Args:
        data: Folder of the database (default: ./assay-data).
        root: Folder whose files contracts may name through the connection 'local'; may be repeated.
        port: Port of the API and the pages (default: 9250).
    """
    settings = overlay(Settings(), data=data, port=port)
    configure(settings)
    roots = tuple(folder.resolve(strict=True) for folder in root or ())
    with stop_on_signal() as stop, embedded(settings, roots) as started:
        _tell_token(started)  # first: it is known only now, whatever happens next
        await_ready(started)
        _tell(settings, started, roots)
        while not stop.wait(_LOOK):
            started.supervisor.watch()
        sys.stderr.write("stopping\n")


def overlay(settings: Settings, *, data: Path | None, port: int | None) -> Settings:
    """Return ``settings`` with what was given on the command line."""
    given = {"data": data, "port": port}
    return settings.model_copy(update={k: v for k, v in given.items() if v is not None})


@contextmanager
def stop_on_signal() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and SIGINT set while the block runs."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(settings: Settings, started: Started, roots: tuple[Path, ...]) -> None:
    lines = [
        f"Assay is up at {started.url}   (pages; API: {started.url}/docs)",
        f"data   {settings.data.absolute()}",
    ]
    if roots:
        lines.append(f"local  {', '.join(str(folder) for folder in roots)}")
    if settings.smtp_host is None:
        lines.append("mail   none: owners are not told; ASSAY_SMTP_HOST names a mail server")
    if started.url != Settings().service_url:
        lines += ["", f"    export ASSAY_URL={started.url}"]
    _say(*lines, "", "Ctrl-C stops it.")


def _tell_token(started: Started) -> None:
    if started.secret:
        token = f"    export ASSAY_TOKEN={started.secret}"
        _say("The first admin token, shown only now:", "", token, "")


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
