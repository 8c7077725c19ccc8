"""``assay demo``: set the stage, tell the story, keep running or end."""

import socket
import tempfile
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from cli.demo.cast import CAST
from cli.demo.deliveries import SCALE, Deliveries
from cli.demo.receiver import Mailbox, start
from cli.demo.screen import Screen, StoryBroken
from cli.demo.service import Service
from cli.demo.story import Story
from cli.up import overlay, stop_on_signal
from runtime.embedded import Started, await_ready, embedded
from runtime.logs import configure
from runtime.settings import Settings

_LOOK: Final = 0.2
_TOUR: Final = (
    ("/", "products, what needs attention first"),
    ("/products/sales.orders", "a scorecard: score, trend, every promise with its evidence"),
    ("/products/sales.customers", "a product with personal data, which is masked"),
    ("/incidents", "what went wrong, who was told, what they did"),
    ("/incidents/1", "one of them, with its timeline"),
    ("/contracts/logistics-lineitems", "a contract as plain sentences, and as it was published"),
    ("/domains/procurement", "a domain and its products"),
    ("/docs", "the API"),
)


def demo(
    *, exit_: Annotated[bool, Parameter(name="--exit")] = False, port: int | None = None
) -> int:
    """Tell the whole story on TPC-H: five products, a bad day, incidents, a recovery.

    Args:
        exit_: End when the story is told, with 0 only if every step was seen.
        port: Port of the API and the pages (default: 9250, or any free one where that is taken).
    """
    screen = Screen()
    with ExitStack() as stack:
        stop = stack.enter_context(stop_on_signal())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="assay-demo-")))
        mailbox = Mailbox()
        controller = start(mailbox, smtp_port := _free_port())
        stack.callback(controller.stop)
        deliveries = _deliver(folder, screen)
        settings = overlay(Settings(), data=folder / "data", port=port or _usual_port())
        settings = settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": smtp_port, "log_level": "ERROR"}
        )
        configure(settings)
        started = stack.enter_context(embedded(settings, ()))
        await_ready(started)
        screen.step(f"the service is up at {started.url}, embedded, on SQLite")
        service = stack.enter_context(closing(Service(started.url, started.secret or "")))
        Story(
            cast=CAST,
            deliveries=deliveries,
            service=service,
            mailbox=mailbox,
            screen=screen,
            alive=lambda: _must_live(started, stop),
        ).tell()
        if not exit_:
            _linger(started, stop, screen)
    return 0


def _deliver(folder: Path, screen: Screen) -> Deliveries:
    lake = folder / "lake"
    lake.mkdir()
    deliveries = Deliveries(folder=lake, cast=CAST)
    rows = deliveries.make()
    screen.step(f"TPC-H at scale {SCALE}: {rows:,} rows in five tables")
    return deliveries


def _linger(started: Started, stop: threading.Event, screen: Screen) -> None:
    """Keep running, and say where to look, until a signal comes."""
    screen.step("the story is told; look around")
    width = max(len(started.url + path) for path, _ in _TOUR) + 2
    for path, what in _TOUR:
        screen.detail(f"{started.url + path:<{width}}{what}")
    screen.detail(f"token {started.secret}")
    screen.detail("Ctrl-C ends it")
    while not stop.wait(_LOOK):
        started.supervisor.watch()


def _must_live(started: Started, stop: threading.Event) -> None:
    if stop.is_set():
        raise KeyboardInterrupt
    down = started.supervisor.watch()
    if down:
        raise StoryBroken(f"the service's {' and '.join(down)} died")


def _usual_port() -> int:
    usual = Settings().port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", usual))
        except OSError:
            return _free_port()
    return usual


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
