"""How a product stands, in one word and one tone; the same on every page."""

from dataclasses import dataclass
from enum import StrEnum

from api.pages.words import ENOUGH
from runs.model import Run, RunState
from scorecards.line import Unjudged
from scorecards.model import Score
from scorecards.words import counted
from usecases.card import Card, Summary


class Tone(StrEnum):
    """How something looks. Only ``OK`` is green; ``FAULT`` is for what could not be judged."""

    BAD = "bad"
    FAULT = "fault"
    UNPROVEN = "unproven"
    OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Tone and words of a product's state."""

    tone: Tone
    words: str


def stand_of_card(card: Card) -> Stand:
    """Return how the product of a card stands."""
    return _stand(card.score, card.unjudged, next(iter(card.runs), None))


def stand_of_summary(summary: Summary) -> Stand:
    """Return how a product in a list stands."""
    return _stand(summary.score, summary.unjudged, summary.last_run)


def _stand(score: Score, unjudged: Unjudged, run: Run | None) -> Stand:
    if score.failing:
        return Stand(tone=Tone.BAD, words=f"{counted(score.failing, 'clause')} failing")
    if fault := _fault(unjudged, run):
        return Stand(tone=Tone.FAULT, words=fault)
    if score.quality is None:
        return Stand(tone=Tone.UNPROVEN, words="not measured yet")
    if score.assurance < ENOUGH:
        return Stand(tone=Tone.UNPROVEN, words="too little evidence")
    return Stand(tone=Tone.OK, words="keeps its promises")


def _fault(unjudged: Unjudged, run: Run | None) -> str:
    """Return what could not be judged, in words; empty where all could be."""
    if unjudged.errored:
        return f"{counted(unjudged.errored, 'clause')} not judged"
    if unjudged.lost:
        return "last run lost"
    if run is not None and run.state in {RunState.ERRORED, RunState.LOST}:
        return f"last run {run.state.value}"
    return ""
