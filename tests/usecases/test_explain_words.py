from datetime import UTC, datetime

import pytest

from contracts.clause import Clause, Kind
from contracts.values import Severity
from scorecards.change import Change, ChangeKind
from usecases.explain import Reason
from usecases.explain_words import label, moment, sentence

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
AT = datetime(2026, 11, 2, 6, 2, tzinfo=UTC)
CLAUSE = Clause(
    key="/1", pointer="/1", kind=Kind.MINIMUM, schema="orders", column="amount",
    threshold="at least 0",
)  # fmt: skip
WAS = Clause(
    key="/1", pointer="/1", kind=Kind.MINIMUM, schema="orders", column="amount",
    threshold="at least 5", severity=Severity.LOW,
)  # fmt: skip


def reason(kind: ChangeKind, points: float | None = -8.27, **changes) -> Reason:
    change = Change(kind=kind, clause=("orders", "/1"), points=points)
    return Reason(**{"change": change, "clause": CLAUSE, "was": WAS, "at": AT, **changes})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            reason(ChangeKind.FAILED, run_id=12),
            "orders.amount: at least 0 - failed since 2 Nov 06:02, run 12 (-8.2)",
        ),
        (
            reason(ChangeKind.RECOVERED, 4.0, run_id=12),
            "orders.amount: at least 0 - passes again since 2 Nov 06:02, run 12 (+4)",
        ),
        (
            reason(ChangeKind.ERRORED, 0.0, run_id=12),
            "orders.amount: at least 0 - nobody can tell since 2 Nov 06:02, run 12",
        ),
        (
            reason(ChangeKind.STALE, None),
            "orders.amount: at least 0 - no fresh verdict since 2 Nov 06:02",
        ),
        (
            reason(ChangeKind.FIRST, 0.0),
            "orders.amount: at least 0 - judged for the first time at 2 Nov 06:02",
        ),
        (
            reason(ChangeKind.JUDGED, 1.0),
            "orders.amount: at least 0 - judged at 2 Nov 06:02 (+1)",
        ),
        (
            reason(ChangeKind.ADDED, version="1.1.0"),
            "orders.amount: at least 0 - promised since 2 Nov 06:02, version 1.1.0 (-8.2)",
        ),
        (
            reason(ChangeKind.REMOVED, 2.0, version="1.1.0"),
            "orders.amount: at least 0 - promised no more since 2 Nov 06:02, version 1.1.0 (+2)",
        ),
        (
            reason(ChangeKind.STRENGTHENED, version="2"),
            "orders.amount: at least 0 - severity low became high at 2 Nov 06:02, version 2 (-8.2)",
        ),
        (
            reason(ChangeKind.REWORDED, 0.0, version="1.1.0"),
            "orders.amount: at least 0 - was 'at least 5' until 2 Nov 06:02, version 1.1.0",
        ),
        (
            reason(ChangeKind.DROPPED, -21.0, clause=None),
            "a clause was dropped while it failed, which caps the score since 2 Nov 06:02 (-21)",
        ),
        (
            reason(ChangeKind.FORGIVEN, 21.0, clause=None),
            "the cap for a clause dropped while it failed ended at 2 Nov 06:02 (+21)",
        ),
        (reason(ChangeKind.FAILED, at=None), "orders.amount: at least 0 - failed (-8.2)"),
    ],
)
def test_a_change_is_one_plain_sentence(told: Reason, said: str):
    assert sentence(told, NOW) == said


def test_a_clause_without_a_threshold_is_known_by_its_kind():
    bare = Clause(key="/1", pointer="/1", kind=Kind.ROW_COUNT)

    assert label(bare) == "contract: row count"


def test_a_moment_of_another_year_names_it():
    assert moment(AT, NOW.replace(year=2027)) == "2 Nov 2026 06:02"
