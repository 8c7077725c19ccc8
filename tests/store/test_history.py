from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from scorecards.model import Score
from store.sql_store import SqlShelf, SqlStore
from store.tables.judging import SNAPSHOT
from tests.store.build import HOUR, MINUTE, NOON, asked

MOST = 200
STRETCHES = 49
levels = st.one_of(st.none(), st.sampled_from([100.0, 97.5, 60.0, 49.0, 0.0]))


def keep(shelf: SqlShelf, run_id: int, at: datetime, levels: tuple[float | None, ...]) -> None:
    quality, low = levels
    score = Score(
        quality=quality,
        low=low,
        high=quality,
        uncapped=quality,
        cap="",
        assurance=1.0,
        dimensions=(),
        clauses=1,
        failing=0,
        lost={},
    )
    shelf.standings.snapshot("sales.orders", run_id, score, at)


def as_low(found, level: float) -> bool:
    return found is not None and found <= level


def test_a_short_history_is_given_whole_and_in_order(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        for hours in (2, 0, 1):
            keep(shelf, run_id, NOON + hours * HOUR, (49.0, 40.5))

        found = shelf.standings.snapshots("sales.orders", since=NOON + HOUR)

    assert [row.at for row in found] == [NOON + HOUR, NOON + 2 * HOUR]
    assert (found[0].run_id, found[0].quality, found[0].low) == (run_id, 49.0, 40.5)


def test_one_dip_among_thousands_is_there(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        for place in range(3000):
            level = 12.5 if place == 1234 else 100.0
            keep(shelf, run_id, NOON + place * MINUTE, (level, level))

        found = shelf.standings.snapshots("sales.orders", since=NOON)

    assert len(found) <= MOST
    assert [row.at for row in found if row.quality == 12.5] == [NOON + 1234 * MINUTE]
    place = [row.quality for row in found].index(12.5)
    assert found[place + 1].quality == 100.0
    assert found[place + 1].at - found[place].at <= 3000 * MINUTE / STRETCHES
    assert len(found) > STRETCHES


def test_a_long_dip_begins_where_it_began(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        for place in range(1000):
            level = 12.5 if 500 <= place < 515 else 100.0
            keep(shelf, run_id, NOON + place * MINUTE, (level, level))

        found = shelf.standings.snapshots("sales.orders", since=NOON)

    assert min(row.at for row in found if row.quality == 12.5) == NOON + 500 * MINUTE


def test_scores_of_one_instant_are_told_apart(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        for level in (80.0, *[100.0] * 300):
            keep(shelf, run_id, NOON, (level, level))

        found = shelf.standings.snapshots("sales.orders", since=NOON)

    assert [row.quality for row in found] == [80.0, 100.0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from([0, 1, 7, 3600]), st.tuples(levels, levels)),
        min_size=MOST + 1,
        max_size=500,
    )
)
def test_a_long_history_is_bounded_and_keeps_ends_and_depths(published: SqlStore, rows):
    with published.write() as shelf:
        shelf._connection.execute(delete(SNAPSHOT))
        run_id, _ = shelf.runs.add(asked())
        at = NOON
        kept = []
        for passed, (quality, low) in rows:
            at += timedelta(seconds=passed)
            keep(shelf, run_id, at, (quality, low))
            kept.append((at, quality, low))

        found = shelf.standings.snapshots("sales.orders", since=NOON)

    told = [(row.at, row.quality, row.low) for row in found]
    assert len(told) <= MOST
    assert told == sorted(told, key=lambda row: row[0])
    assert (told[0], told[-1]) == (kept[0], kept[-1])
    assert not set(told) - set(kept)
    stretch = (at - NOON) / STRETCHES + timedelta(microseconds=1)
    for when, *levels_then in kept:
        near = [row for row in told if abs(row[0] - when) <= stretch]
        for place, level in enumerate(levels_then, start=1):
            assert level is None or any(as_low(row[place], level) for row in near)
        assert levels_then[0] is not None or any(row[1] is None for row in near)
