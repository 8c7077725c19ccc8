import pytest

from cli.answers import Report, Result, shaped
from cli.output import show
from cli.report import details, render
from tests.cli.fakes import Document, result_document

EVIDENCE = {
    "columns": ["id", "name", "amount"],
    "rows": [[1, "ann", -3.5], [20, None, -10], [3, " x ", None]],
    "offending": ["amount"],
    "masked": [],
}
FAILED = result_document(
    outcome="failed",
    failed_rows=3,
    reason="3 of 4 rows are below 0",
    evidence=EVIDENCE,
)
ERRORED = result_document(
    clause="/schema/orders/quality/broken", kind="sql", column=None, outcome="errored",
    threshold="", reason="no such column", severity="low", blocking=False,
)  # fmt: skip
SKIPPED = result_document(
    kind="freshness", schema=None, outcome="skipped", reason="not supported yet"
)


def report(*results: Document, outcome: str = "failed", server: str | None = "here") -> Report:
    return shaped(
        Report,
        {
            "contract": {"id": "orders", "version": "1.2.0"},
            "server": server,
            "outcome": outcome,
            "results": list(results),
            "seconds": 0.841,
        },
    )


def test_a_report_leads_with_what_failed_and_counts_what_passed(capsys):
    kind = {"kind": "type"}
    other = {"schema": "lines", "kind": "required"}

    show(*render(report(
        SKIPPED, result_document(), result_document(**kind), result_document(**kind),
        result_document(**other), ERRORED, FAILED,
    )))  # fmt: skip

    assert (
        capsys.readouterr().out
        == """\
orders 1.2.0 on server here: failed

FAILED orders.amount minimum: at least 0  (high)
  3 of 4 rows are below 0
    id  name   amount
     1  ann    [-3.5]
    20  NULL    [-10]
     3  ' x '  [NULL]
  /schema/orders/properties/amount/minimum

ERRORED orders sql 'broken'  (low, does not block)
  no such column
  /schema/orders/quality/broken

passed   orders: 3 clauses (minimum, 2 type)
passed   lines: 1 clause (required)
skipped  not supported yet: 1 clause (freshness)

7 clauses, 5 judged in 0.84 s: 4 passed, 1 failed, 1 errored, 1 skipped
"""
    )


def test_rows_of_a_sample_that_look_the_same_are_shown_once_with_their_number(capsys):
    evidence = EVIDENCE | {"columns": ["id"], "rows": [[2], [2], [7], [2]], "offending": ["id"]}
    result = shaped(Result, FAILED | {"evidence": evidence})

    show(*details([result], rows=1))

    assert (
        "     id  rows sampled\n    [2]             3\n    and 1 more sampled\n"
        in capsys.readouterr().out
    )


def test_rows_that_only_look_the_same_stay_apart(capsys):
    rows = [["x" * 60 + "1"], ["x" * 60 + "2"]]
    evidence = EVIDENCE | {"columns": ["id"], "rows": rows, "offending": []}

    show(*details([shaped(Result, FAILED | {"evidence": evidence})]))

    out = capsys.readouterr().out
    assert "rows sampled" not in out
    assert out.count("xxx…") == 2


def test_one_cause_of_many_errors_is_told_once(capsys):
    gone = ERRORED | {"reason": "no file at 'orders.csv'"}
    kinds = ["type", "type", "required"]
    more = [
        gone | {"kind": kind, "schema": schema} for kind, schema in zip(kinds, "abc", strict=True)
    ]

    show(*details([shaped(Result, one) for one in (gone, *more[:2], ERRORED)]))
    show(*details([shaped(Result, one) for one in (gone, *more)]))
    show(*details([shaped(Result, gone | {"schema": None}), shaped(Result, gone)]))

    assert (
        capsys.readouterr().out
        == """\

ERRORED 3 clauses of orders, a, b: no file at 'orders.csv'
  sql, 2 type

ERRORED orders sql 'broken'  (low, does not block)
  no such column
  /schema/orders/quality/broken

ERRORED 4 clauses of 4 objects: no file at 'orders.csv'
  sql, 2 type, required

ERRORED 2 clauses of the contract, orders: no file at 'orders.csv'
  2 sql
"""
    )


def test_only_as_many_rows_are_shown_as_were_asked_for(capsys):
    failed = [shaped(Result, FAILED)]

    show(*details(failed, 1))
    some = capsys.readouterr().out
    show(*details(failed, 0))
    none = capsys.readouterr().out

    assert "[-3.5]\n    and 2 more sampled\n" in some
    assert "ann" not in none
    assert "sampled" not in none


def test_a_report_without_clauses_or_server_says_so(capsys):
    show(*render(report(outcome="skipped", server=None)))

    assert capsys.readouterr().out == (
        "orders 1.2.0: skipped\n\n0 clauses, 0 judged in 0.84 s: none\n"
    )


def test_only_trouble_ends_with_the_trouble(capsys):
    show(*details([shaped(Result, result_document(outcome="failed"))]))

    assert capsys.readouterr().out == (
        "\nFAILED orders.amount minimum: at least 0  (high)\n"
        "  /schema/orders/properties/amount/minimum\n"
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (None, "[NULL]"),
        ("NULL", "['NULL']"),
        ("", "['']"),
        (True, "[true]"),
        ("a\x1b[2Jb", "[a\\x1b[2Jb]"),
        ("x" * 100, "[" + "x" * 47 + "…]"),
    ],
)
def test_odd_cells_cannot_be_taken_for_others(capsys, cell, words):
    sample = {"columns": ["c"], "rows": [[cell]], "offending": ["c"], "masked": []}

    show(*details([shaped(Result, result_document(outcome="failed", evidence=sample))]))

    assert f"    {words}\n" in capsys.readouterr().out


def test_an_empty_sample_is_no_table(capsys):
    sample = {"columns": ["c"], "rows": [], "offending": [], "masked": []}

    show(*details([shaped(Result, result_document(outcome="failed", evidence=sample))]))

    assert "    c\n" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("clause", "description", "threshold", "words"),
    [
        ("/a/quality/paid", "Each is\n  paid once.", "exactly 0", "Each is paid once (exactly 0)"),
        ("/a/quality/paid", "Each is paid", "", "Each is paid"),
        ("/a/quality/paid", "exactly 0", "exactly 0", "exactly 0"),
        ("/a/quality/paid", "paid", "exactly 0", "exactly 0"),  # the name, which stands before it
    ],
)
def test_what_the_author_says_of_a_rule_stands_before_its_threshold(
    capsys, clause, description, threshold, words
):
    said = {"clause": clause, "description": description, "threshold": threshold}

    show(*details([shaped(Result, result_document(outcome="failed", kind="sql", **said))]))

    assert capsys.readouterr().out == (
        f"\nFAILED orders.amount sql 'paid': {words}  (high)\n  {clause}\n"
    )


def test_the_results_of_an_older_service_without_descriptions_are_shown(capsys):
    older = result_document(outcome="failed")
    del older["description"]

    show(*details([shaped(Result, older)]))

    assert "FAILED orders.amount minimum: at least 0  (high)\n" in capsys.readouterr().out
