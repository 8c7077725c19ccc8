from threading import Thread

import psycopg
import pytest

from checks import sources
from checks.dataset import Relation
from checks.errors import UnreachableData
from checks.location import Address, Limits, Location
from checks.sources.postgresql import PostgreSql
from tests.checks.build import column, schema
from tests.checks.postgres import LIMITS, MARKS, made

pytestmark = MARKS
ORDERS = schema("orders")


@pytest.fixture
def postgres():
    yield from made()


def problem(postgres, name="orders", *columns, user="postgres", limits=LIMITS):
    dataset = postgres.opened(schema(name, *columns), user=user, limits=limits)
    dataset.session.close()
    return dataset.problems[name].replace(postgres.schema, "sales")


def rows(postgres, name="orders", select="*", user="postgres"):
    dataset = postgres.opened(schema(name), user=user)
    assert dataset.problems == {}
    try:
        return dataset.session.run(f"SELECT {select} FROM {dataset.tables[name].typed}").rows
    finally:
        dataset.session.close()


def columns(postgres, name="orders"):
    dataset = postgres.opened(schema(name))
    dataset.session.close()
    found = dataset.tables[name].columns.values()
    return [
        (each.name, each.type, each.source_type.replace(postgres.schema, "s")) for each in found
    ]


def test_the_source_goes_by_its_name():
    assert isinstance(sources.load("postgresql"), PostgreSql)


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE orders AS SELECT 1 AS id"],
        ["CREATE VIEW orders AS SELECT 1 AS id"],
        ["CREATE MATERIALIZED VIEW orders AS SELECT 1 AS id"],
        [
            "CREATE TABLE orders (id int) PARTITION BY LIST (id)",
            "CREATE TABLE part PARTITION OF orders FOR VALUES IN (1)",
            "INSERT INTO orders VALUES (1)",
        ],
    ],
)
def test_an_object_may_be_a_table_a_view_or_a_parted_table(postgres, statements):
    postgres.run(*statements)

    assert rows(postgres) == [(1,)]


def test_a_foreign_table_is_found(postgres):
    postgres.run(
        f"CREATE FOREIGN DATA WRAPPER {postgres.schema}",
        f"CREATE SERVER {postgres.schema} FOREIGN DATA WRAPPER {postgres.schema}",
        f"CREATE FOREIGN TABLE orders (id int) SERVER {postgres.schema}",
    )

    found = columns(postgres)

    postgres.run(f"DROP FOREIGN DATA WRAPPER {postgres.schema} CASCADE")
    assert found == [("id", "INTEGER", "integer")]


def test_a_table_without_anything_to_mend_is_read_as_it_is(postgres):
    postgres.run("CREATE TABLE orders (id int, name text)")

    dataset = postgres.opened(ORDERS)

    dataset.session.close()
    table = dataset.tables["orders"]
    assert table.typed == Relation(schema=postgres.schema, name="orders")
    assert table.judged == table.typed


def test_names_are_taken_letter_by_letter_and_those_there_are_told(postgres):
    postgres.run('CREATE TABLE "Orders" (id int)', "CREATE TABLE items (id int)")

    told = problem(postgres)

    assert told == "no table or view 'orders' in the schema 'sales'; there are Orders, items"


def test_of_many_tables_ten_are_told_and_parts_of_one_are_not(postgres):
    postgres.run("CREATE TABLE a (id int) PARTITION BY LIST (id)")
    postgres.run(*(f"CREATE TABLE a{n} PARTITION OF a FOR VALUES IN ({n})" for n in range(3)))
    postgres.run(*(f"CREATE TABLE b{n:02} ()" for n in range(11)))

    told = problem(postgres)

    assert told.endswith("there are a, b00, b01, b02, b03, b04, b05, b06, b07, b08 and 2 more")


def test_an_empty_schema_and_none_at_all_are_told_apart(postgres):
    empty = problem(postgres)
    nowhere = problem(postgres, "elsewhere.orders")

    assert empty.endswith("in the schema 'sales'; there are none that may be read")
    assert nowhere == "no table 'orders': the database has no schema 'elsewhere'"


def test_a_name_may_say_its_schema_unless_a_table_is_called_so(postgres):
    other = postgres.schema
    postgres.run(f"CREATE TABLE orders AS SELECT '{other}' AS id")
    name = f"{other}.orders"

    told = rows(postgres, name)
    postgres.run(f'CREATE TABLE "{name}" AS SELECT 1 AS id')

    assert told == [(other,)]
    assert rows(postgres, name) == [(1,)]


@pytest.mark.parametrize("name", ["pg_catalog.pg_class", "information_schema.tables"])
def test_the_databases_own_tables_are_no_data(postgres, name):
    assert problem(postgres, name).startswith(f"no table or view '{name}' in the schema 'sales'")


def test_columns_are_as_they_are_now(postgres):
    postgres.run(
        "CREATE TABLE orders (gone int, id int, twice int GENERATED ALWAYS AS (id * 2) STORED)",
        "ALTER TABLE orders DROP COLUMN gone",
    )

    assert columns(postgres) == [("id", "INTEGER", "integer"), ("twice", "INTEGER", "integer")]


def test_a_domain_is_what_it_is_based_on(postgres):
    postgres.run(
        "CREATE DOMAIN money_ AS numeric(12,2)",
        "CREATE DOMAIN price AS money_ CHECK (VALUE > 0)",
        "CREATE TABLE orders (price price, prices price[])",
    )

    assert columns(postgres) == [
        ("price", "DECIMAL(12,2)", "numeric(12,2)"),
        ("prices", "VARCHAR[]", "s.price[]"),
    ]


@pytest.mark.parametrize(
    ("stored", "type_", "source_type"),
    [
        ("int2", "SMALLINT", "smallint"),
        ("bigserial", "BIGINT", "bigint"),
        ("numeric(15,2)", "DECIMAL(15,2)", "numeric(15,2)"),
        ("numeric(38)", "DECIMAL(38,0)", "numeric(38,0)"),
        ("numeric(39)", "DECIMAL", "numeric(39,0)"),
        ("numeric(2,-3)", "DECIMAL", "numeric(2,-3)"),
        ("numeric(2,3)", "DECIMAL", "numeric(2,3)"),
        ("numeric", "DECIMAL", "numeric"),
        ("float4", "FLOAT", "real"),
        ("float8", "DOUBLE", "double precision"),
        ("varchar(20)", "VARCHAR", "character varying(20)"),
        ("char(3)", "VARCHAR", "character(3)"),
        ("timestamp(3)", "TIMESTAMP", "timestamp(3) without time zone"),
        ("timestamptz", "TIMESTAMP WITH TIME ZONE", "timestamp with time zone"),
        ("time", "TIME", "time without time zone"),
        ("timetz", "VARCHAR", "time with time zone"),
        ("bytea", "BLOB", "bytea"),
        ("jsonb", "JSON", "jsonb"),
        ("uuid", "VARCHAR", "uuid"),
        ("money", "DECIMAL", "money"),
        ("numeric(4,1)[]", "DECIMAL(4,1)[]", "numeric(4,1)[]"),
        ("text[][]", "VARCHAR[]", "text[]"),
        ("point", "VARCHAR", "point"),
        ("int4range", "VARCHAR", "int4range"),
    ],
)
def test_a_type_is_told_in_both_languages(postgres, stored, type_, source_type):
    postgres.run(f"CREATE TABLE orders (id {stored})")

    assert columns(postgres) == [("id", type_, source_type)]


def test_types_that_somebody_made_are_told_by_kind_and_name(postgres):
    postgres.run(
        "CREATE TYPE mood AS ENUM ('glad', 'sad')",
        "CREATE TYPE address AS (street text)",
        "CREATE TABLE orders (mood mood, address address)",
    )

    assert columns(postgres) == [("mood", "ENUM", "s.mood"), ("address", "STRUCT", "s.address")]


@pytest.mark.parametrize("type_", ["real", "double precision", "numeric", "numeric(5,2)"])
def test_nan_is_missing_and_numbers_without_end_are_numbers(postgres, type_):
    endless = [] if "(" in type_ else ["'Infinity'", "'-Infinity'"]
    values = ", ".join(f"({value})" for value in ["'NaN'", "NULL", "1.5", *endless])
    postgres.run(f"CREATE TABLE orders (x {type_})", f"INSERT INTO orders VALUES {values}")

    ((missing, numbers),) = rows(postgres, select="count(*) FILTER (WHERE x IS NULL), count(x)")

    assert (missing, numbers) == (2, 1 + len(endless))


@pytest.mark.parametrize(
    ("type_", "value", "condition"),
    [
        ("mood", "glad", "x IN ('glad', 'unheard of') AND x > 'a' AND x < 'z' AND x ~ '^g'"),
        ("uuid", "7b0c0b8e-0000-4000-8000-000000000000", "x <> 'no uuid' AND x LIKE '7b%'"),
        ("char(6)", "ab", "length(x) = 2 AND x ~ '^ab$'"),
        ("money", "3.50", "x = 3.5"),
        ("inet", "10.0.0.1", "x ~ '^10'"),
    ],
)
def test_a_type_that_compares_in_ways_of_its_own_is_read_as_text(postgres, type_, value, condition):
    postgres.run(
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        f"CREATE TABLE orders (x {type_})",
        f"INSERT INTO orders VALUES ('{value}')",
    )

    assert rows(postgres, select=condition) == [(True,)]


def test_odd_names_of_columns_and_tables_are_kept(postgres):
    names = [
        "^x$",
        ":name",
        "a%s",
        "%(a)s",
        'say "hi"',
        "GROSS",
        "id; DROP TABLE x",
        "ü",
        "{batch}",
    ]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    cells = ", ".join(f"1.5::float8 AS {name}" for name in quoted)
    postgres.run(f'CREATE TABLE "Or%s ""ders""" AS SELECT {cells}')

    told = rows(postgres, 'Or%s "ders"', f"{', '.join(quoted)}")

    assert [name for name, _, _ in columns(postgres, 'Or%s "ders"')] == names
    assert told == [(1.5,) * len(names)]


def test_what_may_not_be_read_says_what_is_not_granted(postgres):
    postgres.run("CREATE TABLE orders (id int, name text)")

    assert problem(postgres, user=postgres.reader()) == (
        "sales.orders may not be read: SELECT on it is not granted"
    )
    assert problem(postgres, user=postgres.reader(usage=False)) == (
        "sales.orders may not be read: USAGE on its schema is not granted"
    )


def test_a_user_who_may_read_some_columns_judges_those(postgres):
    postgres.run("CREATE TABLE orders AS SELECT 1 AS id, 'secret' AS name")
    reader = postgres.reader()
    postgres.run(f"GRANT SELECT (id) ON orders TO {reader}")

    told = problem(postgres, "orders", column("id"), column("name"), user=reader)

    assert told == "sales.orders may not be read whole: SELECT is not granted on name"
    assert rows(postgres, user=reader) == [(1,)]


def test_a_policy_that_hides_rows_is_told(postgres):
    reader = postgres.reader()
    postgres.run(
        "CREATE TABLE orders AS SELECT 1 AS id",
        f"GRANT SELECT ON orders TO {reader}",
        "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
    )

    told = problem(postgres, user=reader)

    assert told == "sales.orders may not be read whole: a row security policy hides rows of it"
    assert rows(postgres) == [(1,)]


def test_a_table_that_another_session_has_locked_is_told(postgres):
    postgres.run("CREATE TABLE orders (id int)", "CREATE TABLE items AS SELECT 1 AS id")
    postgres.run("BEGIN", "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")

    dataset = postgres.opened(ORDERS, schema("items"), limits=Limits(statement_seconds=1))

    postgres.run("ROLLBACK")
    assert dataset.problems == {"orders": f"{postgres.schema}.orders is locked by another session"}
    assert dataset.session.run(f"SELECT * FROM {dataset.tables['items'].typed}").rows == [(1,)]
    dataset.session.close()


def test_a_table_cannot_be_emptied_while_it_is_judged(postgres):
    postgres.run("CREATE TABLE orders AS SELECT 1 AS id", "CREATE VIEW v AS SELECT * FROM orders")
    dataset = postgres.opened(schema("v"))
    statement = f"SELECT count(*) FROM {dataset.tables['v'].typed}"

    postgres.run("SET lock_timeout = '200ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        postgres.run("TRUNCATE orders")

    assert dataset.session.run(statement).rows == [(1,)]
    dataset.session.close()
    postgres.run("TRUNCATE orders")


def test_what_cannot_be_opened_leaves_no_connection_behind(postgres):
    name = f"application_name = 'assay' AND query LIKE '%{postgres.schema}%'"

    with pytest.raises(UnreachableData, match="NUL"):
        postgres.opened(schema("or\0ders"))

    assert postgres.run(f"SELECT count(*) FROM pg_stat_activity WHERE {name}") == [(0,)]


def test_two_datasets_are_opened_at_once(postgres):
    postgres.run("CREATE TABLE orders AS SELECT 1 AS id")
    told = []
    threads = [Thread(target=lambda: told.append(rows(postgres))) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == [[(1,)], [(1,)]]


def test_a_probe_tells_who_answers_as_whom_and_what_there_is(postgres):
    postgres.run("CREATE TABLE orders (id int)", "CREATE TABLE items (id int)")
    reader = postgres.reader()
    postgres.run(f"GRANT SELECT ON orders TO {reader}")

    told = PostgreSql().probe(postgres.at(reader), limits=LIMITS)

    assert told.startswith("PostgreSQL 1")
    assert told.endswith(
        f", database 'postgres' as user '{reader}': "
        f"1 table can be read in the schema '{postgres.schema}'"
    )


@pytest.mark.parametrize(
    "grant", ["INSERT ON orders", "TRUNCATE ON orders", "CREATE ON SCHEMA {schema}"]
)
def test_a_probe_warns_of_a_user_who_may_write(postgres, grant):
    postgres.run("CREATE TABLE orders (id int)")
    reader = postgres.reader()
    postgres.run(f"GRANT {grant.format(schema=postgres.schema)} TO {reader}")

    told = PostgreSql().probe(postgres.at(reader), limits=LIMITS)

    assert told.endswith("; it may write, too: better is a user that may only read")


def test_a_probe_of_no_schema_or_no_server_says_so(postgres):
    nowhere = Location(source="postgresql", address=Address(host="127.0.0.1", port=1))

    with pytest.raises(UnreachableData, match="has no schema 'gone'"):
        PostgreSql().probe(postgres.at(schema="gone"), limits=LIMITS)
    with pytest.raises(UnreachableData, match="refuses connections"):
        PostgreSql().probe(nowhere, limits=LIMITS)


@pytest.mark.parametrize("name", ["pg_catalog", "information_schema", "pg_toast"])
def test_the_databases_own_schemas_hold_no_product(postgres, name):
    with pytest.raises(UnreachableData, match="PostgreSQL's own"):
        PostgreSql().open([schema("pg_authid")], postgres.at(schema=name), limits=LIMITS)
