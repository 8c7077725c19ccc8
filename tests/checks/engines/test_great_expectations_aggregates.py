"""Which queries are read together with other rules, and as what."""

import pytest

from checks.dataset import Dialect, Relation, Table, TableColumn
from checks.engines.great_expectations.aggregates import aggregate

NAMES = ["a", "b", "Amount", "x y"]
HERE = Relation(name="orders", schema="main")
TABLES = {
    name: Table(
        name=name,
        columns={
            each: TableColumn(name=each, type="INTEGER", source_type="INTEGER", delivered=each)
            for each in NAMES
        },
        typed=HERE,
        judged=HERE,
    )
    for name in ("orders", "Items")
}


def read(query, dialect=Dialect.DUCKDB):
    found = aggregate(query, TABLES, dialect=dialect)
    return None if found is None else (found.table.name, found.expression)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("SELECT count(*) FROM orders", "COUNT(*)"),
        ("SELECT count(*) AS n FROM ORDERS", "COUNT(*)"),
        ("SELECT count(o.b) FROM orders o WHERE o.a", 'COUNT(CASE WHEN "a" THEN "b" END)'),
        (
            "SELECT count(*) FROM orders WHERE a > 3 AND orders.b IS NULL",
            'COUNT(CASE WHEN "a" > 3 AND "b" IS NULL THEN 1 END)',
        ),
        (
            "SELECT sum(o.a) * 1.0 / count(DISTINCT o.b) FROM orders o WHERE o.a = 1 OR b = 2",
            (
                'SUM(CASE WHEN "a" = 1 OR "b" = 2 THEN "a" END) * 1.0 / '
                'COUNT(DISTINCT CASE WHEN "a" = 1 OR "b" = 2 THEN "b" END)'
            ),
        ),
        (
            "SELECT count(a) FILTER (WHERE a > 1) FROM orders WHERE b = 2",
            'COUNT(CASE WHEN "b" = 2 THEN CASE WHEN "a" > 1 THEN "a" END END)',
        ),
        (
            "SELECT sum(DISTINCT a) FILTER (WHERE a > 1) FROM orders",
            'SUM(DISTINCT "a") FILTER(WHERE "a" > 1)',
        ),
        (
            "SELECT coalesce(max(a), 0) > 3 FROM orders WHERE \"x y\" LIKE '%:x{'",
            'COALESCE(MAX(CASE WHEN "x y" LIKE \'%:x{\' THEN "a" END), 0) > 3',
        ),
        (
            "SELECT min(CASE WHEN a = 1 THEN b END) FROM orders WHERE a <> 2",
            'MIN(CASE WHEN "a" <> 2 THEN CASE WHEN "a" = 1 THEN "b" END END)',
        ),
        (
            "SELECT sum(CAST(a AS DECIMAL(10, 2))) FROM orders WHERE b = 'x''y'",
            "SUM(CASE WHEN \"b\" = 'x''y' THEN CAST(\"a\" AS DECIMAL(10, 2)) END)",
        ),
    ],
)
def test_aggregates_of_one_object_are_an_expression(query, expression, dialect):
    assert read(query, dialect) == ("orders", expression)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT a FROM orders",
        "SELECT 1 FROM orders",
        "SELECT count(*) + a FROM orders",
        "SELECT count(*), 1 FROM orders",
        "SELECT DISTINCT count(*) FROM orders",
        "(SELECT count(*) FROM orders)",
        "SELECT count(*) FROM orders, items",
        "SELECT count(*) FROM orders JOIN items ON true",
        "SELECT count(*) FROM (SELECT * FROM orders) t",
        "WITH t AS (SELECT 1) SELECT count(*) FROM orders",
        "SELECT count(*) FROM orders GROUP BY a",
        "SELECT count(*) FROM orders HAVING count(*) > 1",
        "SELECT count(*) FROM orders ORDER BY 1",
        "SELECT count(*) FROM orders LIMIT 1",
        "SELECT count(*) FROM orders UNION SELECT 1",
        "SELECT count(*) OVER () FROM orders",
        "SELECT count(*) FROM orders AS t(q, r)",
        "SELECT count(*) FROM orders TABLESAMPLE SYSTEM (10)",
        "SELECT count(orders) FROM orders",
        "SELECT count(o.*) FROM orders o",
        "SELECT count(no_such) FROM orders",
        "SELECT count(items.a) FROM orders",
        "SELECT count(*) FROM no_such",
        "SELECT avg(a) FROM main.orders",
        "SELECT sum(a ORDER BY b) FROM orders",
        "SELECT count(DISTINCT a, b) FROM orders",
        "SELECT max(a, 2) FROM orders",
        "SELECT string_agg(a, ',') FROM orders",
        "SELECT sum(a) FROM orders WHERE b IN (SELECT b FROM orders)",
        "SELECT sum(a) FROM orders WHERE EXISTS (SELECT 1)",
        "SELECT (SELECT count(*) FROM orders)",
        "SELECT count(*) FROM",
        "DROP TABLE orders",
    ],
)
def test_whatever_is_more_runs_as_it_is(query, dialect):
    assert read(query, dialect) is None


def test_duckdb_ignores_case_in_names_and_postgresql_folds_it():
    assert read("SELECT max(amount) FROM items") == ("Items", 'MAX("Amount")')
    assert read("SELECT max(amount) FROM items", Dialect.POSTGRES) is None
    assert read('SELECT max("Amount") FROM "Items"', Dialect.POSTGRES) == (
        "Items",
        'MAX("Amount")',
    )


def test_what_duckdb_alone_knows_is_no_aggregate_of_all_databases():
    assert read("SELECT median(a) FROM orders") is None
    assert read("SELECT count(COLUMNS(*)) FROM orders") is None
    assert read("SELECT arg_max(a, b) FROM orders") is None
