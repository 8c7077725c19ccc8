"""A service with a past, to be looked at and to be measured: products, runs, trouble, notices.

``open_showroom`` tells a story of every look that a page can have; ``seed_card`` makes one product
of any size. Both drive the use cases, so that what they leave is what a real service leaves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from access.model import Principal, Role
from checks.location import Location
from checks.model import Evidence, Finding, Outcome, Report, Result
from contracts.clause import Clause, Kind
from contracts.model import Contract
from notifications.errors import DeliveryFailed
from notifications.model import Notice
from products.model import Connection
from runs.model import Claim
from tools.bench.showpieces import LARGE, NASTY, ORDERS, QUIET, large_contract, nasty_contract
from usecases.connections import put_connection
from usecases.dispatch import dispatch
from usecases.execute_run import Executor, execute_run
from usecases.incidents import acknowledge
from usecases.pace import Pace
from usecases.ports import Store
from usecases.publish import publish
from usecases.request_run import request_run
from usecases.send_notices import send_notices

ADMIN: Final = Principal(name="ada", role=Role.ADMIN)
OWNER: Final = Principal(name="olga", role=Role.OWNER, domain="commerce")
_ROWS: Final = 1_284_913
_DAYS: Final = 90
_PHASES: Final = {"open": 0.021, "pandera": 0.412, "great_expectations": 0.287}
_LATE: Final = {"loaded-in-time": Outcome.FAILED}
_WRONG: Final = {"currency/enum": Outcome.FAILED}
_TWICE: Final = {"net_amount/minimum": Outcome.FAILED, "order_id/unique": Outcome.FAILED}
_TOLD: Final[Mapping[int, Mapping[str, Outcome]]] = {
    **dict.fromkeys((61, 62, 63), _TWICE),
    **dict.fromkeys((23, 24), _WRONG),
    1: {**_LATE, **_WRONG, "customer-exists": Outcome.ERRORED},
}
_NEW_VERSION: Final = 39
_TAKEN_ON: Final = 63
_UNREACHED: Final = "the folder /lake/freight cannot be reached: no such file or directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """What is wrong on one day: outcomes by the end of a clause's key, and rows that fail."""

    said: Mapping[str, Outcome]
    failed_rows: int = 4312


@dataclass(kw_only=True)
class Showroom:
    """A service whose clock is moved by hand, and whose judge says what it is told.

    Attributes:
        now: UTC; ``clock`` reads it.
        mishaps: By contract, what is wrong now.
        deaf: Addresses that no notice reaches.
    """

    store: Store
    now: datetime
    mishaps: dict[str, Mishap] = field(default_factory=dict)
    deaf: frozenset[str] = frozenset()

    def clock(self) -> datetime:
        """Return the showroom's time."""
        return self.now

    def publish(self, *documents: str) -> None:
        """Publish contracts, whose data is said to lie in one folder."""
        connection = Connection(name="lake", source="files", roots=(Path("/lake"),))
        put_connection(self.store, connection, by=ADMIN, clock=self.clock)
        for text in documents:
            publish(self.store, text.encode(), by=ADMIN, clock=self.clock)

    def judge(self, *products: str) -> None:
        """Judge products now."""
        for product in products:
            request_run(self.store, product, by=ADMIN, clock=self.clock)
        self.drain()

    def drain(self) -> None:
        """Execute every run that waits, and send the notices that come of it."""
        sent: list[int] = []
        while dispatch(self.store, sent.append, Pace(in_flight=1000), clock=self.clock):
            for run_id in sent:
                execute_run(self.store, run_id, self._executor())
            sent.clear()
        send_notices(self.store, self._post, clock=self.clock)

    def _executor(self) -> Executor:
        return Executor(
            owner="showroom",
            judge=self._answer,
            secrets=_no_secret,
            hold=_hold,
            lease=timedelta(seconds=30),
            public_url="https://assay.example.org",
            clock=self.clock,
        )

    def _answer(self, contract: Contract, promised: Sequence[Clause], location: Location) -> Report:
        mishap = self.mishaps.get(contract.id, Mishap(said={}))
        return Report(
            contract_id=contract.id,
            version=contract.version,
            server="lake",
            started=self.now - timedelta(milliseconds=720),
            finished=self.now,
            results=tuple(_result(clause, mishap) for clause in promised),
            phases=_PHASES,
        )

    def _post(self, notice: Notice) -> None:
        if notice.target in self.deaf:
            raise DeliveryFailed("550 5.1.1 no such mailbox", permanent=True)


def open_showroom(store: Store, *, now: datetime) -> Showroom:
    """Fill ``store`` with products in every state, as they stand at ``now`` (UTC)."""
    room = Showroom(store=store, now=now - timedelta(days=_DAYS))
    _live_through(room, now)
    room.publish(*QUIET.values(), nasty_contract())
    room.mishaps["freight"] = Mishap(said={"": Outcome.ERRORED})
    room.mishaps["ledger"] = Mishap(said={"balance": Outcome.FAILED}, failed_rows=2)
    room.mishaps["nasty"] = Mishap(said={"enum": Outcome.FAILED}, failed_rows=3)
    room.now = now - timedelta(days=9)
    room.judge("research.panel")
    room.now = now - timedelta(minutes=14)
    for _ in range(3):
        room.judge("logistics.freight")
    room.judge("finance.ledger", "finance.rates", NASTY)
    room.now = now
    return room


def seed_card(store: Store, *, now: datetime, clauses: int = 200, days: int = 90) -> str:
    """Make one product with as many clauses, judged once a day, and return its key.

    Args:
        store: Empty, or without this product.
        now: UTC; the newest run was 14 minutes earlier, and three of its clauses fail.
        clauses: About how many, at least 10.
        days: Days of history, one score each.
    """
    room = Showroom(store=store, now=now - timedelta(days=days))
    room.publish(large_contract(clauses))
    for day in range(days, 0, -1):
        room.now = now - timedelta(days=day - 1, minutes=14)
        broken = day == 1 or day % 30 == 0
        said = {f"c00{place}/required": Outcome.FAILED for place in range(1, 4)} if broken else {}
        room.mishaps[LARGE] = Mishap(said=said)
        room.judge(f"bench.{LARGE}")
    return f"bench.{LARGE}"


def _live_through(room: Showroom, now: datetime) -> None:
    """Let ``orders`` have 90 days: two short troubles, a new version, and one that lasts."""
    first, second = ORDERS
    room.publish(first)
    for day in range(_DAYS, 0, -1):
        if day % 3 and day > min(_TOLD) + 1 and _trouble_of(day) == _trouble_of(day + 1):
            continue  # a day like the one before
        room.now = now - timedelta(days=day - 1, minutes=14)
        if day == _NEW_VERSION:
            room.publish(second)
        if said := _trouble_of(day):
            room.mishaps["orders"] = Mishap(said=said)
        else:
            room.mishaps.pop("orders", None)
        room.deaf = frozenset({"checkout@example.org"}) if day == 1 else frozenset()
        room.judge("commerce.orders")
        if day == _TAKEN_ON:
            acknowledge(room.store, 1, by=OWNER, clock=room.clock)


def _trouble_of(day: int) -> Mapping[str, Outcome]:
    """Return what is wrong on a day, counted back from today, which is 1."""
    late = _LATE if day % 17 in range(4) else {}
    return _TOLD.get(day, late)


def _result(clause: Clause, mishap: Mishap) -> Result:
    said = (outcome for end, outcome in mishap.said.items() if clause.key.endswith(end))
    outcome = Outcome.SKIPPED if clause.skipped else next(said, Outcome.PASSED)
    return Result(clause=clause, finding=_FINDINGS[outcome](clause, mishap))


def _kept(clause: Clause, mishap: Mishap) -> Finding:
    counted = clause.column is not None and clause.kind is not Kind.COLUMN_PRESENT
    rows = _ROWS if counted else None
    return Finding(outcome=Outcome.PASSED, rows=rows, failed_rows=0 if counted else None)


def _broken(clause: Clause, mishap: Mishap) -> Finding:
    count = mishap.failed_rows
    return Finding(
        outcome=Outcome.FAILED,
        measured=count,
        unit="rows",
        rows=_ROWS,
        failed_rows=count,
        reason=f"{count:,} of {_ROWS:,} rows are not {clause.threshold}",
        evidence=_evidence(clause),
    )


def _evidence(clause: Clause) -> Evidence:
    name = clause.column or "loaded_at"
    cells = ("EURO", "usd", "", None, "£", "<b>bold</b>", "EUR ")
    rows = tuple((f"ord_91f{n}c", cell, "2026-11-20 09:41", "web") for n, cell in enumerate(cells))
    return Evidence(
        columns=("order_id", name, "event_time", "source"),
        rows=rows,
        offending=(name,),
        masked=("source",) if clause.kind is Kind.ENUM else (),
    )


def _untold(clause: Clause, mishap: Mishap) -> Finding:
    return Finding(outcome=Outcome.ERRORED, reason=_UNREACHED)


def _skipped(clause: Clause, mishap: Mishap) -> Finding:
    return Finding(outcome=Outcome.SKIPPED, reason=clause.skipped)


_FINDINGS: Final[Mapping[Outcome, Callable[[Clause, Mishap], Finding]]] = {
    Outcome.PASSED: _kept,
    Outcome.FAILED: _broken,
    Outcome.ERRORED: _untold,
    Outcome.SKIPPED: _skipped,
}


@contextmanager
def _hold(claim: Claim) -> Iterator[None]:
    yield


def _no_secret(reference: str) -> str:
    return reference
