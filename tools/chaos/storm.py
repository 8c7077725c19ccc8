"""One storm: start the service, ask for runs while faults strike, wait for quiet, and count."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import Connection, func, or_, select, update

from notifications.model import NoticeState
from runs.model import RunState
from runtime.clock import now
from store.engine import reading, writing
from store.errors import StoreError
from store.tables.feed import KEY
from store.tables.judging import RUN, SCHEDULE
from store.tables.trouble import NOTICE
from tools.chaos.asking import Asker
from tools.chaos.count import Amounts, Faulty, Seen, amounts, count
from tools.chaos.faults import Faults
from tools.chaos.stage import Stage, stage

_READY: Final = 90.0  # seconds until the service has judged its first runs
_QUIET: Final = 180.0  # seconds until it is at rest
_GAP: Final = (0.4, 1.4)  # seconds between two faults
_LOOK: Final = 0.1
_TURNS: Final = 0.8  # share of looks at which some file turns bad or good
_VICTIM: Final = 20.0  # seconds to wait for somebody whom a fault can harm
_PRESS: Final = 2.0  # seconds between two looks at what waits in the outbox
_FRESH: Final = timedelta(seconds=12)  # a sender that said nothing for so long is taken for dead
_CRASHED: Final = timedelta(seconds=61)  # after this a key's attempt counts as dead
_ENDED: Final = tuple(state.value for state in RunState if state.terminal)
_WAITING: Final = (NoticeState.QUEUED.value, NoticeState.RETRY.value)


class Unready(Exception):
    """The service did not come up, or did not come to rest; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for.

    Attributes:
        control: What is broken on purpose; None: nothing.
    """

    database: str
    runs: int
    faults: int
    seed: int
    control: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a storm did and what came of it."""

    order: Order
    done: Mapping[str, int]
    accepted: int
    turned_away: Mapping[int, int]
    fell: int
    amounts: Amounts
    faulty: Faulty
    restless: str
    seconds: float

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled or wrong."""
        return not self.faulty.total


def storm(order: Order) -> Outcome:
    """Let it blow, and count. Takes about a second a fault, and what starting and ending take.

    Raises:
        Missing: a server that is needed is not installed.
        Unready: the service did not come up.
    """
    began = time.monotonic()
    chance = random.Random(order.seed)  # noqa: S311 - repeatable, no secret
    with stage(order.database, chance=chance, control=order.control) as here:
        _await_ready(here)
        faults = Faults(here, chance, only=_ONLY.get(order.control or "", ("",)))
        seconds = order.faults * sum(_GAP) / 2
        asker = Asker(here.url, here.token, runs=order.runs, seconds=seconds, seed=order.seed)
        asker.start()
        _blow(here, faults, chance, order.faults)
        restless = _calm(here, asker)
        seen = Seen(asked=asker.asked, deliveries=here.receiver.deliveries, logs=here.logs)
        with reading(here.engine) as connection:
            found = count(connection, seen)
            much = amounts(connection, seen)
        return Outcome(
            order=order,
            done=dict(sorted(faults.done.items())),
            accepted=len(asker.asked.accepted),
            turned_away=asker.asked.turned_away,
            fell=here.cast.fell,
            amounts=much,
            faulty=found,
            restless=restless,
            seconds=time.monotonic() - began,
        )


# A control is caught by what it breaks: others' faults would only make its storm longer.
_ONLY: Final = {"fence": ("freeze worker",), "outbox": ("kill worker",), "begin": ("kill api",)}


def _await_ready(here: Stage) -> None:
    deadline = time.monotonic() + _READY
    while time.monotonic() < deadline:
        here.cast.look()
        if _answers(f"{here.url}/health/ready") and _some_ended(here):
            return
        time.sleep(_LOOK)
    last = {log.name: log.read_text(errors="replace")[-600:] for log in here.logs}
    raise Unready(f"no run ended within {_READY:.0f} s; the parts said last: {last}")


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False


def _some_ended(here: Stage) -> bool:
    with reading(here.engine) as connection:
        ended = select(func.count()).select_from(RUN).where(RUN.c.state.in_(_ENDED))
        return connection.execute(ended).scalar_one() > 0


def _blow(here: Stage, faults: Faults, chance: random.Random, number: int) -> None:
    pressed = time.monotonic()
    for _ in range(number):
        deadline = time.monotonic() + _VICTIM
        struck = False
        while not struck and time.monotonic() < deadline:
            _pass(here, chance, chance.uniform(*_GAP))
            struck = faults.strike()
        if time.monotonic() - pressed > _PRESS:
            pressed = time.monotonic()
            _press(here)


def _pass(here: Stage, chance: random.Random, seconds: float) -> None:
    """Let time pass, in which files turn bad and good and what is down comes back."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        here.cast.look()
        if chance.random() < _TURNS:
            here.lake.turn()
        time.sleep(_LOOK)


def _calm(here: Stage, asker: Asker) -> str:
    """End the faults and wait for rest; returns what would not come to rest, empty if all did."""
    deadline = time.monotonic() + _QUIET
    here.receiver.failing.clear()
    here.receiver.reliable.set()
    for part in here.cast.parts.values():
        if part.thaw_at is not None:
            part.wake()
    _await_all_up(here, deadline)
    while asker.asking and time.monotonic() < deadline:
        here.cast.look()
        _press(here)
        time.sleep(_LOOK * 3)
    asker.finish(deadline)
    _pause(here, deadline)
    still = "unknown"
    while still and time.monotonic() < deadline:
        here.cast.look()
        _press(here)
        time.sleep(_LOOK * 3)
        still = _moving(here)
    return still


def _await_all_up(here: Stage, deadline: float) -> None:
    while time.monotonic() < deadline:
        here.cast.look()
        if all(part.awake for part in here.cast.parts.values()):
            return
        time.sleep(_LOOK)


def _pause(here: Stage, deadline: float) -> None:
    """Let every schedule stand still, so that there is an end to wait for."""
    still = update(SCHEDULE).values(paused=True, paused_at=now(), paused_by="chaos")
    while time.monotonic() < deadline:
        try:
            with writing(here.engine) as connection:
                connection.execute(still)
        except StoreError:
            here.cast.look()
            time.sleep(_LOOK)
        else:
            return


def _press(here: Stage) -> None:
    """Make due at once what would be tried again in a minute or more: no storm waits that long.

    What a dead sender or a dead API left behind is given up as soon as nobody can be at it. While a
    part is frozen nothing is written from here: it may hold what a writer waits for, and is woken
    from here.
    """
    if any(part.thaw_at is not None for part in here.cast.parts.values()):
        return
    moment = now()
    later = update(NOTICE).where(NOTICE.c.state.in_(_WAITING), NOTICE.c.due_at > moment)
    dead = update(NOTICE).where(
        NOTICE.c.state == NoticeState.SENDING.value,
        NOTICE.c.lease_until > moment,
        NOTICE.c.lease_until < moment + timedelta(seconds=120) - _FRESH,
    )
    given_up = update(KEY).where(KEY.c.status.is_(None), KEY.c.claimed_at < moment - _FRESH)
    try:
        with writing(here.engine) as connection:
            connection.execute(given_up.values(claimed_at=moment - _CRASHED))
            connection.execute(later.values(due_at=moment))
            connection.execute(dead.values(lease_until=moment))
    except StoreError:  # its database is down at the moment: the next look will do
        return


def _moving(here: Stage) -> str:
    try:
        with reading(here.engine) as connection:
            return _open(connection)
    except StoreError as error:
        return str(error)


def _open(connection: Connection) -> str:
    runs = select(func.count()).select_from(RUN).where(RUN.c.state.not_in(_ENDED))
    sending = NOTICE.c.state == NoticeState.SENDING.value
    waiting = or_(NOTICE.c.state.in_(_WAITING), sending)
    notices = select(func.count()).select_from(NOTICE).where(waiting)
    left = (connection.execute(runs).scalar_one(), connection.execute(notices).scalar_one())
    return "" if left == (0, 0) else f"{left[0]} runs, {left[1]} notices"
