import pytest

from checks.dataset import Dialect, Relation, Table, TableColumn
from checks.named import absent_column


def table(name, *columns):
    there = {
        column: TableColumn(name=column, type="VARCHAR", source_type="VARCHAR", delivered=column)
        for column in columns
    }
    view = Relation(schema="main", name=name)
    return Table(name=name, columns=there, typed=view, judged=view)


TABLES = {"orders": table("orders", "id", "V"), "items": table("items", "order_id", "price")}
ABSENT = {"orders": frozenset({"x", "v", "price"}), "items": frozenset({"x y"})}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT sum(x) FROM orders",
        "SELECT sum(X) FROM Orders",
        "SELECT sum(o.x) FROM orders o",
        "SELECT sum(orders.x) FROM orders",
        "SELECT count(*) FROM orders WHERE id IN (SELECT x FROM orders)",
        "SELECT sum(x) FROM orders o JOIN items i ON o.id = i.order_id",
        "WITH t AS (SELECT x FROM orders) SELECT count(*) FROM t",
    ],
)
def test_a_promised_column_that_is_absent_is_found(query):
    assert absent_column(query, TABLES, ABSENT) == "x"


def test_a_quoted_name_of_a_joined_object_is_found():
    query = 'SELECT count("x y") FROM orders JOIN items i ON id = order_id'

    assert absent_column(query, TABLES, ABSENT) == "x y"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT sum(id) FROM orders",
        "SELECT sum(v) FROM orders",
        "SELECT sum(undeclared) FROM orders",
        "SELECT sum(price) FROM orders JOIN items ON id = order_id",
        "SELECT sum(i.price) FROM orders o JOIN items i ON o.id = i.order_id",
        "SELECT sum(x) FROM (SELECT id AS x FROM orders)",
        "WITH t(x) AS (SELECT id FROM orders) SELECT sum(x) FROM t",
        "SELECT sum(x) FROM items",
        "SELECT count(*) FROM elsewhere",
        "no sql at all (",
        "",
    ],
)
def test_a_query_that_names_no_absent_column_has_none(query):
    assert absent_column(query, TABLES, ABSENT) is None


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT sum(X) FROM Orders", "x"),
        ('SELECT sum(o."x") FROM orders AS "o"', "x"),
        ('SELECT sum("O".x) FROM orders AS "O"', "x"),
        ("SELECT sum(v) FROM orders", "v"),
        ('SELECT sum("V") FROM orders', None),
        ('SELECT sum("X") FROM orders', None),
        ('SELECT x FROM (SELECT id AS "X" FROM orders)', "x"),
        ("SELECT x FROM (SELECT id AS X FROM orders)", None),
        ("SELECT count(*) FILTER (WHERE x ~ '^a') FROM orders", "x"),
    ],
)
def test_postgresql_tells_capitals_in_quotes_apart(query, told):
    assert absent_column(query, TABLES, ABSENT, dialect=Dialect.POSTGRES) == told
