import os
from dataclasses import replace

import pytest

from checks.dataset import Relation
from checks.location import Limits, Location
from checks.model import Outcome
from checks.sources.files import Files
from checks.sources.session import LockedSession
from contracts.clause import Kind
from tests.checks.build import at, clause, column, csv, judged, one, parquet, schema

ID = schema("orders", column("id", "integer"))
REQUIRED = clause(Kind.REQUIRED, "id")


def rows(location, table=ID, view="main"):
    dataset = Files().open([table], location, limits=Limits())
    assert dataset.problems == {}, dataset.problems
    try:
        return dataset.session.run(f"FROM {Relation(schema=view, name=table.physical_name)}").rows
    finally:
        dataset.session.close()


def problem(location, table=ID):
    dataset = Files().open([table], location, limits=Limits())
    dataset.session.close()
    return dataset.problems[table.physical_name]


def test_a_folder_is_all_files_of_its_format_but_hidden_ones(tmp_path):
    folder = tmp_path / "orders" / "2026"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("id\n1\n")
    (tmp_path / "orders" / "b.csv").write_text("id\n2\n")
    (folder / "_SUCCESS.csv").write_text("broken")
    (folder / "notes.md").write_text("none")

    assert sorted(rows(at(tmp_path, "{model}"))) == [(1,), (2,)]


def test_a_glob_names_several_files_and_columns_are_read_by_name(tmp_path):
    (tmp_path / "orders-1.csv").write_text("id,x\n1,a\n")
    (tmp_path / "orders-2.csv").write_text("x,id\nb,2\n")
    (tmp_path / "orders-3.csv").write_text("id\n3\n")

    found = rows(at(tmp_path, "{model}-*.csv"), schema("orders", column("id", "integer")))

    assert sorted(found) == [(1, "a"), (2, "b"), (3, None)]


def test_a_name_with_signs_of_a_glob_is_one_file(tmp_path):
    (tmp_path / "orders[1].csv").write_text("id\n1\n")
    (tmp_path / "orders1.csv").write_text("id\n2\n")

    assert rows(at(tmp_path, "orders[1].csv")) == [(1,)]


def test_an_absolute_path_may_lie_in_any_root(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "o.csv").write_text("id\n7\n")
    roots = (tmp_path / "a", tmp_path / "b")

    found = rows(Location(source="files", roots=roots, path=str(tmp_path / "b" / "o.csv")))

    assert found == [(7,)]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../secret.csv", "path '../secret.csv' leads outside the allowed folders"),
        ("x/../../secret.csv", "path 'x/../../secret.csv' leads outside the allowed folders"),
        ("/etc/passwd", "path '/etc/passwd' leads outside the allowed folders"),
        (
            "https://example.org/x.csv",
            "path 'https://example.org/x.csv' leads outside the allowed folders",
        ),
        ("link.csv", "path 'link.csv' leads outside the allowed folders"),
        ("linked/secret.csv", "path 'linked/secret.csv' leads outside the allowed folders"),
        ("*.csv", "path '*.csv' leads outside the allowed folders"),
        ("gone.csv", "no file at 'gone.csv'"),
        ("gone-*.csv", "no file at 'gone-*.csv'"),
        ("data.bin", "the format of 'data.bin' cannot be told: state csv or parquet"),
        ("pipe", "'pipe' is no file"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, path, reason):
    inside = tmp_path / "root"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("id\n1\n")
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "linked").symlink_to(tmp_path)
    (inside / "data.bin").write_text("x")
    os.mkfifo(inside / "pipe")

    assert problem(at(inside, path)) == reason


def test_a_name_of_an_object_cannot_lead_outside(tmp_path):
    inside = tmp_path / "root"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("id\n1\n")
    table = schema("../secret", column("id"))

    assert "leads outside" in problem(at(inside), table)


def test_an_unknown_format_lists_the_known(tmp_path):
    location = replace(csv(tmp_path, "id\n1\n"), format="orc")

    assert problem(location) == "format 'orc' is not supported; known: csv, parquet"


def test_no_root_means_nothing_may_be_read():
    location = Location(source="files", roots=(), path="x.csv")

    assert problem(location) == "no folder may be read"


def test_a_stated_format_wins_over_the_ending(tmp_path):
    (tmp_path / "orders.dat").write_text("id\n1\n")

    assert rows(at(tmp_path, "orders.dat", format="CSV")) == [(1,)]


def test_an_empty_cell_is_null_and_a_quoted_empty_text_is_not(tmp_path):
    table = schema("orders", column("a", "string"), column("b", "string"))

    assert rows(csv(tmp_path, 'a,b\n"",\n'), table) == [("", None)]


def test_null_markers_mean_null_unless_quoted(tmp_path):
    location = replace(
        csv(tmp_path, 'a\nNA\n"NA"\n\\N\nx\n'), options={"nullMarkers": ["NA", "\\N"]}
    )

    found = rows(location, schema("orders", column("a", "string")))

    assert found == [(None,), ("NA",), (None,), ("x",)]


def test_one_null_marker_may_be_a_text(tmp_path):
    location = replace(csv(tmp_path, "a\nNA\n"), options={"nullMarkers": "NA"})

    assert rows(location, schema("orders", column("a", "string"))) == [(None,)]


def test_delimiter_and_encoding_are_as_stated(tmp_path):
    (tmp_path / "orders.csv").write_bytes("a;b\nü;1\n".encode("latin-1"))
    location = at(tmp_path, options={"delimiter": ";", "encoding": "ISO-8859-1"})

    found = rows(location, schema("orders", column("a"), column("b", "integer")))

    assert found == [("ü", 1)]


def test_a_tsv_is_parted_by_tabs(tmp_path):
    (tmp_path / "orders.tsv").write_text("a\tb\n1\t2\n")

    assert rows(at(tmp_path, "{model}.tsv"), schema("orders", column("a"))) == [("1", "2")]


@pytest.mark.parametrize("encoding", ["ebcdic", "cp037", "\0"])
def test_an_encoding_that_is_not_known_is_a_problem(tmp_path, encoding):
    location = replace(csv(tmp_path, "id\n1\n"), options={"encoding": encoding})

    assert "is not supported; known: utf-8, utf-16, latin-1" in problem(location)


def test_without_a_header_columns_are_named_by_the_contract(tmp_path):
    location = replace(csv(tmp_path, "1,a,x\n2,b,y\n"), options={"header": False})
    table = schema("orders", column("id", "integer"), column("name"))

    dataset = Files().open([table], location, limits=Limits())

    assert list(dataset.tables["orders"].columns) == ["id", "name", "column2"]
    assert dataset.session.run("SELECT * FROM orders").rows == [(1, "a", "x"), (2, "b", "y")]
    dataset.session.close()


def test_a_line_that_looks_like_a_comment_is_data(tmp_path):
    assert rows(csv(tmp_path, "a\n#1\n2\n"), schema("orders", column("a"))) == [("#1",), ("2",)]


@pytest.mark.parametrize(
    ("logical_type", "good", "bad"),
    [
        (
            "integer",
            ["1", "-7", "+3", "123456789012345678901234567890"],
            ["1.5", "1e3", "x", "1_000"],
        ),
        ("number", ["1", "1.5", "-.5", "1e-3", "inf", "5."], ["x", "1,5", "1_0", "0x1f"]),
        ("boolean", ["true", "False", "1", "0", "yes", "n"], ["maybe", "2"]),
        ("date", ["2026-01-31", "2024-02-29"], ["2026-02-30", "2026-01-31 10:00:00", "31.01.2026"]),
        (
            "timestamp",
            ["2026-01-31 10:00", "2026-01-31T10:00:00.123Z", "2026-01-31 10:00:00+02:00"],
            ["2026-01-31", "2026-01-31 25:00:00", "now"],
        ),
        ("time", ["10:00", "23:59:59.999"], ["24:61", "10"]),
        ("array", ["[1, 2]", "[]"], ["{}", "1", "[1"]),
        ("object", ['{"a": 1}'], ["[1]", "x"]),
        ("string", ["x", "1"], []),
    ],
)
def test_text_is_judged_by_parsing_and_an_unreadable_cell_is_there(
    tmp_path, logical_type, good, bad
):
    cells = [*good, *bad]
    text = (
        "".join(f"{at_},'{cell}'\n" for at_, cell in enumerate(cells))
        .replace('"', '""')
        .replace("'", '"')
    )
    table = schema("orders", column("at", "integer"), column("x", logical_type))
    asked = [
        clause(Kind.TYPE, "x", logical_type=logical_type, keys=["at"]),
        clause(Kind.REQUIRED, "x"),
        clause(Kind.NULL_VALUES, "x", operator="mustBe", value=0),
        clause(Kind.UNIQUE, "at"),
    ]

    type_, *others = judged(csv(tmp_path, f"at,x\n{text}"), [table], asked).values()

    assert (type_.rows, type_.failed_rows) == (len(cells), len(bad))
    shown = type_.evidence.rows if type_.evidence else ()
    first = len(good)
    assert shown == tuple((first + at_ + 1, first + at_, cell) for at_, cell in enumerate(bad))
    assert {other.outcome for other in others} == {Outcome.PASSED}


def test_zoned_timestamps_become_utc(tmp_path):
    found = rows(
        csv(tmp_path, "t\n2026-01-01T00:30:00+02:00\n"), schema("orders", column("t", "timestamp"))
    )

    assert found[0][0].isoformat() == "2025-12-31T22:30:00"


def test_a_date_may_have_a_format(tmp_path):
    table = schema("orders", column("d", "date", options={"format": "dd/MM/yyyy"}))

    assert [str(cell) for (cell,) in rows(csv(tmp_path, "d\n31/12/2026\n2026-12-31\n"), table)] == [
        "2026-12-31",
        "None",
    ]


@pytest.mark.parametrize(
    ("type_", "logical_type", "kept"),
    [
        ("INTEGER", "integer", True),
        ("UBIGINT", "integer", True),
        ("INTEGER", "number", True),
        ("INTEGER", "string", False),
        ("DECIMAL(10,2)", "number", True),
        ("DECIMAL(10,0)", "integer", False),
        ("DOUBLE", "number", True),
        ("DOUBLE", "integer", False),
        ("VARCHAR", "string", True),
        ("VARCHAR", "integer", False),
        ("UUID", "string", True),
        ("DATE", "date", True),
        ("DATE", "timestamp", False),
        ("TIMESTAMP", "timestamp", True),
        ("TIMESTAMPTZ", "timestamp", True),
        ("TIMESTAMP", "date", False),
        ("TIME", "time", True),
        ("BOOLEAN", "boolean", True),
        ("INTEGER[]", "array", True),
        ("STRUCT(a INTEGER)", "object", True),
        ("MAP(VARCHAR, INTEGER)", "map", True),
        ("BLOB", "string", False),
    ],
)
def test_types_of_a_typed_source_are_told_apart(tmp_path, type_, logical_type, kept):
    location = parquet(tmp_path, f"SELECT NULL::{type_} AS x")
    table = schema("orders", column("x", logical_type))

    finding = one(location, table, clause(Kind.TYPE, "x", logical_type=logical_type))

    assert finding.outcome is (Outcome.PASSED if kept else Outcome.FAILED)
    assert finding.unit == "type"
    assert kept or " not a" in finding.reason


def test_casts_of_one_column_shared_by_all_its_uses_do_not_reach_the_csv_reader(tmp_path):
    location = csv(tmp_path, "year\n2004\nNA\n")
    dataset = Files().open([schema("orders", column("year"))], location, limits=Limits())

    answer = dataset.session.run(
        "SELECT min(TRY_CAST(year AS INT)), max(TRY_CAST(year AS INT)) FROM orders"
    )

    assert answer.rows == [(2004, 2004)]
    assert dataset.session.run("SELECT current_setting('disabled_optimizers')").rows == [
        ("type_pushdown",)
    ]
    dataset.session.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('{root}/../secret.csv')",
        "SELECT * FROM read_csv('{root}/link.csv')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "ATTACH '/tmp/other.db'",
        "LOAD httpfs",
        "INSTALL httpfs",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "SET memory_limit = '64GB'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET allowed_directories",
        "SELECT * FROM a_variable_of_python",
    ],
)
def test_the_session_is_locked(tmp_path, statement):
    a_variable_of_python = [1]  # noqa: F841 - must not be found
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.csv").write_text("id\n1\n")
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    session = LockedSession([root], Limits())

    with pytest.raises(Exception, match=r"(?i)permission|cannot|disabled|locked|does not exist"):
        session.run(statement.format(root=root))
    session.close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM read_text('/etc/passwd')",
        "SELECT count(*) FROM 'secret.csv'",
        "COPY orders TO '{root}/out.csv'",
        "ATTACH 'x.db'",
        "LOAD httpfs",
        "SELECT count(*) FROM read_csv('http://example.org')",
    ],
)
def test_a_rule_cannot_reach_a_file(tmp_path, query):
    location = csv(tmp_path, "id\n1\n")
    asked = clause(Kind.SQL, query=query.format(root=tmp_path), operator="mustBe", value=0)

    finding = one(location, ID, asked)

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason.startswith("query refused: ")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_names_are_matched_exactly(tmp_path):
    location = csv(tmp_path, "ID\n1\n")

    finding = one(location, ID, clause(Kind.COLUMN_PRESENT, "id"))

    assert finding.reason == "no column 'id' in orders; there are ID"


def test_two_objects_whose_names_differ_in_case_only_cannot_both_be_opened(tmp_path):
    location = replace(csv(tmp_path, "id\n1\n"), path="orders.csv")
    tables = [schema("orders", column("id")), schema("ORDERS", column("id"))]

    dataset = Files().open(tables, location, limits=Limits())

    assert list(dataset.tables) == ["orders"]
    assert "already exists" in dataset.problems["ORDERS"]
    dataset.session.close()


def test_types_that_engines_do_not_know_are_read_as_text(tmp_path):
    id_ = "7b3bb8ea-0d1f-4e8c-9c3e-0d1f4e8c9c3e"
    select = f"SELECT '{id_}'::UUID AS u, 'x'::ENUM('x') AS e, NULL::TIMETZ AS t"
    table = schema("orders", column("u", "string"), column("e", "string"), column("t", "time"))
    asked = [
        clause(Kind.ENUM, "u", values=[id_]),
        clause(Kind.ENUM, "e", values=["x"]),
        clause(Kind.TYPE, "t", logical_type="time"),
    ]

    findings = judged(parquet(tmp_path, select), [table], asked)

    assert {each.outcome for each in findings.values()} == {Outcome.PASSED}


def test_a_relative_path_is_looked_up_below_every_root_and_the_first_wins(tmp_path):
    roots = tuple(tmp_path / name for name in ("a", "b", "c"))
    for number, root in enumerate(roots):
        root.mkdir()
        if number:
            (root / "orders.csv").write_text(f"id\n{number}\n")

    found = rows(Location(source="files", roots=roots, path="{model}.csv"))

    assert found == [(1,)]


def test_a_file_below_none_of_several_roots_is_told_without_their_places(tmp_path):
    roots = (tmp_path / "a", tmp_path / "b")

    told = problem(Location(source="files", roots=roots, path="x/{model}.csv"))

    assert told == "no file at 'x/orders.csv' below any of the 2 folders of the connection"


def test_a_link_in_the_first_root_to_the_outside_is_not_passed_over(tmp_path):
    roots = (tmp_path / "a", tmp_path / "b")
    (tmp_path / "secret.csv").write_text("id\n1\n")
    for root in roots:
        root.mkdir()
    (roots[0] / "orders.csv").symlink_to(tmp_path / "secret.csv")
    (roots[1] / "orders.csv").write_text("id\n1\n")

    told = problem(Location(source="files", roots=roots, path="orders.csv"))

    assert told == "path 'orders.csv' leads outside the allowed folders"
