"""What the two readers of a query, sqlglot and the database, could take for different things."""

import duckdb
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.dataset import Dialect, Relation
from checks.errors import RefusedQuery
from checks.functions import ANONYMOUS, TYPED
from checks.sql import harmless
from tests.checks.postgres import MARKS, made

TABLES = {
    "orders": Relation(schema="s", name="orders"),
    "items": Relation(schema="s", name="items"),
}
COLUMNS = {"orders": ["id", "a", "x"], "items": ["order_id", "p"]}
CALLS_BY_NAME = [
    "SELECT ('/etc/passwd').pg_read_file",
    "SELECT (0.5).pg_sleep",
    "SELECT (a).pg_sleep FROM orders",
    "SELECT (ARRAY[1])[1].pg_sleep",
    "SELECT (o).to_json FROM orders o",
    "SELECT o.to_json FROM orders o",
    'SELECT o."To_Json" FROM orders o',
    "SELECT orders.pg_column_size FROM orders",
    "SELECT s.orders.to_json FROM orders",
    "SELECT t.to_json FROM (SELECT 1 AS n) AS t",
    "SELECT t.to_json FROM (SELECT * FROM orders) AS t",
    "SELECT t.id FROM (SELECT * FROM orders) AS t(n)",
    "WITH t AS (SELECT 1 AS n) SELECT t.to_json FROM t",
    "WITH t(n) AS (SELECT 1 AS id) SELECT t.id FROM t",
    "SELECT 1 FROM orders o WHERE EXISTS (SELECT 1 FROM items i WHERE o.to_json IS NULL)",
    "SELECT (SELECT o.p FROM (SELECT o.p) AS s, items AS o) FROM orders AS o",
    "SELECT e.nowhere FROM orders o, LATERAL jsonb_array_elements(o.x) AS e(v)",
]
COLUMNS_BY_NAME = [
    "SELECT o.id, orders.a FROM orders o, orders",
    "SELECT O.ID FROM Orders AS o",
    "SELECT t.id FROM (SELECT * FROM orders) AS t",
    "SELECT t.id FROM (SELECT o.*, 1 AS n FROM orders AS o) AS t WHERE t.n = 1",
    "SELECT t.n FROM (SELECT * FROM orders) AS t(n)",
    "WITH t AS (SELECT id, a AS b FROM orders) SELECT t.id, u.b FROM t JOIN t AS u ON t.id = u.id",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT t.n + 1 FROM t WHERE t.n < 3) SELECT t.n FROM t",
    "SELECT 1 FROM orders o WHERE EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id)",
    "SELECT t.id FROM (SELECT id FROM orders UNION SELECT order_id FROM items) AS t",
    "SELECT e.v FROM orders o, LATERAL jsonb_array_elements(o.x) AS e(v)",
]
FILES_IN_DISGUISE = [
    "FROM (SUMMARIZE '/etc/passwd')",
    "FROM (SUMMARIZE orders)",
    "SELECT * FROM (DESCRIBE orders)",
    "SELECT * FROM (DESCRIBE SELECT 1)",
    "SELECT * FROM (SHOW TABLES)",
    "FROM (PRAGMA version)",
    "FROM '/etc/passwd'",
    "SELECT count(*) FROM (FROM '/etc/passwd')",
    "SELECT (SELECT count(*) FROM (SUMMARIZE '/etc/passwd'))",
    "WITH t AS (SUMMARIZE '/etc/passwd') SELECT count(*) FROM t",
    "TABLE '/etc/passwd'",
    "PIVOT orders ON a USING sum(id)",
]
READ_IN_TWO_WAYS = [
    "x NOT LIKE '%@%' IS NOT FALSE",
    "a = id IS NOT TRUE",
    "id > 2 IS NOT FALSE",
    "id NOT IN (1, 2) IS TRUE",
    "id NOT BETWEEN 1 AND 2 IS TRUE",
    "a > id IS NOT NULL",
    "a IS NULL IS NOT TRUE",
    "a IS DISTINCT FROM id = a",
    "a = id IS NOT DISTINCT FROM a",
    "NOT a = id IS UNKNOWN",
    "x ~~ 'y' || 'z'",
    "x !~~ 'y'",
    "x ^@ 'y' || 'z'",
]
READ_IN_ONE_WAY = [
    "(x NOT LIKE '%@%') IS NOT FALSE",
    "(a = id) IS NOT TRUE",
    "NOT a IS NULL",
    "NOT x LIKE 'y' AND a IS NOT NULL OR id IN (1, 2)",
    "a + 1 IS DISTINCT FROM id * 2",
    "CASE WHEN a IS NULL THEN id = 1 ELSE NOT a > 1 END",
    "coalesce(a > 1, a IS NULL)",
    "CAST(a > 1 AS int) + CAST(a IS NULL AS int) = 1",
    "x LIKE 'y' || 'z' ESCAPE '!'",
]


def on_postgres(query, columns=COLUMNS):
    return harmless(query, tables=TABLES, dialect=Dialect.POSTGRES, columns=columns)


@pytest.mark.parametrize("query", CALLS_BY_NAME)
def test_a_name_behind_a_dot_that_postgresql_may_call_is_refused(query):
    with pytest.raises(RefusedQuery):
        on_postgres(query)


@pytest.mark.parametrize("query", COLUMNS_BY_NAME)
def test_a_column_behind_a_dot_is_allowed(query):
    assert on_postgres(query)


def test_where_no_columns_are_known_no_name_behind_an_object_is_one():
    with pytest.raises(RefusedQuery, match="is no known column"):
        on_postgres("SELECT o.id FROM orders o", columns=None)

    assert on_postgres("SELECT t.n FROM (SELECT id AS n FROM orders) AS t", columns=None)


def test_duckdb_reads_a_part_of_a_struct_behind_a_dot():
    assert "o.a.b" in harmless("SELECT o.a.b, (a).b FROM orders o", tables=TABLES)


@pytest.mark.parametrize("query", FILES_IN_DISGUISE)
def test_what_is_no_query_is_refused_inside_of_one_too(query):
    with pytest.raises(RefusedQuery):
        harmless(query, tables=TABLES)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("condition", READ_IN_TWO_WAYS)
def test_a_condition_that_can_be_read_in_two_ways_is_refused(condition, dialect):
    with pytest.raises(RefusedQuery, match=r"parentheses|operator|PARAMETER"):
        harmless(f"SELECT 1 FROM orders WHERE {condition}", tables=TABLES, dialect=dialect)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("condition", READ_IN_ONE_WAY)
def test_a_condition_that_can_be_read_in_one_way_is_allowed(condition, dialect):
    assert harmless(f"SELECT 1 FROM orders WHERE {condition}", tables=TABLES, dialect=dialect)


@pytest.mark.parametrize("operator", ["~", "!~", "~*", "!~*", "~~", "!~~", "~~*", "~~~"])
def test_an_operator_that_sqlglot_takes_for_another_is_refused_on_duckdb(operator):
    with pytest.raises(RefusedQuery, match="write the operator"):
        harmless(f"SELECT 1 FROM orders WHERE x {operator} 'y'", tables=TABLES)


def test_an_operator_in_a_text_or_a_name_is_none():
    assert harmless("""SELECT '~', "@" FROM orders WHERE x LIKE '~~'""", tables=TABLES)


@pytest.mark.parametrize(
    "expression",
    [
        "regexp_like(x, 'p', 'i')",
        "regexp_like(x, 'p' || x)",
        "'a' || regexp_like(x, 'p')",
        "date_trunc('day', a, 'Europe/Berlin')",
        "DATE_TRUNC ('day', (a), x)",
        "x ~ 'p' || 'q'",
        "2 * mod(a, 2)",
    ],
)
def test_a_call_that_would_lose_an_argument_or_its_bounds_is_refused(expression):
    with pytest.raises(RefusedQuery):
        on_postgres(f"SELECT {expression} FROM orders")


def test_flags_that_are_kept_are_allowed():
    written = harmless("SELECT regexp_replace(x, 'a', 'b', 'g') FROM orders", tables=TABLES)

    assert "'a', 'b', 'g')" in written


@pytest.mark.parametrize("dialect", Dialect)
def test_any_call_is_allowed_or_refused_and_nothing_else(dialect):
    names = sorted(TYPED[dialect] | ANONYMOUS[dialect])
    calls = [f"{name}({', '.join(['a'] * count)})" for name in names for count in range(6)]

    for call in calls:
        try:
            assert harmless(f"SELECT {call} FROM orders", tables=TABLES, dialect=dialect)
        except RefusedQuery as refusal:
            assert refusal.reason


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    "call",
    [
        "lpad(x, 10001)",
        "lpad(x, 1000000000, 'x')",
        "rpad(x, a, 'x')",
        "rpad(x, 99 * 999, 'x')",
        "rpad(x, '99999', 'x')",
        "repeat('x', 99999)",
        "levenshtein(x, x)",
        "jaccard(x, x)",
        "hamming(x, x)",
        "damerau_levenshtein(x, x)",
        "editdist3(x, x)",
        "jaro_winkler_similarity(x, x)",
    ],
)
def test_a_call_that_no_limit_stops_is_refused(call, dialect):
    with pytest.raises(RefusedQuery):
        harmless(f"SELECT {call} FROM orders", tables=TABLES, dialect=dialect)


@pytest.mark.parametrize("dialect", Dialect)
def test_a_text_may_be_filled_up_to_a_length_that_is_told(dialect):
    assert harmless("SELECT lpad(x, 10000, '0') FROM orders", tables=TABLES, dialect=dialect)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("date_part('year', DATE '2024-02-05')", 2024),
        ("year(make_date(2024, 2, 5))", 2024),
        ("year(make_timestamp(2024, 2, 5, 1, 2, 3.5))", 2024),
        ("monthname(DATE '2024-02-05')", "February"),
        ("dayname(DATE '2024-02-05')", "Monday"),
        ("array_length(array_distinct([1, 1, NULL, 2]))", 2),
        ("isodow(DATE '2024-02-05')", 1),
        ("json_array_length('[1, 2]')", 2),
        ("bit_length('ab')", 16),
    ],
)
def test_documented_functions_of_duckdb_may_be_called(call, told):
    written = harmless(f"SELECT {call}", tables={})

    with duckdb.connect() as connection:
        assert connection.execute(written).fetchone() == (told,)


NUMBERS = st.sampled_from(["id", "a", "1", "2", "-1", "NULL", "(a + 1)"])
TEXTS = st.sampled_from(["x", "'x'", "'%a%'", "''", "NULL"])
ARITHMETIC = st.builds("{} {} {}".format, NUMBERS, st.sampled_from("+-*"), NUMBERS) | NUMBERS
JOINED = st.builds("{} || {}".format, TEXTS, TEXTS) | TEXTS
COMPARED = st.sampled_from(["=", "<>", "<", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"])
LIKES = ["LIKE", "NOT LIKE", "ILIKE", "~~", "!~~", "~", "!~", "~*", "SIMILAR TO", "NOT SIMILAR TO"]
NOTS = st.sampled_from(["", "NOT "])
TESTED = st.sampled_from(["TRUE", "FALSE", "NULL", "UNKNOWN", "DISTINCT FROM TRUE"])
ATOMS = (
    st.builds("{} {} {}".format, ARITHMETIC, COMPARED, ARITHMETIC)
    | st.builds("{} {} {}".format, JOINED, st.sampled_from(LIKES), JOINED)
    | st.builds("{} {}IN ({}, {})".format, ARITHMETIC, NOTS, NUMBERS, NUMBERS)
    | st.builds("{} {}BETWEEN {} AND {}".format, ARITHMETIC, NOTS, ARITHMETIC, ARITHMETIC)
    | st.builds("{} IS {}NULL".format, ARITHMETIC | JOINED, NOTS)
)


def grown(inner):
    return (
        st.builds("{} IS {}{}".format, inner, NOTS, TESTED)
        | st.builds("NOT {}".format, inner)
        | st.builds("({})".format, inner)
        | st.builds("{} {} {}".format, inner, st.sampled_from(["AND", "OR", "=", "<>", "<"]), inner)
    )


CONDITIONS = st.recursive(ATOMS, grown, max_leaves=5)
ROWS = [(1, 1, "xa"), (2, None, "a"), (3, 2, None), (4, 0, "x%"), (0, 4, "")]


def same_or_refused(condition, dialect, count):
    """Whether the query that was written anew gives what the plain one gives."""
    query = f"SELECT count(*) FROM orders WHERE {condition}"
    try:
        written = harmless(query, tables=TABLES, dialect=dialect)
    except RefusedQuery:
        return True
    plain = count(query)
    return plain is None or count(written) == plain


@pytest.fixture(scope="module")
def duck():
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA s")
        connection.execute("CREATE TABLE s.orders (id int, a int, x varchar)")
        connection.executemany("INSERT INTO s.orders VALUES (?, ?, ?)", ROWS)
        connection.execute("SET search_path = 's'")
        yield connection


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(condition=CONDITIONS)
def test_a_condition_means_on_duckdb_what_it_meant_before_or_is_refused(duck, condition):
    def count(query):
        try:
            return duck.execute(query).fetchone()
        except duckdb.Error:
            return None

    assert same_or_refused(condition, Dialect.DUCKDB, count)


@pytest.fixture(scope="module")
def postgres():
    for postgres in made():
        postgres.run("CREATE TABLE orders (id int, a int, x text)")
        with postgres.connection.cursor() as cursor:
            cursor.executemany("INSERT INTO orders VALUES (%s, %s, %s)", ROWS)
        yield postgres


class TestOnRealPostgres:
    pytestmark = MARKS

    @settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(condition=CONDITIONS)
    def test_a_condition_means_what_it_meant_before_or_is_refused(self, postgres, condition):
        def count(query):
            try:
                return postgres.run(query.replace('"s".', ""))
            except psycopg.Error:
                return None

        assert same_or_refused(condition, Dialect.POSTGRES, count)
