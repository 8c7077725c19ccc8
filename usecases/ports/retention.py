"""Letting go of what was kept long enough."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """What may go, found by reading, and taken away by number.

    What was found stays free to go: what is recorded later needs less of the past, never more.
    """

    def old_evidence(self, before: datetime, *, limit: int) -> Sequence[int]:
        """Return results known before then that still hold a sample of rows."""
        ...

    def drop_evidence(self, results: Sequence[int]) -> int:
        """Forget the samples of ``results``, and say how many went."""
        ...

    def old_results(self, before: datetime, *, limit: int) -> Sequence[tuple[int, int]]:
        """Return runs over by then whose results nothing rests on, each with how many it has.

        Needed are, of each clause, the newest answer and the newest verdict as of ``before``: cards
        of later moments show them. So is what standings and open incidents name.
        """
        ...

    def drop_results(self, runs: Sequence[int]) -> int:
        """Delete all results of ``runs``, and say how many went."""
        ...

    def old_runs(
        self, before: datetime, *, of_product: int, of_contract: int, limit: int
    ) -> Sequence[int]:
        """Return runs over by then without results that nothing names.

        The newest ``of_product`` of each product as of then stay, since cards show them, and the
        newest ``of_contract`` ended ones of each contract, by which outages are told.
        """
        ...

    def drop_runs(self, runs: Sequence[int]) -> int:
        """Delete ``runs``, and say how many went."""
        ...

    def spare_scores(self, before: datetime, *, limit: int) -> Sequence[int]:
        """Return kept scores from before then that are not the last of their day, UTC."""
        ...

    def drop_scores(self, scores: Sequence[int]) -> int:
        """Delete ``scores``, and say how many went."""
        ...

    def old_notices(self, before: datetime, *, limit: int) -> Sequence[int]:
        """Return notices that were sent or withdrawn before then, of incidents that are over."""
        ...

    def drop_notices(self, notices: Sequence[int]) -> int:
        """Delete ``notices`` with the attempts at them, and say how many notices went."""
        ...
