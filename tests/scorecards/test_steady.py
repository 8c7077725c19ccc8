from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.timetable import Timetable
from contracts.values import Dimension, Severity
from scorecards.model import Standing
from scorecards.score import score
from scorecards.steady import Steady
from tests.cast import NOON

MOMENTS = st.integers(-40 * 1440, 0).map(lambda minutes: NOON + timedelta(minutes=minutes))
STANDINGS = st.builds(
    Standing,
    key=st.sampled_from(["a", "b", "c"]),
    severity=st.sampled_from(Severity),
    dimension=st.sampled_from(Dimension),
    good=st.sampled_from([None, True, False]),
    judged_at=MOMENTS,
    timetable=st.sampled_from([None, Timetable(every=timedelta(hours=6))]),
    anchor=st.just(NOON - timedelta(days=50)),
    dropped_at=st.one_of(st.none(), MOMENTS),
)
LATER = st.lists(st.integers(0, 60 * 24 * 40), max_size=8)


@given(standing=st.lists(STANDINGS, max_size=8), minutes=LATER)
def test_each_moment_gets_the_score_of_that_moment(standing, minutes):
    steady = Steady(standing)

    for passed in minutes:
        moment = NOON + timedelta(minutes=passed)
        assert steady.at(moment) == score(standing, moment)


def test_while_time_moves_nothing_the_score_is_the_same_one():
    clause = Standing(
        key="a",
        severity=Severity.HIGH,
        dimension=Dimension.CONFORMITY,
        good=True,
        judged_at=NOON,
    )
    steady = Steady([clause])

    found = [steady.at(NOON + timedelta(hours=hours)) for hours in (0, 30, 50)]

    assert found[0] is found[1]
    assert found[1].assurance > found[2].assurance
