import math
from datetime import UTC, datetime, timedelta

import pytest

from checks.location import Limits, Location
from checks.model import Outcome
from contracts.clauses import clauses
from contracts.parse import parse
from contracts.timetable import Timetable
from runs.schedule import jitter
from store.engine import create_store_engine
from tools.bench.__main__ import read
from tools.bench.children.passing import no_judge
from tools.bench.runs.cases import Figure, quantile
from tools.bench.runs.run import NAMES, cells
from tools.bench.runs.work import CONTRACT, CRON, Ran, ended, prepare, product, span

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def ran(**changed) -> Ran:
    given = {
        "contract_id": "p0001",
        "asked": NOON,
        "started": NOON + timedelta(seconds=1),
        "finished": NOON + timedelta(seconds=2),
        "instant": None,
        "state": "done",
        "attempt": 1,
    }
    return Ran(**{**given, **changed})


def test_a_case_is_chosen_by_name(capsys: pytest.CaptureFixture[str]):
    asked = read(["runs", "--only", "death", "--database", "postgresql", "--runs", "20"])

    assert (asked.only, asked.database, asked.runs) == (["death"], "postgresql", 20)
    assert len(set(NAMES)) == len(NAMES)
    with pytest.raises(SystemExit):
        read(["runs", "--only", "nothing"])
    assert "lateness" in capsys.readouterr().err


def test_an_aim_that_was_not_reached_says_so():
    figure = Figure(name="x", p50=201.4, seconds=1.25, aim="p50 <= 200 ms", met=False, note="n")

    assert cells(figure) == ("x", "201", "", "", "", "1.2", "p50 <= 200 ms: falls short", "n")


def test_quantiles_are_of_what_was_measured():
    figures = [float(n) for n in range(100, 0, -1)]

    assert (quantile(figures, 0.5), quantile(figures, 0.99)) == (51.0, 100.0)
    assert math.isnan(quantile([], 0.5))


def test_lateness_counts_from_when_the_schedule_was_due():
    due = NOON + jitter(Timetable(cron=CRON), "p0001")

    assert ran(instant=NOON, started=due + timedelta(seconds=3)).late == 3.0


def test_the_span_is_from_the_first_request_to_the_last_result():
    later = ran(asked=NOON + timedelta(seconds=5), finished=NOON + timedelta(seconds=9))

    assert span([later, ran()]) == timedelta(seconds=9)


def test_what_is_judged_has_ten_clauses_for_both_engines():
    contract = parse(CONTRACT.format(key="x", connection="y", schedule="").encode())

    promised = clauses(contract)

    assert len([clause for clause in promised if not clause.skipped]) == 10
    assert any("/quality/" in clause.key for clause in promised)


def test_products_are_published_beside_their_data(database, tmp_path):
    engine = create_store_engine(database)

    token = prepare(engine, tmp_path, products=2, scheduled=False)

    assert token.startswith("assay_")
    assert (tmp_path / "tiny.csv").read_text().count("\n") == 11
    assert ended(engine) == 0
    assert product(1) == "p0001"
    engine.dispose()


def test_what_stands_for_the_judge_passes_every_clause():
    contract = parse(
        b"apiVersion: v3.2.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"
        b"schema:\n  - name: x\n    properties: [{name: id, logicalType: integer, unique: true}]\n"
    )
    promised = clauses(contract)

    report = no_judge(Limits(), lambda: NOON)(contract, promised, Location(source="files"))

    assert {result.finding.outcome for result in report.results} == {Outcome.PASSED}
    assert len(report.results) == len(promised)
