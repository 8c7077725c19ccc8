from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from access.record import GENESIS, AuditEvent, chain

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
events = st.builds(
    AuditEvent,
    at=st.integers(0, 10**6).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    actor=st.text(),
    action=st.text(),
    subject=st.text(),
    detail=st.text(),
)


def hashes(log: list[AuditEvent]) -> list[str]:
    return list(accumulate(log, chain, initial=GENESIS))[1:]


@given(st.lists(events, min_size=1, max_size=5), st.data())
def test_a_change_shows_in_every_later_hash(log: list[AuditEvent], data: st.DataObject):
    place = data.draw(st.integers(0, len(log) - 1))
    forged = [*log]
    forged[place] = replace(log[place], actor=log[place].actor + "x")

    before, after = hashes(log), hashes(forged)

    assert before[:place] == after[:place]
    assert all(a != b for a, b in zip(before[place:], after[place:], strict=True))


def test_words_do_not_run_into_each_other():
    one = AuditEvent(at=NOON, actor="ab", action="c", subject="")
    other = AuditEvent(at=NOON, actor="a", action="bc", subject="")

    assert chain(GENESIS, one) != chain(GENESIS, other)
