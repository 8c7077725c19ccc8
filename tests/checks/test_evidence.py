import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from checks.evidence import limited, plain, shape
from checks.model import Evidence, Finding, Outcome
from contracts.clause import Kind
from tests.checks.build import LIMITS, clause, column, csv, judged, one, parquet, schema
from tests.checks.engines.overheard import about_data, overhear

PEOPLE = schema(
    "orders", column("id", "integer"), column("mail", "string"), column("age", "integer")
)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (2**60, str(2**60)),
        (1.5, 1.5),
        (math.inf, "inf"),
        (math.nan, "nan"),
        ("ü", "ü"),
        ("x" * 300, "x" * 199 + "…"),
        (Decimal("1.10"), "1.10"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
        (time(1, 2), "01:02:00"),
        (timedelta(1), "1 day, 0:00:00"),
        (b"\x00\xff", "00ff"),
        ({"a": [1, Decimal(2), None]}, '{"a": [1, "2", null]}'),
        (np.int64(7), 7),
        (np.uint64(2**60), str(2**60)),
        (np.float32(1.5), 1.5),
        (np.float64("nan"), "nan"),
        (np.array([True])[0], True),
        (np.str_("ü"), "ü"),
        (np.array([1, 2]), "[1, 2]"),
        ([np.int64(1), {"a": np.float64(0.5)}], '[1, {"a": 0.5}]'),
        (np.datetime64("2026-01-02T03:04", "ns"), "2026-01-02T03:04:00.000000000"),
        (pd.Timestamp("2026-01-02"), "2026-01-02T00:00:00"),
    ],
)
def test_cells_are_safe_for_json(cell, shown):
    told = plain(cell)

    assert told == shown
    assert type(told) in {bool, int, float, str, type(None)}
    json.dumps(told, allow_nan=False)


def test_rows_are_capped_at_twenty():
    shaped = shape(["a"], [(number,) for number in range(50)], clause(Kind.REQUIRED, "a"))

    assert shaped is not None
    assert len(shaped.rows) == 20


def test_no_rows_are_no_evidence():
    assert shape(["a"], [], clause(Kind.REQUIRED, "a")) is None


def test_evidence_shows_the_key_and_the_offending_cell_in_order_of_the_key(tmp_path):
    text = "id,mail,age\n" + "".join(f"{30 - number},m,{number}\n" for number in range(30))
    asked = clause(Kind.MAXIMUM, "age", value=3, keys=["id", "gone"])

    finding = one(csv(tmp_path, text), PEOPLE, asked)

    assert finding.failed_rows == 26
    assert finding.evidence == Evidence(
        columns=("id", "age"),
        rows=tuple((number, 30 - number) for number in range(1, 21)),
        offending=("age",),
    )


def test_passed_clauses_show_nothing(tmp_path):
    asked = clause(Kind.NULL_VALUES, "mail", operator="mustBeLessThan", value=5)

    finding = one(csv(tmp_path, "id,mail,age\n1,,1\n"), PEOPLE, asked)

    assert (finding.outcome, finding.measured, finding.evidence) == (Outcome.PASSED, 1, None)


CANARY = "canary-4711"


def test_a_sensitive_cell_turns_up_nowhere(tmp_path):
    text = f"id,mail,age\n{CANARY},{CANARY},1\n{CANARY},{CANARY},{CANARY}\n"
    hidden: dict[str, Any] = {"sensitive": ["id", "mail", "age"], "keys": ["id"]}
    asked = [
        clause(Kind.TYPE, "age", logical_type="integer", **hidden),
        clause(Kind.TYPE, "id", logical_type="integer", **hidden),
        clause(Kind.UNIQUE, "mail", **hidden),
        clause(Kind.ENUM, "mail", values=["x"], **hidden),
        clause(Kind.MINIMUM, "mail", value="z", **hidden),
        clause(Kind.NULL_VALUES, "age", operator="mustBe", value=1, **hidden),
        clause(Kind.DUPLICATE_VALUES, "mail", operator="mustBe", value=0, **hidden),
        clause(
            Kind.SQL,
            key="/cast",
            query="SELECT sum(CAST(mail AS INT)) FROM {table}",
            operator="mustBe",
            value=0,
            **hidden,
        ),
        clause(
            Kind.SQL,
            key="/text",
            query="SELECT max(mail) FROM {table}",
            operator="mustBe",
            value=0,
            **hidden,
        ),
        clause(
            Kind.EXPECTATION,
            "mail",
            key="/set",
            type="expect_column_values_to_be_in_set",
            kwargs={"value_set": ["x"]},
            **hidden,
        ),
        clause(
            Kind.EXPECTATION,
            "mail",
            key="/max",
            type="expect_column_max_to_be_between",
            kwargs={"max_value": "b"},
            **hidden,
        ),
        clause(
            Kind.EXPECTATION,
            "mail",
            key="/distinct",
            type="expect_column_distinct_values_to_be_in_set",
            kwargs={"value_set": ["x"]},
            **hidden,
        ),
        clause(
            Kind.EXPECTATION,
            "mail",
            key="/cast2",
            type="expect_column_mean_to_be_between",
            kwargs={"min_value": 1},
            **hidden,
        ),
    ]

    findings = judged(csv(tmp_path, text), [PEOPLE], asked)

    assert CANARY not in repr(findings)
    assert all(each.outcome in {Outcome.FAILED, Outcome.ERRORED} for each in findings.values()), (
        findings
    )
    assert findings["/schema/orders/mail/enum"].evidence is not None
    assert findings["/schema/orders/mail/enum"].evidence.masked == ("id", "mail")
    assert findings["/schema/orders/mail/minimum"].measured == "•••"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("1.10::DECIMAL(4, 2)", "1.10"),
        ("DATE '2026-01-02'", "2026-01-02"),
        ("TIMESTAMP '2026-01-02 03:04:05'", "2026-01-02T03:04:05"),
        ("TIME '03:04:05'", "03:04:05"),
        ("2::HUGEINT ** 70", 2.0**70),
        ("INTERVAL 1 DAY", "1 day"),
        ("[1, 2]", "[1, 2]"),
        ("{'a': DATE '2026-01-02'}", '{"a": "2026-01-02"}'),
    ],
)
def test_every_type_of_cell_is_plain_in_evidence(tmp_path, cell, shown):
    location = parquet(tmp_path, f"FROM range(2) SELECT {cell} AS v, 1 AS id")
    table = schema("orders", column("id", "integer"), column("v"))
    asked = [
        clause(Kind.UNIQUE, "v"),
        clause(Kind.DUPLICATE_VALUES, "v", operator="mustBe", value=0),
        clause(Kind.EXPECTATION, "v", type="ExpectColumnValuesToBeUnique", kwargs={}),
    ]

    findings = judged(location, [table], asked)

    for finding in findings.values():
        assert finding.evidence is not None, finding
        assert finding.evidence.rows == ((shown,), (shown,))
        json.dumps([finding.measured, finding.evidence.rows], allow_nan=False)


def test_evidence_of_a_run_is_at_most_a_megabyte():
    rows = tuple((f"{number}" * 200,) for number in range(10, 30))
    evidence = Evidence(columns=("a",), rows=rows)
    failed = Finding(outcome=Outcome.FAILED, evidence=evidence)

    kept = limited({str(number): failed for number in range(200)})

    sizes = [len(json.dumps(each.evidence.rows)) for each in kept.values() if each.evidence]
    assert 900_000 < sum(sizes) <= 1_000_000
    assert kept["0"].evidence is not None
    assert kept["199"].evidence is None


def test_only_failed_findings_keep_evidence():
    evidence = Evidence(columns=("a",), rows=((1,),))

    kept = limited({"x": Finding(outcome=Outcome.PASSED, evidence=evidence)})

    assert kept["x"].evidence is None


def test_repeated_rows_are_shown_together_and_rows_with_a_null_are_not(tmp_path):
    select = (
        "SELECT * FROM (VALUES (1, 'a', 5), (2, 'a', 5), (3, 'b', 5), (4, NULL, 5), (5, NULL, 5)) "
        "t(id, mail, age)"
    )
    asked = clause(
        Kind.DUPLICATE_VALUES, columns=["mail", "age"], operator="mustBe", value=0, keys=["id"]
    )

    finding = one(parquet(tmp_path, select), PEOPLE, asked)

    assert finding.reason == "1 value occurs more than once (2 rows)"
    assert finding.evidence is not None
    assert finding.evidence.rows == ((1, "a", 5), (2, "a", 5))
    assert (finding.rows, finding.failed_rows) == (5, 2)


def test_a_column_called_row_does_not_hide_the_number_of_the_row(tmp_path):
    asked = clause(Kind.TYPE, "row", logical_type="integer")
    table = schema("orders", column("row", "integer"), column("row_"))

    finding = one(csv(tmp_path, "row,row_\n1,a\nx,b\n"), table, asked)

    assert finding.evidence is not None
    assert finding.evidence.rows == ((2, "x"),)


def test_without_evidence_nothing_is_asked_for_it(tmp_path, monkeypatch):
    statements = overhear(monkeypatch)
    asked = [
        clause(Kind.MAXIMUM, "age", value=3),
        clause(Kind.NULL_VALUES, "mail", operator="mustBe", value=0),
    ]

    findings = judged(
        csv(tmp_path, "id,mail,age\n1,,9\n"), [PEOPLE], asked, replace(LIMITS, evidence=False)
    )

    told = [(each.outcome, each.evidence) for each in findings.values()]
    assert told == [(Outcome.FAILED, None)] * 2
    assert len(about_data(statements)) == 2  # one an engine


def test_repeated_values_of_many_columns_are_shown_by_one_statement(tmp_path, monkeypatch):
    names = [f"c{number}" for number in range(40)]
    table = schema("orders", *(column(name, "integer") for name in names))
    location = csv(tmp_path, f"{','.join(names)}\n" + f"{','.join('1' for _ in names)}\n" * 2)
    asked = [
        clause(Kind.DUPLICATE_VALUES, name, operator="mustBe", value=0, unit="rows")
        for name in names
    ]
    statements = overhear(monkeypatch)

    findings = judged(location, [table], asked)

    assert all(each.evidence and len(each.evidence.rows) == 2 for each in findings.values())
    assert len(about_data(statements)) == 2
