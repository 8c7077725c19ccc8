"""Run a statement on files: ``python -m tools.bench.children.hand_duckdb FILE``.

The JSON file holds ``statement``, ``memory_mb``, ``views`` (by name, a Parquet file) and ``warm``:
the views of a small table that go first, for warmth.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

from tools.bench.children.meter import Meter, peak


def run(statement: str, views: Mapping[str, str], memory_mb: int) -> list[int]:
    """The counts, from a database of its own on two threads."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": f"{memory_mb}MB",
    }
    with duckdb.connect(":memory:", config=config) as database:
        for name, file in views.items():
            database.execute(f"CREATE VIEW {name} AS FROM '{file}'")
        row = database.execute(statement).fetchone()
    return [int(count) for count in row or ()]


def main() -> None:
    """Run, and write what it took and the counts as JSON."""
    asked = json.loads(Path(sys.argv[1]).read_text())
    run(asked["statement"], asked["warm"], asked["memory_mb"])
    meter = Meter()
    meter.start()
    counts = run(asked["statement"], asked["views"], asked["memory_mb"])
    spent = meter.stop()
    found = {"cpu": spent.cpu, "wall": spent.wall, "peak": peak(), "counts": counts}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
