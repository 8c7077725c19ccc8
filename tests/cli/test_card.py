import pytest

from cli.answers import Card, Score, shaped
from cli.card import leading, points, quality, render
from cli.output import BAD, FAINT, GOOD, UNSURE, show
from tests.cli.fakes import (
    Document,
    incident_document,
    result_document,
    run_document,
    score_document,
)
from tests.cli.test_products import CARD


def clause(**changes: object) -> Document:
    return result_document(good=True, judged_at=None, lost=0.0) | changes


def port(name: str, **schedule: object) -> Document:
    when = {"cron": None, "every_seconds": None, "timezone": "UTC", "paused": False,
            "next_run": "2026-11-20T10:00:05Z"} | schedule  # fmt: skip
    contract = {"id": name, "version": "1.2.0"}
    return {"name": name, "contract": contract, "schedule": when if schedule else None}


def shown(capsys: pytest.CaptureFixture[str], **changes: object) -> str:
    card: Document = CARD | changes
    show(*render(shaped(Card, card), "http://assay.example"))
    return capsys.readouterr().out


def test_a_card_says_how_much_what_fails_and_what_happened(capsys):
    out = shown(
        capsys,
        score=score_document(assurance=0.799, cap="a critical clause fails"),
        clauses=[
            clause(outcome="errored", kind="sql", column=None, reason="no table", threshold=""),
            clause(outcome="failed", good=False, lost=34.89, reason="3 of 4 rows are below 0"),
            clause(outcome="skipped", good=False, kind="type", lost=2.0, severity="low",
                   judged_at="2026-11-19T08:00:00Z"),
            clause(),
        ],
        ports=[
            port("orders", cron="0 6 * * *", timezone="Europe/Berlin"),
            port("fast", every_seconds=5.0),
            port("idle"),
        ],
        incidents=[incident_document(), incident_document(id=2, open=False, state="resolved")],
        runs=[
            run_document(id=8, state="running"),
            run_document(
                state="done", outcome="failed", counts={"passed": 1000, "failed": 1, "errored": 0}
            ),
        ],
    )  # fmt: skip

    assert (
        out
        == """\
sales.orders  owned by checkout  2026-11-20 10:00:00 UTC
One row per order.

quality    at least 41
assurance  79 % of the promise has a recent verdict (4 clauses, 1 failing)
capped     a critical clause fails, would be 91

dimension        quality  clauses  failing
conformity          56.2        3        1
timeliness  not measured        1        0

FAILED orders.amount minimum: at least 0  (high)  (-34.8 points)
  3 of 4 rows are below 0
FAILED orders.amount type: at least 0  (low)  (-2 points)
  so said the last verdict 2026-11-19 08:00:00 UTC; since then skipped
ERRORED orders sql  (high)
  no table

incident 3  triggered  2 clauses of sales.orders fail  since 2026-11-20 08:00:00 UTC
incident 2  resolved   2 clauses of sales.orders fail  since 2026-11-20 08:00:00 UTC

port orders  orders 1.2.0  judged at 0 6 * * * (Europe/Berlin), next 2026-11-20 10:00:05 UTC
port fast  fast 1.2.0  judged every 5 s, next 2026-11-20 10:00:05 UTC
port idle  idle 1.2.0  judged when asked

run 8  running  2026-11-20 09:00:00 UTC
run 7  failed   2026-11-20 09:00:00 UTC  1,000 passed, 1 failed

card: http://assay.example/products/sales.orders
"""
    )


def test_a_new_product_has_little_to_say(capsys):
    out = shown(
        capsys,
        purpose="",
        owner=None,
        score=score_document(quality=None, low=1.0, uncapped=None, dimensions=[], cap="x"),
        incidents=[],
    )

    assert (
        out
        == """\
sales.orders  owned by nobody  2026-11-20 10:00:00 UTC

quality    not measured
assurance  95 % of the promise has a recent verdict (4 clauses, 1 failing)
capped     x

card: http://assay.example/products/sales.orders
"""
    )


@pytest.mark.parametrize(("assurance", "number"), [(0.8, 56.2), (0.79, 41.0)])
def test_the_low_end_leads_where_little_is_known(assurance, number):
    assert leading(shaped(Score, score_document(assurance=assurance))) == number


@pytest.mark.parametrize(
    ("value", "part"),
    [
        (None, ("not measured", FAINT)),
        (90.0, ("90", GOOD)),
        (89.96, ("89.9", UNSURE)),
        (49.0, ("49", BAD)),
    ],
)
def test_a_number_has_its_colour(value, part):
    assert points(value) == part


def test_what_nobody_could_tell_is_said_and_not_green(capsys):
    high = score_document(quality=100.0)

    out = shown(capsys, score=high, errored=1, lost_runs=2)

    assert "errored    nobody could tell of 1 clause and 2 lost runs\n" in out
    assert quality(shaped(Score, high), unsure=True) == ("100", UNSURE)
    assert quality(shaped(Score, high), unsure=False) == ("100", GOOD)


def test_one_cause_of_many_errors_is_told_once(capsys):
    broken = clause(outcome="errored", reason="no file at 'orders.csv'")

    out = shown(capsys, clauses=[broken, broken | {"kind": "type", "good": False, "lost": 1.0}])

    assert out.count("no file at") == 1
    assert "FAILED orders.amount type: at least 0  (high)  (-1 points)\n" in out
    assert "  so said the last verdict; since then errored\n" in out
    assert "ERRORED 2 clauses of orders: no file at 'orders.csv'\n  minimum, type\n" in out


def test_what_no_run_judges_is_told_last_by_reason_and_in_no_colour_of_success(capsys):
    people = clause(outcome="skipped", good=None, kind="text", reason="a promise for people")
    foreign = people | {"kind": "custom", "reason": "not executable: engine 'soda'"}
    later = people | {"kind": "type", "reason": "never run"}
    stands = people | {"kind": "type", "good": True, "reason": "column 'x' is missing"}
    clauses = [people, foreign, people, later, stands, clause()]

    out = shown(capsys, clauses=clauses)
    card: Document = CARD | {"clauses": clauses}
    lines = render(shaped(Card, card), "http://assay.example")

    assert out.endswith(
        """
note     3 promises of it no run judges
skipped  a promise for people: 2 clauses (2 text)
skipped  not executable: engine 'soda': 1 clause (custom)

card: http://assay.example/products/sales.orders
"""
    )
    told = [text for text in lines if text.plain.startswith(("note", "skipped"))]
    assert {span.style for text in told for span in text.spans} == {FAINT}


def test_a_promise_that_is_still_to_be_judged_is_none_that_no_run_judges(capsys):
    out = shown(capsys, clauses=[clause(outcome="skipped", good=None, reason="never run")])

    assert "no run judges" not in out
