import pytest

from contracts.parse import examine
from contracts.problems import Level
from usecases.lint import lint

HEAD = """\
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
servers:
  - {server: here, type: local, path: o.csv, format: csv}
schema:
  - name: orders
    properties:
      - name: note
        logicalType: string
"""
POSTGRES = HEAD.replace(
    "{server: here, type: local, path: o.csv, format: csv}",
    "{server: db, type: postgresql, host: h, port: 5432, database: d, schema: s}",
)


def pattern(text: str) -> str:
    return f"        logicalTypeOptions: {{pattern: '{text}'}}\n"


def query(text: str) -> str:
    return f'    quality:\n      - {{id: q, type: sql, query: "{text}", mustBe: 0}}\n'


def expectation(type_: str, kwargs: str = "{column: note}") -> str:
    return (
        "    quality:\n      - id: e\n        type: custom\n        engine: greatExpectations\n"
        f"        implementation:\n          type: {type_}\n          kwargs: {kwargs}\n"
    )


def told(text: str) -> list[tuple[str, int, int, str]]:
    contract, problems = lint(text.encode())
    assert contract is not None
    assert all(problem.severity is Level.WARNING for problem in problems)
    return [(each.code, each.line, each.column, each.message) for each in problems]


def test_a_sound_contract_has_nothing_to_say():
    sound = HEAD + pattern("^[a-z]+$") + query("SELECT count(*) FROM {object} WHERE note = ''")

    assert told(sound) == []


def test_an_invalid_document_is_told_as_reading_it_tells():
    broken = (HEAD + pattern("(")).replace("id: orders\n", "").encode()

    assert lint(broken) == examine(broken)


def test_a_pattern_that_cannot_be_read_is_told_at_its_place():
    assert told(HEAD + pattern("^(?=x)")) == [
        ("bad-regex", 13, 39, "'^(?=x)' is no pattern of RE2: invalid perl operator: (?=")
    ]


def test_a_pattern_that_postgresql_reads_otherwise_is_told_where_it_holds_the_data():
    odd = pattern(r"^\pL+$")

    assert told(HEAD + odd) == []
    assert told(POSTGRES + odd) == [
        (
            "bad-regex",
            13,
            39,
            (
                r"'^\\pL+$' may mean something else in PostgreSQL, and is not judged there: "
                "use characters, classes, groups and repetitions up to 255"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("DELETE FROM orders", "it is no SELECT"),
        ("SELECT count(*) FROM lines", "it reads 'lines'; what can be read here: orders"),
        ("SELECT count(*", "it cannot be read as SQL (line 1, column 14)"),
    ],
)
def test_a_query_that_would_be_refused_is_told(text, why):
    ((code, line, _, message),) = told(HEAD + query(text))

    assert (code, line) == ("query-refused", 14)
    assert message == f"the query is refused when it is judged: {why}"


def test_a_column_that_only_the_data_has_is_no_fault_of_a_query():
    assert told(POSTGRES + query("SELECT count(o.other) FROM orders o")) == []


@pytest.mark.parametrize("name", ["expect_column_values_to_be_unique", "ExpectColumnToExist"])
def test_an_expectation_may_be_spelt_in_two_ways(name):
    assert told(HEAD + expectation(name)) == []


def test_an_expectation_that_there_is_not_is_told_with_the_nearest():
    assert told(HEAD + expectation("expect_colum_to_exist")) == [
        (
            "unknown-expectation",
            18,
            17,
            (
                "Great Expectations has no expectation 'expect_colum_to_exist' "
                "(did you mean 'expect_column_to_exist'?)"
            ),
        )
    ]


def test_what_an_expectation_is_given_is_looked_at_too():
    regex = expectation("expect_column_values_to_match_regex_list", "{regex_list: [a, '(']}")
    rows = expectation("UnexpectedRowsExpectation", "{unexpected_rows_query: 'DROP TABLE {batch}'}")

    assert [(code, line) for code, line, _, _ in told(HEAD + regex)] == [("bad-regex", 19)]
    assert [(code, line) for code, line, _, _ in told(HEAD + rows)] == [("query-refused", 19)]


def test_a_relationship_that_leads_nowhere_is_told_with_what_is_there():
    lost = HEAD + "        relationships: [{type: foreignKey, to: orders.nte}]\n"

    ((code, line, _, message),) = told(lost)

    assert (code, line) == ("unknown-target", 13)
    assert message == (
        "this relationship is not judged: orders has no column 'nte'; its columns: note"
    )


def test_a_relationship_to_another_contract_is_no_mistake():
    elsewhere = (
        HEAD
        + '        relationships: [{type: foreignKey, to: "other.yaml#/schema/a/properties/b"}]\n'
    )

    assert "unknown-target" not in {code for code, *_ in told(elsewhere)}


def test_what_a_draft_left_open_is_told():
    draft = HEAD.replace(
        "status: active\n", "status: draft\ndomain: my-domain\nteam: {name: My team}\n"
    )

    assert [(code, message) for code, _, _, message in told(draft)] == [
        ("placeholder", "'my-domain' is the draft's: say whose data it is"),
        ("placeholder", "'My team' is the draft's: say who answers"),
    ]
