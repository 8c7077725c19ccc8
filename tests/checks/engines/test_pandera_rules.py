import pytest

from checks.dataset import Dialect
from checks.engines.pandera.rows import among
from checks.errors import StoppedQuery
from checks.model import Evidence, Outcome
from checks.sources.session import LockedSession
from contracts.clause import Kind
from tests.checks.build import at, clause, column, csv, judged, one, parquet, schema

LINES = schema("lines", column("id", "integer"), column("no", "integer"), column("word", "string"))
ORDERS = schema("orders", column("id", "integer"), column("who", "integer"))


def lines(folder, *rows):
    (folder / "lines.csv").write_text("id,no,word\n" + "".join(f"{row}\n" for row in rows))
    return at(folder)


def told(finding):
    return finding.outcome.value, finding.failed_rows, finding.reason


KEY = clause(Kind.PRIMARY_KEY, schema="lines", columns=["id", "no"], keys=["id", "no"])
TO_ORDERS = clause(
    Kind.RELATIONSHIP, "id", schema="lines", columns=["id"], to_schema="orders", to_columns=["id"]
)


def test_a_composite_key_is_judged_as_a_tuple(tmp_path):
    location = lines(tmp_path, "1,1,a", "1,2,b", "2,1,c")

    assert told(one(location, LINES, KEY)) == ("passed", 0, "")


def test_a_key_that_repeats_and_lacks_a_part_is_told_in_one_sentence(tmp_path):
    location = lines(tmp_path, "1,1,a", "1,1,b", ",2,c", "2,,d", "3,1,e", "3,1,f", "3,1,g")

    finding = one(location, LINES, KEY)

    reason = "2 of 7 rows lack a part of the key; 2 values occur more than once (5 rows)"
    assert told(finding) == ("failed", 7, reason)
    assert finding.evidence == Evidence(
        columns=("id", "no"),
        rows=((1, 1), (1, 1), (2, None), (3, 1), (3, 1), (3, 1), (None, 2)),
        offending=("id", "no"),
    )


def test_a_cell_that_cannot_be_read_is_no_missing_part_of_a_key(tmp_path):
    assert told(one(lines(tmp_path, "x,1,a", "1,1,b"), LINES, KEY))[0] == "passed"


@pytest.mark.parametrize("kind", [Kind.UNIQUE, Kind.PRIMARY_KEY])
def test_float_keys_that_repeat_are_shown_too(tmp_path, kind):
    table = schema("orders", column("x", "number"))
    asked = clause(kind, "x", columns=["x"])

    finding = one(
        parquet(tmp_path, "SELECT * FROM VALUES (0.1::FLOAT), (0.1::FLOAT), (2) t(x)"), table, asked
    )

    assert told(finding) == ("failed", 2, "1 value occurs more than once (2 rows)")
    assert finding.evidence
    assert len(finding.evidence.rows) == 2


def test_a_relationship_counts_the_rows_whose_target_is_not_there(tmp_path):
    (tmp_path / "orders.csv").write_text("id,who\n1,7\n2,7\n,8\n")
    location = lines(tmp_path, "1,1,a", "2,1,b", ",1,c", "9,1,d", "9,2,e", "8,1,f")

    finding = judged(location, [LINES, ORDERS], [TO_ORDERS])[TO_ORDERS.key]

    reason = "3 of 6 rows are not found in orders.id (2 different values)"
    assert told(finding) == ("failed", 3, reason)
    assert finding.evidence
    assert finding.evidence.rows == ((8,), (9,), (9,))


def test_a_relationship_holds_where_all_targets_are_there(tmp_path):
    (tmp_path / "orders.csv").write_text("id,who\n1,7\n")

    finding = judged(lines(tmp_path, "1,1,a", ",1,b"), [LINES, ORDERS], [TO_ORDERS])[TO_ORDERS.key]

    assert told(finding) == ("passed", 0, "")


def test_a_relationship_to_an_empty_object_is_broken_by_every_row(tmp_path):
    (tmp_path / "orders.csv").write_text("id,who\n")

    finding = judged(lines(tmp_path, "1,1,a"), [LINES, ORDERS], [TO_ORDERS])[TO_ORDERS.key]

    assert told(finding) == (
        "failed",
        1,
        "1 of 1 row is not found in orders.id (1 different value)",
    )


def test_a_relationship_may_lead_to_its_own_object_and_have_several_columns(tmp_path):
    asked = clause(
        Kind.RELATIONSHIP,
        schema="lines",
        columns=["no", "id"],
        to_schema="lines",
        to_columns=["id", "no"],
    )

    finding = one(lines(tmp_path, "1,2,a", "2,1,b", "3,1,c", "4,,d"), LINES, asked)

    reason = "1 of 4 rows is not found in lines.id, no (1 different value)"
    assert told(finding) == ("failed", 1, reason)


def test_a_relationship_whose_target_cannot_be_opened_is_errored(tmp_path):
    finding = judged(lines(tmp_path, "1,1,a"), [LINES, ORDERS], [TO_ORDERS])[TO_ORDERS.key]

    assert told(finding) == ("errored", None, "no file at 'orders.csv'")


def test_a_relationship_whose_target_column_is_missing_is_errored(tmp_path):
    (tmp_path / "orders.csv").write_text("who\n7\n")

    finding = judged(lines(tmp_path, "1,1,a"), [LINES, ORDERS], [TO_ORDERS])[TO_ORDERS.key]

    assert told(finding) == ("errored", None, "no column 'id' in orders; there are who")


def test_a_relationship_between_types_that_do_not_compare_errs_alone(tmp_path):
    orders = schema("orders", column("id", "string"))
    (tmp_path / "orders.csv").write_text("id\nx1\n")
    present = clause(Kind.UNIQUE, "no", schema="lines")

    findings = judged(lines(tmp_path, "1,1,a"), [LINES, orders], [TO_ORDERS, present])

    assert findings[TO_ORDERS.key].outcome is Outcome.ERRORED
    assert findings[present.key].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("kind", "value", "failed", "reason"),
    [
        (Kind.MIN_LENGTH, 2, 3, "3 of 5 rows are shorter than 2 letters"),
        (Kind.MAX_LENGTH, 1, 1, "1 of 5 rows is longer than 1 letter"),
        (Kind.MAX_LENGTH, 3, 0, ""),
        (Kind.PATTERN, "b", 3, "3 of 5 rows do not match b"),
        (Kind.PATTERN, "^(a|abc|é)?$", 0, ""),
    ],
)
def test_texts_are_held_against_lengths_and_patterns(tmp_path, kind, value, failed, reason):
    words = schema("orders", column("word", "string"))
    location = parquet(
        tmp_path, "SELECT unnest(['a', 'abc', 'é', '', NULL, 'abc']) AS word LIMIT 5"
    )

    finding = one(location, words, clause(kind, "word", value=value))

    assert told(finding)[1:] == (failed, reason)


def test_a_pattern_is_searched_and_knows_no_other_letters_than_ascii(tmp_path):
    words = schema("orders", column("word", "string"))
    location = parquet(tmp_path, "SELECT unnest(['xay', 'é', E'a\\n']) AS word")
    asked = [
        clause(Kind.PATTERN, "word", value=value, key=value)
        for value in ("a", r"\w", "^a$", "a.", "(")
    ]

    findings = judged(location, [words], asked)

    assert {key: finding.failed_rows for key, finding in findings.items()} == {
        "a": 1,
        r"\w": 1,
        "^a$": 3,
        "a.": 2,
        "(": None,
    }
    assert findings["("].outcome is Outcome.ERRORED


@pytest.mark.parametrize("kind", [Kind.MIN_LENGTH, Kind.PATTERN])
def test_what_is_no_text_has_no_letters(tmp_path, kind):
    table = schema("orders", column("x", "string"))

    finding = one(parquet(tmp_path, "SELECT 1 AS x"), table, clause(kind, "x", value=1))

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason.startswith("a column of type INTEGER has no ")


def test_what_many_rows_break_is_shown_in_order_as_well(tmp_path):
    table = schema("orders", column("id", "integer"), column("x", "integer"))
    asked = [
        clause(Kind.MAXIMUM, "x", value=-1, keys=["id"]),
        clause(Kind.MINIMUM, "x", value=2, keys=["id"], key="few"),
        clause(Kind.MAXIMUM, "x", value=100, keys=["id"], key="fewer"),
    ]
    cells = "300000 - i AS id, CASE WHEN i < 9 THEN 1 ELSE 100 + i END AS x"
    select = "SELECT " + cells + " FROM range(300000) t(i)"

    findings = judged(parquet(tmp_path, select), [table], asked)

    shown = {key: finding.evidence.rows[0] for key, finding in findings.items() if finding.evidence}
    assert shown == {asked[0].key: (1, 300099), "few": (299992, 1), "fewer": (1, 300099)}
    assert findings[asked[0].key].failed_rows == 300000


def test_values_without_an_exact_literal_are_not_listed():
    assert among(["a"], [(0.1,)], Dialect.DUCKDB) is None
    assert among(["a"], [], Dialect.DUCKDB) is None
    assert among(["a b"], [("it's",)], Dialect.DUCKDB) == """("a b") IN (('it''s'))"""


def test_a_letter_in_a_file_is_counted_once_however_many_bytes_it_has(tmp_path):
    words = schema("orders", column("word", "string"))

    finding = one(csv(tmp_path, "word\nééé\n"), words, clause(Kind.MAX_LENGTH, "word", value=3))

    assert finding.outcome is Outcome.PASSED


def test_after_some_stops_no_more_is_asked(tmp_path, monkeypatch):
    statements: list[str] = []

    def stop(self, statement, parameters=()):
        if statement.startswith(("CREATE", "DESCRIBE")):
            return run(self, statement, parameters)
        statements.append(statement)
        raise StoppedQuery(9)

    run = LockedSession.run
    location = lines(tmp_path, "1,1,a")
    monkeypatch.setattr(LockedSession, "run", stop)
    asked = [clause(Kind.MINIMUM, "id", value=at, schema="lines", key=f"/{at}") for at in range(9)]

    findings = judged(location, [LINES], asked)

    assert {told(each) for each in findings.values()} == {("errored", None, "stopped after 9 s")}
    assert len(statements) == 3
