"""What asks for runs: triggers, and the names by which data is known elsewhere."""

from collections.abc import Collection
from typing import Protocol

from contracts.record import Version
from products.datasets import Dataset
from runs.model import Asked


class Triggers(Protocol):
    """What asks for runs, and which of them it joins."""

    def ask(self, asked: Asked) -> tuple[int, bool]:
        """Return (id, True) of a new run, or the id of the one that does for it and False.

        The same key is the same run for ever; else a run that waits for the same or more is joined.
        """
        ...


class Datasets(Protocol):
    """Under which names the data of contracts is known elsewhere."""

    def unread(self, *, limit: int) -> tuple[Version, ...]:
        """Return current versions whose datasets were never put."""
        ...

    def put(self, contract_id: str, version: str, datasets: Collection[Dataset]) -> None:
        """Keep the datasets of a version in place of those of the contract's others."""
        ...

    def contracts(self, datasets: Collection[Dataset]) -> tuple[str, ...]:
        """Return the contracts whose current version promises any of ``datasets``."""
        ...
