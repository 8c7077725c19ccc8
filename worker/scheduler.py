"""The engine alone, as a process of its own: ``python -m worker.scheduler``."""

import signal

from runtime.build import build_engine_parts
from runtime.logs import configure
from runtime.queue import create_queue
from runtime.settings import Settings
from worker.engine import Engine


def main() -> None:
    """Tick, dispatch, reap and send notices until SIGTERM or SIGINT."""
    settings = Settings()
    configure(settings)
    engine = Engine(build_engine_parts(settings, create_queue(settings)))

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: engine.end())
    engine.run()


if __name__ == "__main__":
    main()
