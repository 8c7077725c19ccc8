"""Suites in one line each, for the tests of this package."""

from datetime import UTC, datetime

from cli.formats.case import Case, Suite, Weight

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def case(name: str, outcome: str, **facts) -> Case:
    return Case(
        **{
            "group": "orders",
            "name": name,
            "rule": "minimum",
            "title": "orders.amount minimum",
            "outcome": outcome,
            "line": 12,
            "column": 9,
            **facts,
        }
    )


FAILED = case("/a", "failed", message="3 rows are below 0", detail=("promised: at least 0",))
ERRORED = case("/b", "errored", rule="sql", title="orders sql", message="stopped after 60 s")
LOW = case("/c", "failed", weight=Weight.WARNING, message="2 rows")
PASSED = case("/d", "passed")
SKIPPED = case("/e", "skipped", group="contract", message="not supported yet")
WARNED = case("/f", "warned", weight=Weight.WARNING, message="give the rule an id")


def suite(*cases: Case, path: str = "orders.yaml") -> Suite:
    return Suite(name="orders 1.2.0", identity="orders", path=path, cases=cases, at=NOON)
