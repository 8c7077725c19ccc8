from itertools import combinations

import duckdb
import pytest

from tools.bench import planting
from tools.bench.rules import KEY, rules, statement
from tools.bench.verdicts import miscounted

ROWS = 6005
LINES = """
    CREATE TABLE good AS SELECT
        row + 1 AS l_orderkey, row AS l_partkey, row AS l_suppkey, 1 AS l_linenumber,
        25.5 AS l_quantity, 1000.0 AS l_extendedprice, 0.05 AS l_discount, 0.04 AS l_tax,
        'A' AS l_returnflag, 'F' AS l_linestatus, DATE '1998-12-01' AS l_shipdate,
        DATE '1998-12-02' AS l_commitdate, DATE '1998-12-03' AS l_receiptdate,
        'NONE' AS l_shipinstruct, 'AIR' AS l_shipmode, 'good' AS l_comment, row AS place
    FROM range($rows) made(row)
"""


@pytest.fixture
def lines():
    with duckdb.connect() as database:
        database.execute(LINES, {"rows": ROWS})
        database.execute("CREATE TABLE orders AS SELECT l_orderkey AS o_orderkey FROM good")
        yield database


def counted(database, source: str, **named: object) -> list[int]:
    database.execute(f"CREATE TABLE lineitem AS {source}", named)
    row = database.execute(statement(rules(ROWS), "lineitem", duckdb=True)).fetchone()
    return [int(count) for count in row]


def test_there_are_fifteen_kinds_each_of_a_count_of_its_own():
    assert len(planting.KINDS) == 15
    assert len({kind.count for kind in planting.KINDS}) == 15


@pytest.mark.parametrize("rows", [4500, ROWS, 600_572, 59_986_052])
def test_no_row_is_spoilt_twice_and_none_lies_outside_the_table(rows: int):
    spoilt = [set(planting.places(kind, rows)) for kind in planting.KINDS]

    assert all(one.isdisjoint(other) for one, other in combinations(spoilt, 2))
    assert [len(places) for places in spoilt] == [kind.count for kind in planting.KINDS]
    assert max(map(max, spoilt)) < rows


def test_the_row_before_a_repeated_one_stays_as_it_is():
    spoilt = {place for kind in planting.KINDS for place in planting.places(kind, ROWS)}

    assert spoilt.isdisjoint(planting.before_repeated(ROWS))


def test_a_table_too_small_to_hold_them_apart_is_refused():
    with pytest.raises(ValueError, match="4499 rows"):
        planting.step(4499)


def test_a_repeated_key_breaks_the_promise_in_two_rows():
    assert planting.planted()["/schema/lineitem/primary_key"] == 2 * 67


def test_the_hand_written_statement_counts_what_was_planted(lines):
    places = planting.before_repeated(ROWS)
    keys = {
        column: [row[0] for row in lines.table("good").select(column).fetchall()] for column in KEY
    }
    named = {column: [cells[place] for place in places] for column, cells in keys.items()}

    counts = counted(lines, planting.spoilt(ROWS, "good"), **named)

    assert miscounted(counts, rules(ROWS), planting.planted()) == []


def test_the_hand_written_statement_finds_nothing_in_good_lines(lines):
    counts = counted(lines, "SELECT * EXCLUDE (place) FROM good")

    assert counts == [0] * 26


def test_other_plantings_lie_in_another_folder(monkeypatch):
    before = planting.variant()
    monkeypatch.setattr(planting, "KINDS", planting.KINDS[1:])

    assert planting.variant() != before
