from dataclasses import replace

import pytest

from checks.rehearsal import refusal
from contracts.clause import Kind
from contracts.model import Server
from tests.checks.build import clause, column, contract, schema

ON_COLUMN = clause(Kind.SQL, "id")
FILES = contract(schema("orders", column("id")))


def on(type_: str):
    return replace(FILES, servers=(Server(pointer="/servers/0", name="here", type=type_),))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count({property}) FROM {object}",
        "SELECT * FROM {batch} WHERE id > 1",
        "SELECT count(*) FROM orders WHERE regexp_matches(id, 'x')",
    ],
)
def test_a_query_that_would_run_is_let_by(query):
    assert refusal(query, ON_COLUMN, FILES) is None


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT count({property}) FROM {object}", None),
        ("DROP TABLE orders", "it is no SELECT"),
        ("SELECT 1 FROM nowhere", "it reads 'nowhere'; what can be read here: orders"),
    ],
)
def test_what_the_guard_says_is_told(query, why):
    assert refusal(query, ON_COLUMN, FILES) == why


def test_a_rule_on_no_column_cannot_speak_of_one():
    found = refusal("SELECT count({column}) FROM orders", clause(Kind.SQL), FILES)

    assert found == "it holds {column}, but the rule stands on no column"


def test_a_query_is_read_in_the_words_of_its_database():
    query = "SELECT count(*) FROM orders WHERE list_sum([1]) = 1"

    assert refusal(query, ON_COLUMN, on("local")) is None
    assert refusal(query, ON_COLUMN, on("postgresql")) is not None
