from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from store.columns import Microseconds, UtcTime

_TABLE = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcTime()))
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_TIMES = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
    timezones=_ZONES,
)


@given(at=_TIMES)
def test_a_time_comes_back_as_the_same_instant_in_utc(at: datetime):
    kept = UtcTime()

    stored = kept.process_bind_param(at, sqlite.dialect())
    assert stored is not None
    back = kept.process_result_value(stored.replace(tzinfo=None), sqlite.dialect())

    assert back == at
    assert back is not None
    assert back.tzinfo is UTC


def test_a_time_from_a_database_with_zones_comes_back_in_utc():
    berlin = datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))

    back = UtcTime().process_result_value(berlin, sqlite.dialect())

    assert back is not None
    assert back.isoformat() == "2026-03-01T12:00:00+00:00"


def test_a_naive_time_is_refused():
    engine = create_engine("sqlite://")
    _TABLE.create(engine)
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - that is the point

    with engine.connect() as connection, pytest.raises(StatementError, match="without zone"):
        connection.execute(insert(_TABLE).values(at=naive))
    engine.dispose()


def test_times_are_ordered_by_instant_whatever_zone_they_came_in():
    engine = create_engine("sqlite://")
    _TABLE.create(engine)
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    times = [
        noon,
        noon + timedelta(microseconds=1),
        (noon + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-9))),
    ]

    with engine.connect() as connection:
        connection.execute(insert(_TABLE), [{"at": at} for at in reversed(times)])
        found = connection.execute(
            select(_TABLE.c.at).where(_TABLE.c.at > noon).order_by(_TABLE.c.at)
        ).scalars()

        assert list(found) == times[1:]
    engine.dispose()


@given(span=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_a_length_of_time_is_kept_exactly(span: timedelta):
    kept = Microseconds()

    stored = kept.process_bind_param(span, sqlite.dialect())

    assert kept.process_result_value(stored, sqlite.dialect()) == span


def test_nothing_stays_nothing():
    dialect = sqlite.dialect()

    for kept in (UtcTime(), Microseconds()):
        assert kept.process_bind_param(None, dialect) is None
        assert kept.process_result_value(None, dialect) is None
