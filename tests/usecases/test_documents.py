import json
import math
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from access.model import Token
from checks.model import Evidence, Finding, Outcome, Report, Result
from contracts.clause import Clause, Kind
from contracts.problems import Level, Problem
from contracts.timetable import Timetable
from contracts.values import Dimension, EngineName, Severity
from products.model import Connection
from scorecards.line import Unjudged
from tests.cast import ADMIN, NOON, OWNER, Judge
from tests.usecases.database import SALES
from tests.usecases.world import World
from usecases import documents
from usecases.card import card, summary
from usecases.connections import Try
from usecases.history import run_detail
from usecases.incidents import incident_detail
from usecases.notice_documents import notice
from usecases.tokens import create_token

CLAUSE = Clause(
    key="/schema/orders/properties/amount/minimum",
    pointer="/schema/0/properties/1/logicalTypeOptions/minimum",
    kind=Kind.MINIMUM,
    schema="orders",
    column="amount",
    engine=EngineName.PANDERA,
    threshold="at least 0",
    severity=Severity.LOW,
    dimension=Dimension.CONFORMITY,
)
SAMPLE = Evidence(columns=("id", "amount"), rows=((1, -2.5),), offending=("amount",))
FAILED = Finding(
    outcome=Outcome.FAILED,
    measured=-2.5,
    unit="rows",
    rows=10,
    failed_rows=1,
    reason="1 of 10 rows is below 0",
    evidence=SAMPLE,
)
RESULT = Result(clause=CLAUSE, finding=FAILED)
SAID = {
    "clause": "/schema/orders/properties/amount/minimum",
    "pointer": "/schema/0/properties/1/logicalTypeOptions/minimum",
    "kind": "minimum",
    "schema": "orders",
    "column": "amount",
    "engine": "pandera",
    "outcome": "failed",
    "severity": "low",
    "blocking": False,
    "dimension": "conformity",
    "measured": -2.5,
    "unit": "rows",
    "threshold": "at least 0",
    "description": "",
    "rows": 10,
    "failed_rows": 1,
    "reason": "1 of 10 rows is below 0",
    "evidence": {
        "columns": ["id", "amount"],
        "rows": [[1, -2.5]],
        "offending": ["amount"],
        "masked": [],
    },
}


def as_json(told: documents.Document) -> Any:
    """What a reader of the JSON gets."""
    return json.loads(json.dumps(told, allow_nan=False))


@pytest.fixture
def in_trouble(world: World) -> World:
    world.judge = Judge(world.clock, {"enum": Outcome.FAILED})
    world.publish()
    world.pass_time()
    return world


def test_a_problem_has_the_shape_of_lint():
    found = Problem(
        code="x", pointer="/id", line=3, column=5, severity=Level.WARNING, message="why"
    )

    assert documents.problem(found) == {
        "code": "x",
        "pointer": "/id",
        "line": 3,
        "column": 5,
        "severity": "warning",
        "message": "why",
    }


def test_a_result_has_the_shape_of_a_check():
    assert documents.result(RESULT) == SAID


def test_a_promise_for_people_has_no_engine_and_no_dimension():
    clause = replace(CLAUSE, engine=None, dimension=None, schema=None, column=None)
    finding = Finding(outcome=Outcome.SKIPPED, reason="a promise for people")

    told = as_json(documents.result(Result(clause=clause, finding=finding)))

    nothing = ("engine", "dimension", "schema", "column", "measured", "rows", "evidence")
    assert {told[name] for name in nothing} == {None}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_json_has_no_number_for_is_text(value: float):
    sample = replace(SAMPLE, rows=((1, value),))
    finding = replace(FAILED, measured=value, evidence=sample)

    told = as_json(documents.result(Result(clause=CLAUSE, finding=finding)))

    assert told["measured"] == str(value)
    assert told["evidence"]["rows"] == [[1, str(value)]]


def test_a_report_has_the_shape_of_a_check():
    skipped = Finding(outcome=Outcome.SKIPPED, reason="not supported yet")
    judged = Report(
        contract_id="orders",
        version="1.0.0",
        server="lake",
        started=NOON,
        finished=NOON + timedelta(seconds=1.25),
        results=(RESULT, Result(clause=CLAUSE, finding=skipped)),
    )

    told = as_json(documents.report(judged))

    assert told["results"][0] == SAID
    assert {key: value for key, value in told.items() if key != "results"} == {
        "contract": {"id": "orders", "version": "1.0.0"},
        "server": "lake",
        "outcome": "passed",
        "coverage": {"clauses": 2, "executed": 1, "skipped": {"not supported yet": 1}},
        "seconds": 1.25,
    }


def test_a_card_is_told_whole(in_trouble: World):
    found = card(in_trouble.store, "sales.orders", by=OWNER, clock=in_trouble.clock)

    told = as_json(documents.card(found))

    failed = next(row for row in told["clauses"] if row["outcome"] == "failed")
    assert (failed["run"], failed["good"], failed["contract"]) == (1, False, "orders")
    assert failed["lost"] == told["score"]["lost"][failed["clause"]] > 0
    assert told["ports"][0]["schedule"] == {
        "cron": None,
        "every_seconds": 10.0,
        "timezone": "UTC",
        "next_run": "2026-11-20T12:00:20Z",
        "paused": False,
    }
    assert told["history"][0]["quality"] == told["score"]["quality"]


def test_a_port_without_a_schedule_says_so(in_trouble: World):
    found = card(in_trouble.store, "sales.orders", by=OWNER, clock=in_trouble.clock)
    port = found.ports[0]
    assert port.schedule is not None
    by_cron = replace(port.schedule, timetable=Timetable(cron="0 6 * * *"))
    ports = (replace(port, schedule=None), replace(port, schedule=by_cron))

    told = as_json(documents.card(replace(found, ports=ports)))

    assert told["ports"][0]["schedule"] is None
    assert told["ports"][1]["schedule"]["every_seconds"] is None
    assert told["ports"][1]["schedule"]["cron"] == "0 6 * * *"


def test_a_product_of_a_list_brings_its_last_run(in_trouble: World):
    found = summary(in_trouble.store, "sales.orders", by=OWNER, clock=in_trouble.clock)

    told = as_json(documents.summary(found))

    assert (told["key"], told["open_incidents"]) == ("sales.orders", 1)
    assert told["last_run"]["counts"]["failed"] == 1
    assert documents.summary(replace(found, last_run=None))["last_run"] is None


def test_what_nobody_could_judge_is_told(in_trouble: World):
    row = summary(in_trouble.store, "sales.orders", by=OWNER, clock=in_trouble.clock)
    found = card(in_trouble.store, "sales.orders", by=OWNER, clock=in_trouble.clock)
    unjudged = Unjudged(errored=2, blocking=1, lost=1)

    listed = as_json(documents.summary(replace(row, unjudged=unjudged)))
    told = as_json(documents.card(replace(found, unjudged=unjudged)))

    assert (listed["errored"], listed["lost_runs"]) == (2, 1)
    assert (told["errored"], told["lost_runs"]) == (2, 1)


def test_a_run_that_waits_has_no_end(in_trouble: World):
    detail = run_detail(in_trouble.store, 1, by=OWNER)
    waiting = replace(detail, run=replace(detail.run, started=None, finished=None))

    told = as_json(documents.run_detail(waiting))

    assert (told["started"], told["finished"]) == (None, None)
    assert len(told["results"]) == len(detail.results)
    assert told["evidence_shown"]


def test_an_incident_is_told_with_all_that_belongs_to_it(in_trouble: World):
    detail = incident_detail(in_trouble.store, 1, by=OWNER)
    told = as_json(documents.incident_detail(detail))

    assert told["open"]
    assert told["breaches"][0]["clause"].endswith("/enum")
    assert told["events"][0]["actor"] == "assay"
    assert told["notices"] == [as_json(notice(one)) for one in detail.notices]
    assert [one["target"] for one in told["notices"]] == ["desk@example.org"]


def test_publishing_tells_the_version_and_what_it_did(world: World):
    done = world.publish()

    told = as_json(documents.published(done))

    assert told["created"]
    assert told["next_run"] == "2026-11-20T12:00:10Z"
    assert told.items() >= documents.version(done.version).items()
    assert [entry["severity"] for entry in told["warnings"]] == ["warning"] * len(done.warnings)
    assert documents.published(replace(done, next_run=None))["next_run"] is None


def test_a_connection_tells_its_roots():
    row = Connection(name="lake", source="files", roots=(Path("/lake"),))

    assert documents.connection(row) == {
        "name": "lake",
        "source": "files",
        "roots": ["/lake"],
        **dict.fromkeys(("host", "port", "database", "user", "secret", "tls")),
    }


def test_a_connection_tells_its_database():
    assert documents.connection(SALES) == {
        "name": "sales",
        "source": "postgresql",
        "roots": [],
        "host": "db.example.org",
        "port": 5432,
        "database": "sales",
        "user": "assay",
        "secret": "env:SALES",
        "tls": "prefer",
    }


def test_a_try_tells_milliseconds():
    answer = Try(name="sales", ok=False, detail="no route to host", seconds=0.12345)

    assert documents.tried(answer) == {
        "name": "sales",
        "ok": False,
        "detail": "no route to host",
        "seconds": 0.123,
    }


def test_a_token_is_told_without_its_secret(world: World):
    token, secret = create_token(world.store, OWNER, by=ADMIN, clock=world.clock)

    told = as_json(documents.token(token))

    assert isinstance(token, Token)
    assert (told["name"], told["role"], told["domain"]) == ("olga", "owner", "sales")
    assert secret not in json.dumps(told)
