from pathlib import Path

import duckdb
import pytest

from cli.demo.deliveries import DUPLICATES, NULLS, UNKNOWN, Deliveries

COUNTS = """
    SELECT count(*), count(*) FILTER (o_custkey IS NULL),
        count(*) - count(DISTINCT o_orderkey), count(*) FILTER (o_orderstatus = 'X')
    FROM read_parquet($path)
"""


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Deliveries:
    made = Deliveries(folder=tmp_path_factory.mktemp("lake"))
    made.make()
    return made


def counted(folder: Path) -> tuple[int, ...]:
    path = str(folder / "orders.parquet")
    with duckdb.connect() as database:
        row = database.execute(COUNTS, {"path": path}).fetchone()
    assert row is not None
    return tuple(row)


def test_a_bad_delivery_breaks_what_it_says_and_a_repair_mends_it(deliveries: Deliveries):
    good = counted(deliveries.folder)

    deliveries.spoil()
    bad = counted(deliveries.folder)
    deliveries.repair()

    assert good[1:] == (0, 0, 0)
    assert bad == (good[0] + DUPLICATES, NULLS, DUPLICATES, UNKNOWN)
    assert counted(deliveries.folder) == good
