"""What the habits do to the data."""

import duckdb
import pytest

from cli.demo.cast import CAST
from cli.demo.deliveries import Deliveries

WRONG = {
    "orders": "count(*) FILTER (o_custkey IS NULL)",
    "customer": "2 * (count(*) - count(DISTINCT c_custkey))",
    "lineitem": "count(*) FILTER (l_orderkey < 0)",
    "part": "count(*) FILTER (p_mfgr = 'Manufacturer#9')",
}


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Deliveries:
    lake = tmp_path_factory.mktemp("stage") / "lake"
    lake.mkdir()
    made = Deliveries(folder=lake, cast=CAST)
    made.make()
    return made


def counted(deliveries: Deliveries) -> dict[str, int]:
    found = {}
    with duckdb.connect() as database:
        for table, wrong in WRONG.items():
            path = str(deliveries.folder / f"{table}.parquet")
            row = database.execute(f"SELECT {wrong} FROM '{path}'").fetchone()
            assert row is not None
            found[table] = row[0]
    return found


def test_a_bad_day_breaks_what_it_says_and_a_repair_mends_it(deliveries: Deliveries):
    good = counted(deliveries)

    deliveries.spoil()
    bad, late = counted(deliveries), (deliveries.folder / "supplier.parquet").exists()
    deliveries.repair()

    expected = {role.table: sum(role.habit.breaks.values()) for role in CAST if role.habit.breaks}
    assert set(good.values()) == {0}
    assert bad == expected
    assert not late
    assert counted(deliveries) == good
    assert (deliveries.folder / "supplier.parquet").exists()
