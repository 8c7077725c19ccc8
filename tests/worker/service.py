"""The embedded service with a folder of data, for tests that kill parts of it."""

import time
from collections.abc import Callable

from runs.model import Run
from runtime.embedded import Started

SMALL = """\
apiVersion: v3.2.0
kind: DataContract
id: small
name: small
version: 1.0.0
status: active
domain: sales
dataProduct: small
servers:
  - server: local
    type: local
    path: numbers.csv
    format: csv
    customProperties: [{property: connection, value: local}]
schema:
  - name: numbers
    properties:
      - {name: id, logicalType: integer, required: true, unique: true}
    quality:
      - id: some-rows
        metric: rowCount
        mustBeGreaterThan: 0
"""
_TAKES_ITS_TIME = """\
      - id: takes-its-time
        type: sql
        query: SELECT count(*) FROM {object} a, {object} b, {object} c WHERE a.id + b.id + c.id < 0
        mustBe: 0
"""
SLOW = SMALL.replace("small", "slow") + _TAKES_ITS_TIME
ROWS = 700  # their cube takes DuckDB a while to count


def until(look: Callable[[], Run | None], started: Started, seconds: float = 150) -> Run:
    """Look again and again, keeping the service alive, until there is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        started.supervisor.watch()
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")
