import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dataset import Dialect, Relation
from checks.errors import RefusedQuery, StoppedQuery
from checks.functions import ANONYMOUS
from checks.location import Limits
from checks.sql import fill, harmless
from tests.checks.build import schema
from tests.checks.postgres import MARKS, made

ORDERS = Relation(schema="s", name="orders")
ITEMS = Relation(schema="s", name="items", select='SELECT NULLIF("p", \'NaN\') AS "p" FROM "s"."i"')
TABLES = {"orders": ORDERS, "items": ITEMS}
COLUMNS = {"orders": ["id", "name", "at", "json"], "items": ["p"]}
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
    "SELECT (WITH secrets AS (SELECT 1) SELECT 1 FROM secrets), (SELECT 1 FROM secrets)",
    "WITH secrets AS (SELECT * FROM secrets) SELECT count(*) FROM secrets",
    "WITH a AS (SELECT * FROM secrets), secrets AS (SELECT 1) SELECT count(*) FROM a",
]
HOSTILE_TO_POSTGRES = [
    "TABLE orders",
    "VALUES (1)",
    "SHOW ALL",
    "LISTEN x",
    "NOTIFY x",
    "VACUUM orders",
    "DO $$ BEGIN NULL; END $$",
    "EXPLAIN ANALYZE SELECT 1",
    "PREPARE x AS SELECT 1",
    "SET LOCAL statement_timeout = 0",
    "SELECT * FROM orders FOR UPDATE",
    "SELECT * FROM ONLY orders",
    "SELECT * FROM orders TABLESAMPLE SYSTEM (1)",
    "SELECT * FROM pg_catalog.pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM public.orders",
    "SELECT 'pg_authid'::regclass",
    "SELECT CAST('now()' AS regprocedure)",
    "SELECT 1::oid",
    "SELECT '(1)'::orders",
    "SELECT 'sad'::s.mood",
    "SELECT a OPERATOR(s.=) b FROM orders",
    "SELECT pg_catalog.lower(a) FROM orders",
    "SELECT s.lower(a) FROM orders",
    "SELECT pg_sleep(10)",
    "SELECT pg_catalog.pg_sleep(10)",
    'SELECT "pg_sleep"(10)',
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT * FROM pg_ls_dir('/')",
    "SELECT * FROM ROWS FROM (pg_ls_dir('/'))",
    "SELECT x FROM orders, LATERAL pg_ls_dir('/') x",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_get(1)",
    "SELECT * FROM dblink('', 'SELECT 1') AS t(a int)",
    "SELECT query_to_xml('SELECT 1', true, true, '')",
    "SELECT table_to_xml('pg_authid', true, true, '')",
    "SELECT database_to_xml(true, true, '')",
    "SELECT xpath('/x', a) FROM orders",
    "SELECT txid_current()",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_typeof(a) FROM orders",
    "SELECT has_table_privilege('orders', 'SELECT')",
    "SELECT to_regclass('pg_authid')",
    "SELECT ts_stat('SELECT 1')",
    "SELECT version()",
    "SELECT inet_server_addr()",
    "SELECT current_user",
    "SELECT setseed(0.5), random()",
    "SELECT repeat('x', 1000000000)",
    "SELECT generate_series(1, 1000000000000)",
    "SELECT count(*) FROM generate_series(1, 1000000000000)",
    "SELECT E'\\'' || pg_sleep(1) || E'\\''",
    "SELECT interval '''; SELECT pg_sleep(1) --' day",
    "SELECT interval ''' + (SELECT count(*) FROM secrets) + ''' day",
    "SELECT interval ''' + (SELECT count(*) FROM orders) + ''' day",
    "SELECT a -> ''' || (SELECT count(*) FROM secrets) || ''' FROM orders",
    "SELECT date_part('x FROM a), pg_sleep(1), EXTRACT(x', a) FROM orders",
    "SELECT 1 \0",
]
ALLOWED_BY_POSTGRES = [
    "SELECT count(*) FROM orders WHERE name ~ '^x' OR name ~* 'y' OR name SIMILAR TO 'z'",
    "SELECT count(*) FROM orders WHERE name LIKE 'x%' ESCAPE '!' OR name ILIKE 'y'",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM orders",
    "SELECT extract(epoch FROM now() - at), date_part('year', at), age(at) FROM orders",
    "SELECT date_trunc('day', at) AT TIME ZONE 'UTC', at::date, to_char(at, 'YYYY') FROM orders",
    "SELECT count(*) FROM orders WHERE at < current_date - interval '1 day' * 3",
    "SELECT json -> 'a' ->> 'b', json #>> '{a,b}', jsonb_typeof(json), json @> '{}' FROM orders",
    "SELECT json ? 'a', jsonb_array_length(json -> 'b') FROM orders",
    "SELECT string_agg(name, ', ' ORDER BY id), array_agg(id), bool_and(id > 0) FROM orders",
    "SELECT id = ANY(ARRAY[1, 2]), id IS DISTINCT FROM 1, id::numeric(10,2)::text FROM orders",
    "SELECT substring(name from 1 for 2), strpos(name, 'a'), trim(both 'x' from name) FROM orders",
    "SELECT DISTINCT ON (name) name FROM orders ORDER BY name, id",
    "SELECT count(*) FROM orders o, LATERAL (SELECT o.id WHERE o.id > 1) AS l",
    "SELECT regexp_replace(name, 'a', '''', 'g'), round(id::numeric, 1), $$it's$$ FROM orders",
    "SELECT sum(id) OVER (PARTITION BY name ORDER BY id) FROM orders",
    "SELECT count(*) FROM (orders o JOIN items i ON o.id = i.p)",
    "WITH RECURSIVE t AS (SELECT 1 n UNION SELECT n + 1 FROM t WHERE n < 3) SELECT sum(n) FROM t",
    (
        "WITH RECURSIVE a AS (SELECT count(*) FROM items), items AS (SELECT 1 UNION ALL SELECT 2) "
        "SELECT * FROM a"
    ),
]


@pytest.fixture
def postgres():
    yield from made()


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_that_does_more_than_compute_is_refused(query, dialect):
    with pytest.raises(RefusedQuery):
        harmless(query, tables={"orders": ORDERS}, dialect=dialect)


@pytest.mark.parametrize("query", HOSTILE_TO_POSTGRES)
def test_a_query_that_does_more_than_compute_on_postgresql_is_refused(query):
    with pytest.raises(RefusedQuery):
        harmless(query, tables={"orders": ORDERS}, dialect=Dialect.POSTGRES)


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
    assert harmless(query, tables=TABLES)


def test_what_runs_has_no_comments():
    written = harmless("SELECT 1 -- :x\n /* y */ FROM orders", tables=TABLES)

    assert written == 'SELECT 1 FROM "s"."orders" AS orders'


def on_postgres(query, tables=TABLES):
    return harmless(query, tables=tables, dialect=Dialect.POSTGRES, columns=COLUMNS)


def test_a_relation_takes_the_place_of_a_name_under_its_name_or_its_alias():
    written = on_postgres("SELECT orders.id, i.p FROM orders JOIN items AS i ON true")

    assert written == (
        'SELECT "orders"."id", "i"."p" FROM "s"."orders" AS "orders" '
        'JOIN (SELECT NULLIF("p", \'NaN\') AS "p" FROM "s"."i") AS "i" ON TRUE'
    )


def test_a_name_is_taken_letter_by_letter_before_case_is_ignored():
    tables = {"ORDERS": Relation(schema="s", name="upper"), "orders": ORDERS}

    assert '"s"."orders"' in on_postgres("SELECT 1 FROM orders", tables)
    assert '"s"."upper"' in on_postgres('SELECT 1 FROM "ORDERS"', tables)
    assert '"s"."upper"' in on_postgres('SELECT 1 FROM "Orders"', tables)


@pytest.mark.parametrize("written", ["sales.orders", '"sales.orders"', "SALES.Orders"])
def test_a_physical_name_may_hold_its_schema(written):
    tables = {"sales.orders": Relation(schema="sales", name="orders")}

    told = on_postgres(f"SELECT 1 FROM {written}", tables)

    assert 'FROM "sales"."orders" AS' in told


def test_a_with_of_the_query_hides_an_object_only_where_it_is_in_force():
    query = "SELECT (WITH orders AS (SELECT 1) SELECT 1 FROM orders), (SELECT count(*) FROM orders)"

    written = on_postgres(query)

    assert written.count('"s"."orders"') == 1
    assert written.endswith('(SELECT COUNT(*) FROM "s"."orders" AS "orders")')


FORWARD = (
    "WITH RECURSIVE a AS (SELECT * FROM orders), orders AS (SELECT 1 AS id) SELECT count(*) FROM a"
)


def test_in_a_recursive_with_postgresql_sees_later_parts_and_duckdb_does_not():
    assert '"s"."orders"' not in on_postgres(FORWARD)
    assert '"s"."orders"' in harmless(FORWARD, tables=TABLES)


def test_a_with_in_capitals_and_quotes_is_another_name_on_postgresql():
    written = on_postgres('WITH "Orders" AS (SELECT 1) SELECT 1 FROM orders, "Orders"')

    assert written.endswith('FROM "s"."orders" AS "orders", "Orders"')


def test_a_word_that_postgresql_would_not_take_for_a_column_is_one():
    assert on_postgres("SELECT user, current_role FROM orders") == (
        'SELECT "user", "current_role" FROM "s"."orders" AS "orders"'
    )


def test_a_colon_in_a_text_stays_a_colon():
    assert "':name'" in on_postgres("SELECT ':name' FROM orders")


class TestOnRealPostgres:
    pytestmark = MARKS

    @pytest.fixture
    def dataset(self, postgres):
        postgres.run(
            "CREATE TABLE orders (id int, name text, at timestamptz, json jsonb)",
            "INSERT INTO orders VALUES (1, 'xa', '2024-01-01', '{\"a\": {\"b\": 1}, \"b\": []}')",
            "CREATE TABLE items AS SELECT 1::float8 AS p",
        )
        dataset = postgres.opened(schema("orders"), schema("items"))
        yield dataset
        dataset.session.close()

    @pytest.mark.parametrize("query", ALLOWED_BY_POSTGRES)
    def test_a_query_that_computes_tells_the_same_as_it_was_written(self, postgres, dataset, query):
        tables = {name: table.typed for name, table in dataset.tables.items()}

        written = on_postgres(query, tables)

        assert list(dataset.session.run(written).rows) == list(
            dataset.session.run(f"SET LOCAL search_path = {postgres.schema}, pg_catalog")
            and dataset.session.run(query).rows
        )

    def test_every_function_that_may_be_called_is_there_and_changes_nothing(self, postgres):
        allowed = sorted(ANONYMOUS[Dialect.POSTGRES] - {"row"})
        known = postgres.run(
            "SELECT proname, bool_or(provolatile = 'v' OR proparallel = 'u') FROM pg_proc "
            "WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY 1"
        )

        told = {name: volatile for name, volatile in known if name in allowed}

        assert told == dict.fromkeys(allowed, False)

    def test_what_never_ends_is_stopped(self, postgres):
        dataset = postgres.opened(limits=Limits(statement_seconds=1))
        endless = (
            "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n FROM t) SELECT count(*) FROM t"
        )

        with pytest.raises(StoppedQuery):
            dataset.session.run(on_postgres(endless, {}))

        dataset.session.close()


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
        harmless(query, tables={})


@given(st.text(max_size=200), st.sampled_from(Dialect))
def test_any_text_is_allowed_or_refused_and_nothing_else(text, dialect):
    try:
        harmless(text, tables={"orders": ORDERS}, dialect=dialect)
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
