import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.errors import RefusedQuery
from checks.sql import fill, harmless

HOSTILE = [
    "",
    "not sql at all (",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW orders",
    "DROP VIEW orders",
    "CREATE TABLE t AS SELECT 1",
    "INSERT INTO orders VALUES (1)",
    "UPDATE orders SET a = 1",
    "DELETE FROM orders",
    "WITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone",
    "COPY orders TO '/tmp/out.csv'",
    "COPY (SELECT 1) TO 'out.csv'",
    "ATTACH 'other.db'",
    "DETACH main",
    "PRAGMA database_list",
    "SET memory_limit = '64GB'",
    "SET VARIABLE x = 1",
    "RESET memory_limit",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CALL pragma_version()",
    "EXPORT DATABASE 'x'",
    "USE other",
    "CHECKPOINT",
    "DESCRIBE orders",
    "SELECT * INTO copied FROM orders",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_parquet('x.parquet')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('x')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM range(1000000000000)",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'orders.csv'",
    'SELECT * FROM "https://example.org/x.csv"',
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM delivered.orders",
    "SELECT * FROM main.orders",
    "SELECT * FROM somewhere_else",
    "SELECT count(*) FROM orders WHERE id IN (SELECT id FROM secrets)",
    "SELECT getenv('HOME')",
    "SELECT current_setting('temp_directory')",
    "SELECT set_config('statement_timeout', '0')",
    "SELECT getvariable('x')",
    "SELECT nextval('s')",
    "SELECT query('select 1')",
    "SELECT * FROM query_table('orders')",
    "SELECT $1",
    "SELECT ?",
    "SELECT /* /* */ 1 FROM orders */ FROM secrets",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_that_does_more_than_compute_is_refused(query):
    with pytest.raises(RefusedQuery):
        harmless(query, tables=["orders"])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM orders",
        "select count(*) from ORDERS where a > 1 and b like 'x%'",
        "WITH late AS (SELECT * FROM orders WHERE a > 1) SELECT count(*) FROM late",
        "SELECT count(*) FROM orders o LEFT JOIN items i ON o.id = i.order_id WHERE i.id IS NULL",
        "(SELECT count(*) FROM orders) UNION ALL (SELECT 1)",
        "SELECT 100.0 * sum(CASE WHEN a THEN 1 ELSE 0 END) / nullif(count(*), 0) FROM orders",
        "SELECT count(*) FROM orders WHERE regexp_matches(a, '^x') AND NOT contains(b, 'y')",
        "SELECT max(date_diff('day', a, b)) FROM orders WHERE CAST(a AS DATE) < current_date",
        "SELECT median(a) FILTER (WHERE b IS NOT NULL) FROM orders",
        "SELECT count(*) FROM (SELECT row_number() OVER (PARTITION BY a) n FROM items) WHERE n > 1",
    ],
)
def test_a_query_that_computes_is_allowed(query):
    assert harmless(query, tables=["orders", "items"])


def test_what_runs_has_no_comments():
    written = harmless("SELECT 1 -- :x\n /* y */ FROM orders", tables=["orders"])

    assert written == "SELECT 1 FROM orders"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 " + " " * 20_000,
        "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
        "SELECT " + " + ".join(["1"] * 4_000),
    ],
)
def test_a_query_that_is_too_big_is_refused(query):
    with pytest.raises(RefusedQuery):
        harmless(query, tables=[])


@given(st.text(max_size=200))
def test_any_text_is_allowed_or_refused_and_nothing_else(text):
    try:
        harmless(text, tables=["orders"])
    except RefusedQuery as refusal:
        assert refusal.reason


@pytest.mark.parametrize("word", ["object", "table", "model", "schema"])
@pytest.mark.parametrize("form", ["{%s}", "${%s}", "{ %s }"])
def test_placeholders_of_the_object_become_its_quoted_name(word, form):
    assert fill(form % word, table='od "d', column=None) == '"od ""d"'


@pytest.mark.parametrize("word", ["property", "column", "field"])
def test_placeholders_of_the_column_become_its_quoted_name(word):
    assert fill(f"${{{word}}}", table="t", column="a b") == '"a b"'


def test_a_placeholder_of_a_column_needs_one():
    with pytest.raises(RefusedQuery, match="stands on no column"):
        fill("{column}", table="t", column=None)
