"""Great Expectations over a PostgreSQL session: its SQL as written, and as a server answers it."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from checks.dataset import Answer, Dataset, Dialect, Relation, Table, TableColumn
from checks.engines.great_expectations import ask
from checks.engines.great_expectations.dialect import create_engine
from checks.engines.great_expectations.engine import judge
from checks.engines.great_expectations.selectables import SCHEMA
from checks.errors import FailedStatement
from checks.model import Outcome
from contracts.clause import Kind
from tests.checks import postgres
from tests.checks.build import clause, column, schema
from tests.checks.engines.opened import opener
from tests.checks.engines.test_great_expectations_agreement import EVERY

NAMES = ["id", "v", "x", "a:b %s", "User", "order"]
COLUMNS = {
    name: TableColumn(name=name, type="INTEGER", source_type="integer", delivered=name)
    for name in NAMES
}


class Fake:
    """A session that answers everything alike and keeps what it was asked."""

    dialect = Dialect.POSTGRES

    def __init__(self, error=None):
        self.asked = []
        self._error = error

    def run(self, statement, parameters=()):
        self.asked.append((statement, parameters))
        if self._error:
            raise self._error
        return Answer(description=[("n", "int8")], rows=[(1,)])

    def close(self):
        """Nothing is open."""


def dataset(session, select=None):
    relation = Relation(name="orders", schema="s", select=select)
    table = Table(name="orders", columns=COLUMNS, typed=relation, judged=relation)
    return Dataset(session=session, tables={"orders": table}, problems={})


def test_statements_are_written_for_the_driver_and_carry_a_mapping():
    session = Fake()

    with create_engine(dataset(session)).connect() as connection:
        plain = sa.select(sa.func.count(sa.column("a:b %s")))
        connection.execute(plain)
        connection.execute(plain.where(sa.column("order") == "%"))

    assert session.asked[0] == ('SELECT count("a:b %%s") AS "count_1"', {})
    assert session.asked[1][1] == {"order_1": "%"}
    assert session.asked[1][0].endswith('WHERE "order" = %(order_1)s')


def test_columns_are_known_without_a_question():
    session = Fake()

    there = sa.inspect(create_engine(dataset(session)))
    columns = there.get_columns("relation0", schema=SCHEMA)

    assert [each["name"] for each in columns] == NAMES
    assert session.asked == []


def test_a_select_stands_for_a_relation_without_a_question_of_its_own():
    session = Fake()
    select = 'SELECT "id", NULLIF("v", \'NaN\') AS "v", \'a:b%\' AS "x" FROM "s"."orders"'
    asked = clause(Kind.NULL_VALUES, "v", operator="mustBe", value=1)

    judge(dataset(session, select), [asked])

    assert {statement.count("NULLIF") for statement, _ in session.asked} == {1}
    assert "'a:b%%'" in session.asked[0][0]


def test_a_statement_that_fails_is_told_in_the_words_of_the_server():
    session = Fake(FailedStatement("operator does not exist: text > integer"))
    asked = clause(Kind.NULL_VALUES, "v", operator="mustBe", value=0)

    (finding,) = judge(dataset(session), [asked]).values()

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason == "operator does not exist: text > integer"


def test_a_pattern_is_put_in_postgresqls_words(monkeypatch):
    session = Fake()
    monkeypatch.setattr(ask, "posix", lambda pattern: f"translated {pattern}")
    kwargs = {"regex_list": ["a", "b"]}
    asked = clause(
        Kind.EXPECTATION, "x", type="expect_column_values_to_match_regex_list", kwargs=kwargs
    )

    judge(dataset(session), [asked])

    statement, parameters = session.asked[0]
    assert "~" in statement
    assert {"translated a", "translated b"} <= {str(each) for each in parameters.values()}


def test_a_pattern_that_may_mean_something_else_is_errored(monkeypatch):
    monkeypatch.setattr(ask, "posix", lambda _: None)
    asked = clause(
        Kind.EXPECTATION,
        "x",
        type="expect_column_values_to_match_regex",
        kwargs={"regex": r"\bx"},
    )

    (finding,) = judge(dataset(Fake()), [asked]).values()

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason == r"the pattern '\\bx' may mean something else in PostgreSQL"


SERVER = postgres.MARKS


@pytest.fixture
def server():
    yield from postgres.made()


@pytest.fixture
def opened():
    yield from opener()


TABLE = schema("orders", column("id", "integer"), column("v", "number"), column("x", "string"))
VALUES = {
    "mixed": "(1, 1.5, 'a'), (2, NULL, 'b'), (2, 70.0, 'c'), (4, 'NaN', 'd')",
    "one null": "(NULL, NULL, NULL)",
    "empty": "",
}


def marked(test):
    for mark in SERVER:
        test = mark(test)
    return test


@marked
@pytest.mark.parametrize("rows", VALUES.values(), ids=VALUES)
def test_together_and_alone_rules_say_the_same(server, opened, rows):
    server.run("CREATE TABLE orders (id int, v double precision, x text)")
    if rows:
        server.run(f"INSERT INTO orders VALUES {rows}")
    told = []

    for fused in (True, False):
        data, _ = opened(server.at(), TABLE, fused=fused)
        findings = judge(data, EVERY)
        told.append({key: replace(each, evidence=None) for key, each in findings.items()})

    assert told[0] == told[1]


@marked
def test_rules_that_hold_take_one_statement(server, opened):
    server.run(
        "CREATE TABLE orders AS SELECT i AS id, i::double precision AS v, 'x' || i AS x "
        "FROM generate_series(1, 4) i"
    )
    data, statements = opened(server.at(), TABLE)
    asked = [
        each
        for at in range(10)
        for each in (
            clause(Kind.NULL_VALUES, "v", key=f"/n{at}", operator="mustBe", value=0),
            clause(Kind.DUPLICATE_VALUES, "x", key=f"/d{at}", operator="mustBe", value=0),
            clause(
                Kind.SQL,
                key=f"/s{at}",
                query=f"SELECT count(*) FROM {{object}} WHERE x LIKE '{at}%'",
                operator="mustBe",
                value=0,
            ),
        )
    ]

    findings = judge(data, asked)

    assert {each.outcome for each in findings.values()} == {Outcome.PASSED}
    assert len(statements) == 1


@marked
@pytest.mark.parametrize("name", ["a b", 'qu"ote', "^x$", "order", "User", "Ünï", "%s", "a:b %"])
def test_a_column_may_have_an_odd_name(server, opened, name):
    head = '"' + name.replace('"', '""') + '"'
    rows = f"SELECT i AS id, nullif(7, i) AS {head} FROM generate_series(6, 8) i"
    server.run(f"CREATE TABLE orders AS {rows}")
    table = schema("orders", column("id", "integer"), column(name, "integer"))
    held: dict[str, Any] = {"operator": "mustBe", "value": 0}
    asked = [
        clause(Kind.NULL_VALUES, name, keys=["id"], **held),
        clause(Kind.DUPLICATE_VALUES, name, keys=["id"], **held),
        clause(Kind.SQL, name, query="SELECT sum({column}) FROM {table}", **held),
        clause(
            Kind.EXPECTATION,
            name,
            type="expect_column_values_to_be_between",
            kwargs={"max_value": 6},
        ),
    ]

    data, _ = opened(server.at(), table)
    findings = list(judge(data, asked).values())

    assert {each.outcome for each in findings} == {Outcome.FAILED}, findings
    assert [each.evidence and each.evidence.rows for each in findings] == [
        ((7, None),),
        ((6, 7), (8, 7)),
        None,
        ((7,), (7,)),
    ]


@marked
def test_one_guilty_rule_errs_alone(server, opened):
    server.run("CREATE TABLE orders (id int, v double precision, x text)")
    server.run("INSERT INTO orders VALUES (1, 1.5, 'a')")
    data, _ = opened(server.at(), TABLE)
    asked = [
        clause(
            Kind.EXPECTATION, "x", type="expect_column_mean_to_be_between", kwargs={"min_value": 1}
        ),
        clause(Kind.NULL_VALUES, "v", operator="mustBe", value=0),
        clause(Kind.ROW_COUNT, operator="mustBe", value=1),
    ]

    bad, *good = judge(data, asked).values()

    assert bad.outcome is Outcome.ERRORED
    assert {each.outcome for each in good} == {Outcome.PASSED}


@marked
@pytest.mark.parametrize("fused", [True, False], ids=["together", "alone"])
def test_objects_whose_names_join_alike_have_verdicts_of_their_own(server, opened, fused):
    other = f"{server.schema}-a"
    server.run(f'CREATE SCHEMA "{other}"')
    try:
        server.run(
            'CREATE TABLE "a-b" AS SELECT 1 AS id',
            f'CREATE TABLE "{other}".b AS SELECT NULL::int AS id',
        )
        names = ["a-b", f"{other}.b"]
        data, _ = opened(
            server.at(), *(schema(name, column("id", "integer")) for name in names), fused=fused
        )
        asked = [
            clause(Kind.NULL_VALUES, "id", schema=name, key=name, operator="mustBe", value=0)
            for name in names
        ]

        findings = judge(data, asked)
        data.session.close()  # else it holds what is dropped
    finally:
        server.run(f'DROP SCHEMA "{other}" CASCADE')

    assert [each.outcome.value for each in findings.values()] == ["passed", "failed"]


@marked
def test_numbers_beyond_what_a_float_holds_are_told_apart(server, opened):
    server.run(
        "CREATE TABLE orders AS SELECT * FROM (VALUES (9007199254740992, 1.1), (1, 2.2)) t(id, v)"
    )
    data, _ = opened(server.at(), schema("orders", column("id", "integer"), column("v", "number")))
    wanted = [("sum(id)", 9007199254740993), ("sum(id)", 9007199254740992), ("sum(v)", 3.3)]
    asked = [
        clause(
            Kind.SQL,
            key=f"/{at}",
            query=f"SELECT {number} FROM {{table}}",
            operator="mustBe",
            value=value,
        )
        for at, (number, value) in enumerate(wanted)
    ]

    findings = judge(data, asked)

    assert [each.outcome.value for each in findings.values()] == ["passed", "failed", "passed"]


@marked
def test_no_more_than_two_rows_of_a_query_are_fetched(server, opened):
    server.run("CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 3000) i")
    data, _ = opened(server.at(), schema("orders", column("id", "integer")))
    asked = clause(Kind.SQL, query="SELECT id FROM {table}", operator="mustBe", value=0)

    (finding,) = judge(data, [asked]).values()

    assert finding.reason == "the query returned more than one row, not one value"
