"""Scores of one standing at many moments."""

from collections.abc import Sequence
from datetime import datetime

from scorecards.assurance import backed
from scorecards.model import Score, Standing
from scorecards.score import dropped_while_failing, score_of


class Steady:
    """A standing that is scored again and again; threads may share it.

    Time moves a score by steps: it is a function of each clause's k and of how many were dropped
    while failing. Those are found out anew for each moment, the rest only when they changed. That
    is nine tenths of the work where clauses are judged together.
    """

    def __init__(self, standing: Sequence[Standing]) -> None:
        self._standing = standing
        self._clauses = [clause for clause in standing if clause.dropped_at is None]
        self._newest: tuple[list[float], int, Score] | None = None

    def __len__(self) -> int:
        """How many clauses it holds, those dropped among them."""
        return len(self._standing)

    def at(self, now: datetime) -> Score:
        """Return what ``scorecards.score.score`` returns."""
        held = backed(self._clauses, now)
        ks, dropped = [k for _, k in held], dropped_while_failing(self._standing, now)
        newest = self._newest
        if newest is not None and newest[:2] == (ks, dropped):
            return newest[2]
        found = score_of(held, dropped)
        self._newest = (ks, dropped, found)
        return found
