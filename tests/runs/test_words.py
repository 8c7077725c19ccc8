import pytest

from runs.model import Interval, Run, RunState, Trigger
from runs.words import asked_by
from tests.cast import NOON


@pytest.mark.parametrize(
    ("trigger", "cause", "triggers", "said"),
    [
        (Trigger.SCHEDULE, "", 1, "schedule"),
        (Trigger.API, "", 1, "by hand"),
        (Trigger.API, "olga", 1, "by hand, by olga"),
        (Trigger.EVENT, "paul", 3, "data arrived, told by paul and 2 more"),
        (Trigger.LINEAGE, "airflow/load", 1, "lineage, job airflow/load"),
        (Trigger.BACKTEST, "", 1, "backtest"),
    ],
)
def test_why_a_run_was_asked_for_is_said_in_words(trigger, cause, triggers, said):
    run = Run(
        id=1,
        product="sales.orders",
        contract_id="orders",
        version="1.0.0",
        trigger=trigger,
        state=RunState.QUEUED,
        interval=Interval.up_to(NOON),
        created=NOON,
        counts={},
        seconds={},
        cause=cause,
        triggers=triggers,
    )

    assert asked_by(run) == said
