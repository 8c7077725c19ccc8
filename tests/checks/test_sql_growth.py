"""Texts that a query makes, and searches, where no time limit stops a database."""

import pytest

from checks.dataset import Dialect, Relation
from checks.errors import RefusedQuery
from checks.sql import harmless

TABLES = {"orders": Relation(schema="s", name="orders")}
COLUMNS = {"orders": ["id", "name", "city"]}


def doubled(step, *, first="'aaaaaaaa' AS x", last="length(x)"):
    """A WITH in which each of 25 parts makes its text from that of the one before."""
    parts = [f"t{at} AS ({step.format(before=f't{at - 1}')})" for at in range(1, 26)]
    return f"WITH t0 AS (SELECT {first}), {', '.join(parts)} SELECT {last} FROM t25"


GROWING = [
    doubled("SELECT x || x AS x FROM {before}"),
    doubled("SELECT concat(x, x) AS x FROM {before}"),
    doubled("SELECT concat_ws(',', x, x) AS x FROM {before}"),
    doubled("SELECT replace(x, 'a', 'aa') AS x FROM {before}"),
    doubled("SELECT CASE WHEN true THEN x || x END AS x FROM {before}"),
    doubled("SELECT max(x) || min(x) AS x FROM {before}"),
    doubled("SELECT b || c AS x FROM (SELECT x AS b, x AS c FROM {before}) t"),
    doubled("SELECT CAST(z AS TEXT) AS x FROM (SELECT x AS b, x AS c FROM {before}) z"),
    doubled("SELECT CAST(name AS TEXT) AS x FROM (SELECT x AS b, x AS c FROM {before}) name"),
    doubled("SELECT concat(concat, concat) FROM {before}", first="'a' AS concat", last="1"),
    doubled("SELECT p.x || q.x AS x FROM {before} p CROSS JOIN {before} q"),
    doubled("SELECT x || x FROM {before}", first="'a' AS x", last="1"),
    "SELECT name || name AS c0, "
    + ", ".join(f"c{at} || c{at} AS c{at + 1}" for at in range(25))
    + " FROM orders",
    (
        "WITH RECURSIVE t AS (SELECT name AS x FROM orders UNION ALL SELECT x || x FROM t) "
        "SELECT max(length(x)) FROM t"
    ),
    (
        "WITH RECURSIVE t(x) AS (SELECT name FROM orders UNION ALL SELECT x || x FROM t) "
        "SELECT max(length(x)) FROM t"
    ),
    "SELECT length(" + "replace(" * 9 + "name" + ", 'a', 'aaaaaaaaaa')" * 9 + ") FROM orders",
    "SELECT length(string_agg(x, '')) FROM (SELECT string_agg(name, '') AS x FROM orders) t",
]
SEARCHING = [
    (
        "SELECT count(*) FROM (SELECT string_agg(name, '') AS x, string_agg(city, '') AS y "
        "FROM orders) t WHERE x LIKE '%' || y"
    ),
    "SELECT strpos(string_agg(name, ''), string_agg(city, '')) FROM orders",
    "SELECT length(replace(string_agg(name, ''), string_agg(city, ''), '')) FROM orders",
    "SELECT length(translate(string_agg(name, ''), string_agg(city, ''), '')) FROM orders",
    "SELECT length(regexp_replace(string_agg(name, ''), 'a*b', '', 'g')) FROM orders",
]
SHORT = [
    (
        "SELECT count(*) FROM orders WHERE "
        "replace(replace(replace(name, ' ', ''), '-', ''), '.', '') <> name"
    ),
    "SELECT count(*) FROM orders WHERE regexp_replace(name, '[^a-z]', '', 'g') <> name",
    "SELECT count(*) FROM orders WHERE name LIKE '%' || city || '%'",
    "SELECT count(DISTINCT concat(id, '-', name, '-', city)) FROM orders",
    "SELECT length(string_agg(DISTINCT name, ',')) FROM orders",
    (
        "SELECT count(*) FROM (SELECT trim(name) || '!' AS name, upper(city) AS c FROM orders) t "
        "WHERE strpos(name, c) > 0"
    ),
    "SELECT count(*) FROM orders WHERE lpad(name, 10, '0') || rpad(city, 100, ' ') IS NULL",
    (
        "WITH a AS (SELECT name || '-' || city AS k FROM orders), "
        "b AS (SELECT k || 'z' AS k FROM a) SELECT count(DISTINCT k) FROM b"
    ),
    (
        "WITH RECURSIVE t(id, path) AS (SELECT id, name FROM orders UNION ALL "
        "SELECT id + 1, path || '/' || 'x' FROM t WHERE id < 9) SELECT max(length(path)) FROM t"
    ),
    "SELECT count(DISTINCT o) FROM orders o",
    (
        "SELECT count(*) FROM (SELECT name, string_agg(city, ',') AS cities "
        "FROM orders GROUP BY name) t WHERE cities LIKE '%x%'"
    ),
]


def checked(query, dialect):
    return harmless(query, tables=TABLES, dialect=dialect, columns=COLUMNS)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("query", [*GROWING, *SEARCHING])
def test_a_text_that_may_grow_without_end_or_is_searched_as_long_is_refused(query, dialect):
    with pytest.raises(RefusedQuery, match="keep texts short"):
        checked(query, dialect)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("query", SHORT)
def test_texts_as_rules_make_them_are_allowed(query, dialect):
    assert checked(query, dialect)


def test_matches_that_are_all_looked_for_take_a_short_text():
    query = "SELECT len(regexp_extract_all(string_agg(name, ''), 'a*?b|a')) FROM orders"

    with pytest.raises(RefusedQuery, match="keep texts short"):
        checked(query, Dialect.DUCKDB)


def test_a_column_by_its_number_may_be_any():
    parts = ", ".join(f"t{at} AS (SELECT #1 || #1 FROM t{at - 1})" for at in range(1, 26))

    with pytest.raises(RefusedQuery, match="keep texts short"):
        checked(f"WITH t0 AS (SELECT 'aaaa'), {parts} SELECT length(#1) FROM t25", Dialect.DUCKDB)


@pytest.mark.parametrize(
    ("query", "dialect"),
    [
        ("SELECT nfc_normalize(name) FROM orders", Dialect.DUCKDB),
        ("SELECT normalize(name) FROM orders", Dialect.POSTGRES),
        ("SELECT normalize(name, nfd) FROM orders", Dialect.POSTGRES),
    ],
)
def test_what_sorts_the_letters_of_a_text_is_refused(query, dialect):
    with pytest.raises(RefusedQuery, match="normalize is not allowed"):
        checked(query, dialect)


@pytest.mark.parametrize("template", ["%1000000000s", "%-9s", "%1$*2$s", "%*s", "%2$-1000s"])
def test_a_width_of_a_format_is_refused(template):
    with pytest.raises(RefusedQuery, match="states no width"):
        checked(f"SELECT length(format('{template}', name, id)) FROM orders", Dialect.POSTGRES)


def test_a_template_that_is_no_text_of_the_query_is_refused():
    with pytest.raises(RefusedQuery, match="states no width"):
        checked("SELECT length(format(name, 1)) FROM orders", Dialect.POSTGRES)


@pytest.mark.parametrize("template", ["%s-%s", "%1$s / %2$s", "100%% %s", "%L, %I"])
def test_a_format_without_a_width_is_allowed(template):
    query = f"SELECT count(DISTINCT format('{template}', name, city)) FROM orders"

    assert checked(query, Dialect.POSTGRES)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("operator", [" OR ", " AND "])
def test_a_rule_over_two_hundred_columns_is_not_too_deep(operator, dialect):
    condition = operator.join(f"c{at} IS NULL" for at in range(200))

    assert checked(f"SELECT count(*) FROM orders WHERE {condition}", dialect)
