"""What was recorded up to a moment. Every ``at`` is UTC and included."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from checks.model import Outcome
from contracts.record import Version
from incidents.model import Incident
from runs.model import Pause, Run
from scorecards.line import Known, Snapshot, Turn


class Past(Protocol):
    """What a card of a past day is made of."""

    def first(self, product: str) -> datetime | None:
        """Return when a version about the product was first published."""
        ...

    def versions(self, product: str, at: datetime) -> tuple[Version, ...]:
        """Return the versions about the product that were current then, by contract id."""
        ...

    def latest(self, product: str, at: datetime) -> Version | None:
        """Return the version about the product that was published last."""
        ...

    def chain(self, contract_id: str, at: datetime) -> tuple[Version, ...]:
        """Return every version of a contract up to then, newest first."""
        ...

    def pause(self, contract_id: str, at: datetime, *, since: datetime) -> Pause | None:
        """Return the pause of a contract's schedule that held then, begun at ``since`` or later."""
        ...

    def turned(
        self, clause: tuple[str, str], to: Outcome, *, after: Collection[Outcome], at: datetime
    ) -> Turn | None:
        """Return the first answer ``to`` behind the newest of those in ``after``.

        ``clause`` is (contract id, key).
        """
        ...

    def answers(self, contracts: Collection[str], at: datetime) -> Mapping[tuple[str, str], Known]:
        """Return the newest answer and verdict of each clause that had one, by (contract, key)."""
        ...

    def drops(self, contracts: Collection[str], at: datetime) -> Mapping[tuple[str, str], datetime]:
        """Return when each clause was dropped while failing last, by (contract, key)."""
        ...

    def lost(self, contracts: Collection[str], at: datetime) -> int:
        """Count the contracts whose newest ended run was lost."""
        ...

    def incidents(self, product: str, at: datetime, *, limit: int) -> tuple[Incident, ...]:
        """Return incidents as they were then, the newest first."""
        ...

    def runs(self, product: str, at: datetime, *, limit: int) -> tuple[Run, ...]:
        """Return the newest runs that were asked for up to then, as they are now."""
        ...

    def snapshots(self, product: str, *, since: datetime, until: datetime) -> tuple[Snapshot, ...]:
        """Return at most 200 kept scores from ``since`` to ``until``, both included."""
        ...
