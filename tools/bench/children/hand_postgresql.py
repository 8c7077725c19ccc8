"""Run a statement on a server: ``python -m tools.bench.children.hand_postgresql FILE``.

The JSON file holds ``statement``, ``postmaster`` (the server's process id), ``address`` and
``warm``: the address of a small table that goes first, for warmth.
"""

import json
import sys
from pathlib import Path

import psycopg

from tools.bench.children.meter import Meter, peak


def run(statement: str, address: str) -> list[int]:
    """The counts, from a session of its own."""
    with psycopg.connect(address) as connection:
        row = connection.execute(statement).fetchone()
    return [int(count) for count in row or ()]


def main() -> None:
    """Run, and write what it took and the counts as JSON."""
    asked = json.loads(Path(sys.argv[1]).read_text())
    run(asked["statement"], asked["warm"])
    meter = Meter(asked["postmaster"])
    meter.start()
    counts = run(asked["statement"], asked["address"])
    spent = meter.stop()
    found = {"cpu": spent.cpu, "wall": spent.wall, "peak": peak(), "counts": counts}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
