"""Count what went wrong, from the database, the receiver's log and what the API promised."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select

from incidents.model import BreachState, IncidentState
from incidents.step import Change
from notifications.model import NoticeState
from runs.model import RunState
from store.tables.feed import HAPPENED
from store.tables.judging import RESULT, RUN
from store.tables.promise import CHANNEL, PORT
from store.tables.trouble import BREACH, EVENT, INCIDENT, NOTICE
from tools.chaos.asking import Asked
from tools.chaos.instants import doubled_instants, forgotten_instants
from tools.chaos.receiver import Delivery
from tools.chaos.scores import baseless, wrong_scores

_ENDED: Final = tuple(state.value for state in RunState if state.terminal)
_OVER: Final = (NoticeState.SENT.value, NoticeState.WITHDRAWN.value)
_TOLD: Final = tuple(change.value for change in Change if change.told)
_OPENS: Final = (Change.OPENED.value, Change.REOPENED.value)
_LOCKED: Final = ("database is locked", "another process has been writing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """How often a promise of the service was broken. All of it must be 0."""

    unfinished: int = field(metadata={"says": "accepted without terminal verdict"})
    recorded_twice: int = field(metadata={"says": "runs recorded twice"})
    asked_twice: int = field(metadata={"says": "requests with one key that made more runs"})
    fired_twice: int = field(metadata={"says": "instants fired twice"})
    never_fired: int = field(metadata={"says": "instants never fired, and not recorded as missed"})
    untold: int = field(metadata={"says": "incidents moved without a notice in the outbox"})
    unsent: int = field(metadata={"says": "notices never sent"})
    not_received: int = field(metadata={"says": "notices sent that the receiver never saw"})
    repeated: int = field(metadata={"says": "notices repeated under another key"})
    doubled_incidents: int = field(metadata={"says": "incidents or breaches doubled"})
    wrong_scores: int = field(metadata={"says": "scores that differ from a recomputation"})
    baseless: int = field(metadata={"says": "greens without a verdict"})
    locked: int = field(metadata={"says": "writers that SQLite turned away"})

    @property
    def total(self) -> int:
        """All of it."""
        return sum(asdict(self).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known beside the database."""

    asked: Asked
    deliveries: Sequence[Delivery]
    logs: Sequence[Path]


def count(connection: Connection, seen: Seen) -> Faulty:
    """Count everything; the service must be at rest, its schedules paused."""
    taken = {(one.path, one.key) for one in seen.deliveries if one.taken}
    notices = connection.execute(select(NOTICE.c.key, NOTICE.c.target, NOTICE.c.state)).all()
    known = {(urlsplit(target).path, key) for key, target, _ in notices}
    sent = {(urlsplit(row.target).path, row.key) for row in notices if row.state == "sent"}
    return Faulty(
        unfinished=_unfinished(connection, seen.asked),
        recorded_twice=_recorded_twice(connection),
        asked_twice=len(seen.asked.differing),
        fired_twice=doubled_instants(connection),
        never_fired=forgotten_instants(connection),
        untold=_untold(connection, [row.key for row in notices]),
        unsent=sum(row.state not in _OVER for row in notices),
        not_received=len(sent - taken),
        repeated=_repeated(seen.deliveries, known),
        doubled_incidents=_doubled_incidents(connection) + _doubled_breaches(connection),
        wrong_scores=wrong_scores(connection),
        baseless=baseless(connection),
        locked=locked(seen.logs),
    )


def _unfinished(connection: Connection, asked: Asked) -> int:
    """Runs that never ended, and runs that were promised and are not there."""
    states: Mapping[int, str] = dict(connection.execute(select(RUN.c.id, RUN.c.state)).all())
    open_ = sum(state not in _ENDED for state in states.values())
    return open_ + sum(run not in states for runs in asked.accepted.values() for run in runs)


def _recorded_twice(connection: Connection) -> int:
    """Runs with more than one end in the feed of events, or two results of one clause."""
    ends = connection.execute(
        select(HAPPENED.c.subject).where(HAPPENED.c.kind == "run.finished")
    ).scalars()
    answers = connection.execute(select(RESULT.c.run_id, RESULT.c.clause_id, RESULT.c.segment))
    return _surplus(ends) + _surplus(tuple(row) for row in answers)


def _untold(connection: Connection, keys: Sequence[str]) -> int:
    """Steps of incidents that are to be told, for which some receiver has no notice."""
    steps = connection.execute(
        select(EVENT.c.incident_id, EVENT.c.kind, INCIDENT.c.product)
        .join(INCIDENT, INCIDENT.c.id == EVENT.c.incident_id)
        .where(EVENT.c.kind.in_(_TOLD))
    ).all()
    receivers = Counter(
        connection.execute(
            select(PORT.c.product)
            .join(CHANNEL, CHANNEL.c.port_id == PORT.c.id)
            .group_by(PORT.c.product, CHANNEL.c.kind, CHANNEL.c.target)
        ).scalars()
    )
    wanted: Counter[str] = Counter()
    for incident, kind, product in steps:
        wanted[f"incident:{incident}:{kind}"] += receivers[product]
    there = Counter(key.rpartition(":")[0] for key in keys)
    return sum((wanted - there).values())


def _repeated(deliveries: Sequence[Delivery], known: set[tuple[str, str]]) -> int:
    """Deliveries whose header does not say what the message says, or that no outbox knows."""
    return sum(one.key != one.event or (one.path, one.key) not in known for one in deliveries)


def _doubled_incidents(connection: Connection) -> int:
    """Incidents that opened while another of the same product and kind was open."""
    steps = connection.execute(
        select(INCIDENT.c.product, INCIDENT.c.kind, EVENT.c.incident_id, EVENT.c.kind.label("step"))
        .join(INCIDENT, INCIDENT.c.id == EVENT.c.incident_id)
        .where(EVENT.c.kind.in_(_TOLD))
        .order_by(EVENT.c.id)
    )
    open_: dict[tuple[str, str], int] = {}
    doubled = 0
    for product, kind, _, step in steps:
        before = open_.get((product, kind), 0)
        doubled += step in _OPENS and before > 0
        open_[product, kind] = 1 if step in _OPENS else 0
    return doubled + _several_open(connection)


def _several_open(connection: Connection) -> int:
    states = [state.value for state in IncidentState if state.open]
    rows = connection.execute(
        select(INCIDENT.c.product, INCIDENT.c.kind).where(INCIDENT.c.state.in_(states))
    )
    return _surplus(tuple(row) for row in rows)


def _doubled_breaches(connection: Connection) -> int:
    states = [state.value for state in BreachState if state.open]
    rows = connection.execute(select(BREACH.c.fingerprint).where(BREACH.c.state.in_(states)))
    born = connection.execute(select(BREACH.c.fingerprint, BREACH.c.opened_at))
    return _surplus(rows.scalars()) + _surplus(tuple(row) for row in born)


def locked(logs: Iterable[Path]) -> int:
    """Lines in which a process says that SQLite, or the ticket before it, turned it away."""
    said = 0
    for log in logs:
        with log.open(errors="replace") as lines:
            said += sum(any(word in line for word in _LOCKED) for line in lines)
    return said


def _surplus(found: Iterable[object]) -> int:
    """How many there are beyond one of each."""
    return sum(count - 1 for count in Counter(found).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much there was to go wrong."""

    runs: int
    taken_again: int
    lost: int
    results: int
    incidents: int
    steps_told: int
    deliveries: int
    repeats: int


def amounts(connection: Connection, seen: Seen) -> Amounts:
    """Count what was done."""

    def number(table: object, *conditions: object) -> int:
        wanted = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
        return connection.execute(wanted).scalar_one()

    return Amounts(
        runs=number(RUN),
        taken_again=number(RUN, RUN.c.attempt > 1),
        lost=number(RUN, RUN.c.state == RunState.LOST.value),
        results=number(RESULT),
        incidents=number(INCIDENT),
        steps_told=number(EVENT, EVENT.c.kind.in_(_TOLD)),
        deliveries=len(seen.deliveries),
        repeats=_surplus((one.path, one.key) for one in seen.deliveries if one.taken),
    )
