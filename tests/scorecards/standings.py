"""Standings to test with."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from contracts.timetable import Timetable
from contracts.values import Dimension, Severity
from scorecards.model import Standing

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAILY = Timetable(every=timedelta(hours=24))


def clause(
    key: str,
    severity: Severity = Severity.HIGH,
    dimension: Dimension = Dimension.CONFORMITY,
    *,
    good: bool | None = True,
    age: timedelta = timedelta(0),
    dropped: timedelta | None = None,
) -> Standing:
    return Standing(
        key=key,
        severity=severity,
        dimension=dimension,
        good=good,
        judged_at=None if good is None else NOW - age,
        dropped_at=None if dropped is None else NOW - dropped,
    )


timetables = st.sampled_from(
    (None, DAILY, Timetable(every=timedelta(hours=1)), Timetable(cron="0 9 * * 1-5"))
)


@st.composite
def standings(draw: st.DrawFn) -> list[Standing]:
    """Clauses of a product: any severity, verdict and age; no two with one key, none dropped."""
    count = draw(st.integers(0, 12))
    return [
        Standing(
            key=f"/{number}",
            severity=draw(st.sampled_from(Severity)),
            dimension=draw(st.sampled_from(list(Dimension)[:3])),
            good=draw(st.sampled_from((True, True, False, None))),
            judged_at=NOW - timedelta(hours=draw(st.integers(0, 40 * 24))),
            timetable=draw(timetables),
            anchor=NOW - timedelta(days=60),
        )
        for number in range(count)
    ]
