"""Look at a contract's schedule, let it stand still, let it tick again.

A paused schedule goes on counting: its instants go by without a run, so assurance falls as it does
whenever nobody judges, while a failure stands until data that passes replaces it. No pause can
raise a score. What was due meanwhile is up to the contract's policy for missed instants.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from access.errors import require
from access.model import Action, Principal
from access.record import AuditEvent
from runs.model import Pause, Schedule
from usecases.errors import NotFound
from usecases.events import schedule_event
from usecases.ports import Shelf, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whether a schedule shall stand still, and why; a pause needs a reason."""

    paused: bool
    reason: str = ""


def get_schedule(store: Store, contract_id: str, *, by: Principal) -> Schedule:
    """Return a contract's schedule.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such contract, or it has no schedule.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        return _find(shelf, contract_id)


def set_schedule(
    store: Store, contract_id: str, wish: Wish, *, by: Principal, clock: Callable[[], datetime]
) -> Schedule:
    """Pause or resume a contract's schedule; what is as wished already stays as it is.

    Raises:
        NotFound: there is no such contract, or it has no schedule.
        Forbidden: ``by`` does not own its domain.
    """
    with store.write() as shelf:
        shelf.contracts.lock(contract_id)
        now = clock()
        schedule = _find(shelf, contract_id)
        product = _owned(shelf, schedule, by)
        pause = Pause(at=now, by=by.name, reason=wish.reason) if wish.paused else None
        if _as_wished(schedule.pause, pause):
            return schedule
        changed = replace(schedule, pause=pause)
        shelf.schedules.pause(schedule, pause)
        shelf.audit.append(_audited(changed, wish, by, now))
        if schedule.paused != changed.paused:
            shelf.events.append(schedule_event(changed, product, by, now))
        return changed


def _as_wished(there: Pause | None, wished: Pause | None) -> bool:
    if there is None or wished is None:
        return there is wished
    return there.reason == wished.reason


def _owned(shelf: Shelf, schedule: Schedule, by: Principal) -> str | None:
    port = shelf.products.port_of(schedule.contract_id)
    product = None if port is None else shelf.products.get(port.product)
    require(by, Action.MANAGE_SCHEDULES, product.domain if product else "*")
    return product.key if product else None


def _audited(schedule: Schedule, wish: Wish, by: Principal, now: datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor=by.name,
        action="schedule.pause" if wish.paused else "schedule.resume",
        subject=f"contract/{schedule.contract_id}",
        detail=wish.reason,
    )


def _find(shelf: Shelf, contract_id: str) -> Schedule:
    schedule = shelf.schedules.of(contract_id)
    if schedule is not None:
        return schedule
    known = shelf.contracts.current(contract_id) is not None
    raise NotFound("schedule of contract" if known else "contract", contract_id)
