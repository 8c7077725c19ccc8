from dataclasses import replace

import pytest

from api.pages.standing import Tone, stand_of_summary
from products.model import Product
from runs.model import Interval, Run, RunState, Trigger
from scorecards.line import Unjudged
from tests.api.pages.test_words import EMPTY
from tests.cast import NOON
from usecases.card import Summary

GOOD = replace(EMPTY, quality=100.0, low=100.0, high=100.0, assurance=1.0, clauses=3)


def summary(score=GOOD, *, key: str = "a.b", state: RunState = RunState.DONE, **counts: int):
    run = Run(
        id=1,
        product=key,
        contract_id="c",
        version="1",
        trigger=Trigger.API,
        state=state,
        interval=Interval(start=NOON, end=NOON),
        created=NOON,
        counts={},
        seconds={},
    )
    product = Product(key=key, domain="a", name="b")
    return Summary(
        product=product,
        score=score,
        open_incidents=0,
        last_run=run,
        unjudged=Unjudged(**counts),
    )


@pytest.mark.parametrize(
    ("found", "tone", "words"),
    [
        (summary(), Tone.OK, "keeps its promises"),
        (summary(replace(GOOD, failing=2)), Tone.BAD, "2 clauses failing"),
        (summary(replace(GOOD, failing=1), errored=1), Tone.BAD, "1 clause failing"),
        (summary(errored=1), Tone.FAULT, "1 clause not judged"),
        (summary(lost=1), Tone.FAULT, "last run lost"),
        (summary(state=RunState.QUEUED, errored=2), Tone.FAULT, "2 clauses not judged"),
        (summary(state=RunState.LOST), Tone.FAULT, "last run lost"),
        (summary(state=RunState.ERRORED), Tone.FAULT, "last run errored"),
        (summary(replace(GOOD, quality=None)), Tone.UNPROVEN, "not measured yet"),
        (summary(replace(GOOD, assurance=0.79)), Tone.UNPROVEN, "too little evidence"),
        (replace(summary(), last_run=None), Tone.OK, "keeps its promises"),
    ],
)
def test_only_what_was_judged_and_kept_is_green(found: Summary, tone: Tone, words: str):
    stand = stand_of_summary(found)

    assert (stand.tone, stand.words) == (tone, words)
