import pytest

from cli.answers import Explanation, shaped
from cli.output import show
from cli.why import render
from tests.cli.fakes import Document, score_document
from tests.cli.test_products import EXPLANATION


def change(kind: str, points: float | None, sentence: str, why: str = "") -> Document:
    return {"kind": kind, "points": points, "sentence": sentence, "why": why}


def shown(capsys: pytest.CaptureFixture[str], **changes: object) -> str:
    found: Document = EXPLANATION | changes
    show(*render(shaped(Explanation, found)))
    return capsys.readouterr().out


def test_what_cost_points_stands_in_a_column_with_what_the_run_said(capsys):
    out = shown(
        capsys,
        changes=[
            change(
                "failed",
                -41.18,
                "orders.amount: at least 0 - failed since 19 Nov 18:02, run 12 (-41.1)",
                "3 of 9 rows are wrong",
            ),
            change(
                "errored", 0.0, "orders.id: never null - nobody can tell since 19 Nov 18:02, run 12"
            ),
            change("judged", None, "orders.id: required - judged at 19 Nov 18:02"),
            change(
                "recovered",
                8.3,
                "orders.status: open, done - passes again since 19 Nov 18:02 (+8.3)",
            ),
        ],
        together=-8.38,
        rest="together, beyond what each moves alone (-8.3)",
    )

    assert (
        out
        == """\
sales.orders  what changed since 2026-11-19 10:00:00 UTC  2026-11-20 10:00:00 UTC

quality    97.3 -> 56.2
assurance  95 % -> 95 %
capped     no -> 1 critical clause is failing

-41.1  orders.amount: at least 0 - failed since 19 Nov 18:02, run 12
       3 of 9 rows are wrong
       orders.id: never null - nobody can tell since 19 Nov 18:02, run 12
 +8.3  orders.status: open, done - passes again since 19 Nov 18:02
       orders.id: required - judged at 19 Nov 18:02
 -8.3  together, beyond what each moves alone
"""
    )


def test_first_verdicts_are_told_together_after_what_failed(capsys):
    first = [change("first", 0.0, f"orders.c{n}: required - judged") for n in range(30)]
    broken = change("failed", -2.0, "orders.id: unique - failed (-2)", "1 of 9 rows is twice")

    out = shown(capsys, changes=[*first, broken])

    assert out.endswith(
        """
-2  orders.id: unique - failed
    1 of 9 rows is twice
    30 promises were judged for the first time: all kept
"""
    )


def test_where_nothing_changed_it_says_so(capsys):
    out = shown(capsys, now=EXPLANATION["then"])

    assert (
        out
        == """\
sales.orders  what changed since 2026-11-19 10:00:00 UTC  2026-11-20 10:00:00 UTC

quality    97.3 -> 97.3
assurance  95 % -> 95 %

nothing changed
"""
    )


def test_a_score_that_was_not_measured_says_so(capsys):
    out = shown(capsys, then=score_document(quality=None, low=1.0, assurance=0.0))

    assert "quality    not measured -> 56.2\n" in out
