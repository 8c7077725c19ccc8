"""What an owner is told of data that cannot be read, and of clauses that cannot be asked."""

import gzip
import os
import time
from dataclasses import replace

import pyarrow as pa  # type: ignore[import-untyped]  # it has no types
import pytest
from pyarrow import parquet as pq

from checks.location import Limits
from checks.model import Outcome
from contracts.clause import Kind
from tests.checks.build import at, clause, column, csv, judged, one, parquet, schema

ORDERS = schema("orders", column("id", "integer"), column("v", "number"), column("x", "string"))
NO_CSV = (
    "orders cannot be read: orders.csv is no CSV with the delimiter ',': rows differ in length, "
    "a quote does not close, or its encoding is another (customProperties: encoding)"
)
MANY = "id,v,x\n" + "".join(f"{number},1,a\n" for number in range(50_000))


def told(location, name="orders"):
    """The one reason that an engine's and another engine's clause are errored with."""
    asked = [
        clause(Kind.REQUIRED, "id", schema=name),
        clause(Kind.NULL_VALUES, "x", schema=name, operator="mustBe", value=0),
    ]
    findings = judged(location, [ORDERS], asked).values()
    assert {each.outcome for each in findings} == {Outcome.ERRORED}, findings
    return [each.reason for each in findings]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("orders.csv", b"", "orders.csv is empty: not even a header is in it"),
        ("orders.parquet", b"", "orders.parquet is empty: not even a header is in it"),
        (
            "orders.parquet",
            b"PAR1",
            "orders cannot be read: orders.parquet is no whole Parquet file",
        ),
        ("orders.csv", b"id,v,x\n1,2,a\n2,3\n3,4,b,c\n", NO_CSV),
        ("orders.csv", b'id,v,x\n1,2,"a\n2,3,b\n', NO_CSV),
        ("orders.csv", bytes(range(256)) * 40, NO_CSV),
        (
            "orders.csv",
            b"PK\x03\x04" + bytes(5_000) + b"\n\x00\xff",
            (
                "orders cannot be read: orders.csv line 2 is not in the encoding stated "
                "for the file: say which in the server's customProperties: encoding"
            ),
        ),
        (
            "orders.csv",
            "id,v,x\n1,2,ü\n".encode("latin-1"),
            (
                "orders cannot be read: orders.csv line 2 is not in the encoding stated "
                "for the file: say which in the server's customProperties: encoding"
            ),
        ),
        (
            "orders.csv.gz",
            b"no gzip",
            "orders cannot be read: Input is not a GZIP stream: orders.csv.gz",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)

    assert set(told(at(tmp_path, name))) == {reason}


def test_a_parquet_file_that_was_cut_off_is_told_in_one_line(tmp_path):
    location = parquet(tmp_path, "SELECT range AS id, 1.5 AS v, 'a' AS x FROM range(100000)")
    file = tmp_path / "orders.parquet"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    assert set(told(location)) == {"orders cannot be read: orders.parquet is no whole Parquet file"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1,2,canary,4", "has 4 cells, not 3"),
        ("1,canary", "has 2 cells, not 3"),
        ('1,2,"canary', "holds a quote that does not close"),
    ],
)
def test_a_broken_line_far_down_is_told_by_its_number_and_not_shown(tmp_path, line, why):
    location = csv(tmp_path, MANY + line + "\n")

    assert set(told(location)) == {f"orders.csv line 50002 {why}"}


@pytest.mark.parametrize("files", [[], ["readme.md"], [".hidden.csv"]])
def test_a_folder_without_files_is_told(tmp_path, files):
    (tmp_path / "orders").mkdir()
    for name in files:
        (tmp_path / "orders" / name).write_text("id,v,x\n1,1,a\n")

    assert set(told(at(tmp_path, "{model}"))) == {"no file at 'orders'"}


def test_an_empty_file_among_others_adds_nothing(tmp_path):
    csv(tmp_path, "id,v,x\n1,1,a\n", "one.csv")
    csv(tmp_path, "", "two.csv")
    table = schema("orders", column("gone"))

    finding = one(at(tmp_path, "*.csv"), table, clause(Kind.COLUMN_PRESENT, "gone"))

    assert finding.reason == "no column 'gone' in orders; there are id, v, x"


def test_millions_of_equal_rows_are_judged_in_little_memory(tmp_path):
    location = parquet(tmp_path, "SELECT 7 AS id, 1.5 AS v, 'a' AS x FROM range(50000000)")
    asked = [
        clause(Kind.UNIQUE, "id"),
        clause(Kind.DUPLICATE_VALUES, "x", operator="mustBe", value=0),
    ]

    findings = judged(location, [ORDERS], asked, Limits(memory_mb=256))

    assert [each.failed_rows for each in findings.values()] == [50_000_000, 50_000_000]


def test_what_takes_too_much_memory_is_errored_in_one_line(tmp_path):
    location = parquet(tmp_path, "SELECT range AS id, 1.5 AS v, 'a' AS x FROM range(2000000)")
    query = "SELECT len(list(id)) FROM orders"
    asked = [
        clause(Kind.SQL, query=query, operator="mustBe", value=0),
        clause(Kind.REQUIRED, "id"),
    ]

    findings = list(judged(location, [ORDERS], asked, Limits(memory_mb=32)).values())

    assert [each.outcome.value for each in findings] == ["errored", "passed"]
    assert findings[0].reason == "it takes more memory than the 30.5 MiB that a run may use"


def test_what_takes_more_than_its_memory_is_judged_by_spilling(tmp_path):
    location = parquet(tmp_path, "SELECT range AS id, 1.5 AS v, 'a' AS x FROM range(2000000)")
    asked = [
        clause(Kind.UNIQUE, "id"),
        clause(Kind.DUPLICATE_VALUES, "id", operator="mustBe", value=0),
    ]

    findings = judged(location, [ORDERS], asked, Limits(memory_mb=32))

    assert {each.outcome for each in findings.values()} == {Outcome.PASSED}


def test_a_cross_join_that_never_ends_holds_the_run_no_longer_than_its_limit(tmp_path):
    location = parquet(tmp_path, "SELECT range AS id, 1.5 AS v, 'a' AS x FROM range(100000)")
    query = "SELECT sum(a.id * b.id * c.id) FROM orders a, orders b, orders c"
    asked = clause(Kind.SQL, query=query, operator="mustBe", value=0)
    judged(location, [ORDERS], [clause(Kind.ROW_COUNT, operator="mustBe", value=0)])  # load it all
    began = time.monotonic()

    finding = one(location, ORDERS, asked, Limits(statement_seconds=2))

    assert finding.reason == "stopped after 2 s"
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    ("type_", "column_name", "kwargs", "reason"),
    [
        (
            "expect_column_values_to_be_between",
            "id",
            {"min": 1},
            "min: extra fields not permitted; min_value and max_value cannot both be None",
        ),
        (
            "expect_column_values_to_be_between",
            "id",
            {"min_value": [1]},
            "min_value: value is not a valid float; min_value and max_value cannot both be None",
        ),
        ("expect_column_values_to_be_between", None, {"min_value": 1}, "column: field required"),
        (
            "expect_column_values_to_be_between",
            "id",
            {"min_value": 1, "mostly": 7},
            "mostly: ensure this value is less than or equal to 1.0",
        ),
        (
            "expect_column_quantile_values_to_be_between",
            "id",
            {"quantile_ranges": {"quantiles": [0.5]}},
            "the arguments lack 'value_ranges'",
        ),
        ("expect_column_values_to_match_regex", "x", {"regex": "("}, "missing ): ("),
    ],
)
def test_an_expectation_with_wrong_arguments_errs_alone(
    tmp_path, type_, column_name, kwargs, reason
):
    asked = [
        clause(Kind.EXPECTATION, column_name, type=type_, kwargs=kwargs),
        clause(Kind.ROW_COUNT, operator="mustBe", value=1),
    ]

    findings = judged(csv(tmp_path, "id,v,x\n1,1,a\n"), [ORDERS], asked)

    assert [each.outcome.value for each in findings.values()] == ["errored", "passed"]
    assert findings[asked[0].key].reason == reason


@pytest.mark.filterwarnings("ignore:.*row_condition.*:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*condition_parser.*:DeprecationWarning")
def test_an_expectation_that_cannot_be_built_errs_alone(tmp_path):
    kwargs = {"min_value": 1, "row_condition": "a b", "condition_parser": "great_expectations"}
    asked = [
        clause(Kind.EXPECTATION, "id", type="ExpectColumnValuesToBeBetween", kwargs=kwargs),
        clause(Kind.ROW_COUNT, operator="mustBe", value=1),
    ]

    findings = judged(csv(tmp_path, "id,v,x\n1,1,a\n"), [ORDERS], asked)

    assert [each.outcome.value for each in findings.values()] == ["errored", "passed"]
    assert findings[asked[0].key].reason == "unable to parse condition: a b"


def test_a_threshold_between_two_numbers_is_failed_and_not_errored(tmp_path):
    asked = clause(Kind.NULL_VALUES, "id", operator="mustBeBetween", value=[5, 6])

    finding = one(csv(tmp_path, "id,v,x\n1,1,a\n"), ORDERS, asked)

    assert finding.outcome is Outcome.FAILED
    assert finding.reason == "0 of 1 row are null: 0 is not between 5 and 6"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_errored(tmp_path):
    location = csv(tmp_path, MANY)
    (tmp_path / "orders.csv").chmod(0)

    assert all("Permission denied" in reason for reason in told(location))


SEMICOLON = "is its delimiter ';'? say so in the server's customProperties: delimiter"


@pytest.mark.parametrize(
    ("sign", "told_sign"),
    [(";", "';'"), ("\t", "tab"), ("|", "'|'")],
    ids=["semicolon", "tab", "bar"],
)
def test_a_csv_of_one_column_is_asked_about_its_delimiter(tmp_path, sign, told_sign):
    location = csv(tmp_path, f"id{sign}v{sign}x\n1{sign}2{sign}a\n")

    (reason,) = set(told(location))

    assert reason.startswith("orders.csv has one column, ")
    assert reason.endswith(
        f"is its delimiter {told_sign}? say so in the server's customProperties: delimiter"
    )


def test_a_csv_that_cannot_be_parted_is_asked_about_its_delimiter(tmp_path):
    location = csv(tmp_path, "id;v;x\n1;2,5;a\n2;3;b\n")

    assert all(reason.endswith(SEMICOLON) for reason in told(location))


def test_a_csv_without_a_header_is_asked_about_its_delimiter(tmp_path):
    location = replace(csv(tmp_path, "1;2;x\n1;2,5;a\n"), options={"header": False})

    assert all(reason.endswith("; " + SEMICOLON) for reason in told(location))


def test_a_promised_column_may_hold_a_delimiter_in_its_name(tmp_path):
    table = schema("orders", column("a;b"))
    asked = clause(Kind.COLUMN_PRESENT, "a;b")

    assert one(csv(tmp_path, "a;b\n1\n"), table, asked).outcome is Outcome.PASSED


MIXED = "mixes line ends, CRLF and LF; write it with one of them"


def test_lines_that_end_in_two_ways_are_told(tmp_path):
    (tmp_path / "orders.csv").write_bytes(b'id,v,x\r\n1,2,"a\nb"\r\n2,3,b\n')

    assert set(told(at(tmp_path))) == {f"orders.csv {MIXED}"}


def test_lines_that_end_in_another_way_far_down_are_told(tmp_path):
    (tmp_path / "orders.csv").write_bytes(MANY.encode() + b"1,2,a\r\n2,3,b\r\n1,2,z\n")

    assert set(told(at(tmp_path))) == {f"orders.csv breaks the rules of CSV, or {MIXED}"}


def test_a_line_end_in_quotes_may_be_another(tmp_path):
    (tmp_path / "orders.csv").write_bytes(b'id,v,x\r\n1,2,"a\nb"\r\n2,3,b\r\n')

    asked = clause(Kind.REQUIRED, "id")

    assert one(at(tmp_path), ORDERS, asked).rows == 2


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("id,x,x", "orders.csv names the column 'x' twice"),
        ('id,x," x"', "orders.csv names the column 'x' twice"),
        ("x,x,x", "orders.csv names the column 'x' 3 times"),
        (
            "id,x,X",
            "orders.csv names the columns 'x' and 'X': SQL ignores case and cannot tell them apart",
        ),
        ("\ufeffid,id,v", "orders.csv names the column 'id' twice"),
        ("\n\nid,id,v", "orders.csv names the column 'id' twice"),
    ],
)
def test_a_csv_that_gives_a_name_to_two_columns_is_errored(tmp_path, head, reason):
    assert set(told(csv(tmp_path, f"{head}\n1,2,3\n"))) == {reason}


@pytest.mark.parametrize("head", ["id,v,,", "id,v,é,É", "id,v,id_1,c"])
def test_names_that_the_database_tells_apart_are_two(tmp_path, head):
    finding = one(csv(tmp_path, f"{head}\n1,2,3,4\n"), ORDERS, clause(Kind.REQUIRED, "id"))

    assert finding.outcome is Outcome.PASSED


def test_without_a_header_cells_may_be_equal(tmp_path):
    location = replace(csv(tmp_path, "1,1,1\n"), options={"header": False})

    assert one(location, ORDERS, clause(Kind.REQUIRED, "id")).outcome is Outcome.PASSED


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", "||"])
def test_equal_names_are_seen_in_any_encoding_and_with_any_delimiter(tmp_path, encoding, delimiter):
    text = "id,ü,ü\n1,2,3\n".replace(",", delimiter)
    (tmp_path / "orders.csv").write_bytes(text.encode(encoding))
    location = at(tmp_path, options={"delimiter": delimiter, "encoding": encoding})

    assert set(told(location)) == {"orders.csv names the column 'ü' twice"}


def test_equal_names_are_seen_in_a_zipped_file_and_in_one_of_several(tmp_path):
    csv(tmp_path, "id,v,x\n1,2,a\n", "a.csv")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"id,v,v\n1,2,a\n"))

    assert set(told(at(tmp_path, ".", format="csv"))) == {"b.csv.gz names the column 'v' twice"}


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["id", "v", "v"], "orders.parquet names the column 'v' twice"),
        (
            ["id", "v", "V"],
            (
                "orders.parquet names the columns 'v' and 'V': "
                "SQL ignores case and cannot tell them apart"
            ),
        ),
    ],
)
def test_a_parquet_file_that_gives_a_name_to_two_columns_is_errored(tmp_path, names, reason):
    table = pa.Table.from_arrays([pa.array([1])] * 3, names=names)
    pq.write_table(table, tmp_path / "orders.parquet")

    assert set(told(at(tmp_path, "{model}.parquet"))) == {reason}


def test_names_inside_a_column_of_parquet_may_repeat(tmp_path):
    select = "SELECT 1 AS id, {'id': 1, 'x': {'x': [1]}} AS v, MAP {'a': {'id': 1}} AS x"
    location = parquet(tmp_path, select)

    assert one(location, ORDERS, clause(Kind.REQUIRED, "id")).outcome is Outcome.PASSED
