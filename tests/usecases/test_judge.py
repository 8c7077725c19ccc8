from dataclasses import replace
from pathlib import Path

import pytest

from checks.location import Limits
from checks.model import Outcome
from checks.selection import Selection
from contracts.parse import parse
from tests.cast import ORDERS, Clock
from usecases.errors import NotFound
from usecases.judge import judge_locally, plan_locally

GOOD = "id,status\n1,open\n2,done\n"


def judged(folder: Path, clock: Clock, text: str = ORDERS):
    contract = parse(text.encode())
    return judge_locally(contract, server=None, folder=folder, limits=Limits(), clock=clock)


def test_files_in_the_folder_are_judged(tmp_path: Path, clock: Clock):
    (tmp_path / "orders.csv").write_text(GOOD)

    report = judged(tmp_path, clock)

    assert (report.outcome, report.server) == (Outcome.PASSED, "lake")
    assert report.coverage.executed == 9


def test_a_server_that_cannot_be_read_errs_every_clause(tmp_path: Path, clock: Clock):
    far = ORDERS.replace(
        'type: local\n    path: "{model}.csv"\n    format: csv', "type: s3\n    location: s3://x/y"
    )

    report = judged(tmp_path, clock, far)

    assert report.outcome is Outcome.ERRORED
    assert report.counts[Outcome.PASSED] == 0
    reasons = {r.finding.reason for r in report.results if r.outcome is Outcome.ERRORED}
    assert reasons == {
        "server 'lake' is of type 's3'; only local files and PostgreSQL are read so far"
    }


def test_an_unreachable_second_server_does_not_disturb_the_first(tmp_path: Path, clock: Clock):
    (tmp_path / "orders.csv").write_text(GOOD)
    second = (
        "  - {server: far, type: postgresql, host: far.invalid, port: 1, database: d, schema: s}\n"
    )

    report = judged(tmp_path, clock, ORDERS.replace("schema:\n", f"{second}schema:\n", 1))

    assert (report.outcome, report.server) == (Outcome.PASSED, "lake")


@pytest.mark.parametrize(
    ("cell", "clause"), [("", "/id/required"), ("1", "/id/unique"), ("x", "/id/type")]
)
def test_one_bad_cell_fails_its_clause_only(tmp_path: Path, clock: Clock, cell: str, clause: str):
    (tmp_path / "orders.csv").write_text(f"{GOOD}{cell},open\n")

    report = judged(tmp_path, clock)

    failed = [r.clause.key for r in report.results if r.outcome is Outcome.FAILED]
    assert len(failed) == 1
    assert failed[0].endswith(clause)


def test_what_was_not_asked_for_is_not_errored_where_no_data_can_be_reached(tmp_path, clock):
    far = ORDERS.replace(
        'type: local\n    path: "{model}.csv"\n    format: csv', "type: s3\n    location: s3://x/y"
    )
    asked = Selection(rules=frozenset({"/schema/orders/properties/id/unique"}))

    report = judge_locally(
        parse(far.encode()),
        server=None,
        folder=tmp_path,
        limits=Limits(),
        clock=clock,
        selection=asked,
    )

    assert report.counts[Outcome.ERRORED] == 1
    assert report.coverage.skipped["not selected"] == report.coverage.clauses - 1


def test_a_plan_needs_no_data_and_no_server():
    contract = parse(ORDERS.encode())

    planned = plan_locally(contract, server="lake")
    homeless = plan_locally(replace(contract, servers=()), server=None)

    assert (planned.server, homeless.server) == ("lake", None)
    assert planned.plan == homeless.plan
    assert len(planned.promised) == len(planned.plan.skipped) + sum(
        len(planned.plan.clauses(engine)) for engine in planned.plan.engines
    )


def test_a_plan_for_a_server_that_there_is_not_is_refused():
    with pytest.raises(NotFound, match="there is no server 'lak'"):
        plan_locally(parse(ORDERS.encode()), server="lak")
