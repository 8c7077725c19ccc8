"""What the service works on: tiny files that turn bad and good again, and contracts about them."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ROWS: Final = 10
_MANY: Final = 250  # rows whose cube takes DuckDB a good part of a second
_GOOD: Final = "5"
_BAD: Final = "-1"

_HEAD: Final = """\
apiVersion: v3.2.0
kind: DataContract
id: {name}
name: {name}
version: 1.0.0
status: active
domain: {domain}
dataProduct: {product}
support:
  - {{channel: bot, tool: webhook, scope: notifications, url: "{hook}/{name}"}}
servers:
  - server: local
    type: local
    path: {name}.csv
    format: csv
    customProperties: [{{property: connection, value: local}}]
schema:
  - name: {object}
    properties:
      - {{name: id, logicalType: integer, required: true, unique: true}}
      - {{name: amount, logicalType: integer, required: true, logicalTypeOptions: {{minimum: 0}}}}
    quality:
      - id: some-rows
        metric: rowCount
        mustBeGreaterThan: 0
"""
_SLOW: Final = """\
      - id: takes-its-time
        type: sql
        query: SELECT count(*) FROM {object} a, {object} b, {object} c WHERE a.id + b.id + c.id < 0
        mustBe: 0
"""
_EXPECTATION: Final = """\
      - id: mean-amount
        type: custom
        engine: greatExpectations
        implementation:
          type: expect_column_mean_to_be_between
          kwargs: {column: amount, min_value: 0, max_value: 10}
"""
_TAIL: Final = """\
customProperties:
  - {{property: assaySchedule, value: every {every}s}}
  - {{property: assayJitter, value: 0}}
  - {{property: assayMissed, value: "{missed}"}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One contract and the file it is about.

    Attributes:
        every: Seconds between two scheduled runs.
        missed: What becomes of instants that went by unseen.
        slow: Whether its run takes a good part of a second.
        expectation: Whether Great Expectations judges a part of it.
    """

    name: str
    domain: str
    product: str
    every: int = 5
    missed: str = "run_once"
    slow: bool = False
    expectation: bool = False

    @property
    def key(self) -> str:
        """Key of its product."""
        return f"{self.domain}.{self.product}"

    def document(self, hook: str) -> bytes:
        """The contract, whose notices go to URLs below ``hook``."""
        words = {"name": self.name, "domain": self.domain, "product": self.product, "hook": hook}
        words["object"] = self.name.replace("-", "_")
        text = _HEAD.format(**words)
        text += _SLOW.format(**words) if self.slow else ""
        text += _EXPECTATION if self.expectation else ""
        return (text + _TAIL.format(every=self.every, missed=self.missed)).encode()

    def deliver(self, lake: Path, *, good: bool) -> None:
        """Put a delivery in place of the one before, whole or not at all."""
        rows = _MANY if self.slow else _ROWS
        lines = [f"{number},{_GOOD}" for number in range(rows)]
        if not good:
            lines[1] = f"0,{_BAD}"
        fresh = lake / f".{self.name}.new"
        fresh.write_text("\n".join(["id,amount", *lines, ""]))
        fresh.replace(lake / f"{self.name}.csv")


PROMISES: Final = (
    Promise(name="orders", domain="sales", product="orders"),
    Promise(name="order-lines", domain="sales", product="orders", every=7),
    Promise(name="customers", domain="sales", product="customers", missed="catch_up:3"),
    Promise(name="stock", domain="supply", product="stock", missed="skip"),
    Promise(name="parts", domain="supply", product="parts", every=9, expectation=True),
    Promise(name="ledger", domain="finance", product="ledger", every=6, slow=True),
    Promise(name="invoices", domain="finance", product="invoices"),
)


class Lake:
    """The folder of all files; each delivery is good or bad by a seeded choice."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder = folder
        self._chance = chance
        folder.mkdir()
        self.settle()

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder

    def turn(self) -> None:
        """Deliver one file anew, good or bad."""
        self._chance.choice(PROMISES).deliver(self._folder, good=self._chance.random() < 0.5)  # noqa: PLR2004 - a coin

    def settle(self) -> None:
        """Deliver every file good."""
        for promise in PROMISES:
            promise.deliver(self._folder, good=True)
