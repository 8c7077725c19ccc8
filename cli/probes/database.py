"""The database: is it there, does it fit this release, and what does the engine leave in it."""

from typing import Final

from cli.database import existing_engine
from cli.errors import Unready
from cli.probes.finding import Finding, State
from cli.times import instant
from runtime.clock import now
from runtime.settings import Settings
from store.clock import create_clock
from store.errors import StoreError
from store.migrate import pending
from store.migrate import revision as revision_of
from store.sql_store import SqlStore
from usecases.figures import Reading, read_figures
from usecases.health import Health, health

_OLD: Final = 300.0  # seconds that a run or a notice may wait before it is worth a word
_SKEWED: Final = 5.0  # seconds


def revision(settings: Settings) -> Finding:
    """Whether the database is of this release."""
    name = "database"
    try:
        engine = existing_engine(settings)
    except Unready as error:
        return Finding(name=name, state=State.WARN, detail=str(error))
    try:
        behind, found = pending(engine), revision_of(engine)
    except StoreError as error:
        return Finding(
            name=name,
            state=State.FAIL,
            detail=str(error),
            advice="see that the database runs and that ASSAY_DATABASE_URL leads to it",
        )
    finally:
        engine.dispose()
    if behind:
        return Finding(
            name=name, state=State.FAIL, detail="of another release", advice="run 'assay migrate'"
        )
    return Finding(name=name, state=State.OK, detail=f"of this release (schema {found})")


def heartbeats(settings: Settings) -> Finding:
    """Whether the parts that let time pass are alive, and notices get away."""
    try:
        engine = existing_engine(settings)
        store = SqlStore(engine)
        found, reading = health(store, clock=now), read_figures(store, now=now())
        engine.dispose()
    except (Unready, StoreError):
        return Finding(name="engine", state=State.WARN, detail="not known without a database")
    return _judge(found, reading)


def queue(settings: Settings) -> Finding:
    """Whether runs are taken up, and notices sent, soon after they are due."""
    try:
        engine = existing_engine(settings)
        reading = read_figures(SqlStore(engine), now=now())
        engine.dispose()
    except (Unready, StoreError):
        return Finding(name="queue", state=State.WARN, detail="not known without a database")
    slow = [words for words, age in _ages(reading).items() if age > _OLD]
    detail = f"{reading.queued:,} runs wait, {reading.running:,} are being judged"
    if reading.queued:
        detail += f", the oldest for {reading.queue_age:,.0f} s"
    if not slow:
        return Finding(name="queue", state=State.OK, detail=detail)
    return Finding(
        name="queue",
        state=State.WARN,
        detail=f"{detail}; late: {', '.join(slow)}",
        advice="see that a scheduler and workers run and reach the broker; add workers if all "
        "are busy",
    )


def clocks(settings: Settings) -> Finding:
    """Whether this machine's clock agrees with the database server's, which leases go by."""
    name = "clocks"
    try:
        engine = existing_engine(settings)
        skew = (create_clock(engine, now)() - now()).total_seconds()
        engine.dispose()
    except (Unready, StoreError):
        return Finding(name=name, state=State.WARN, detail="not known without a database")
    if settings.database.startswith("sqlite"):
        return Finding(name=name, state=State.OK, detail="one machine, one clock")
    detail = f"the database server is {abs(skew):.1f} s {'ahead' if skew > 0 else 'behind'}"
    if abs(skew) < _SKEWED:
        return Finding(name=name, state=State.OK, detail=detail)
    return Finding(
        name=name,
        state=State.WARN,
        detail=detail,
        advice="let NTP set the clocks of all machines: ages and signs of life are told wrong",
    )


def _ages(reading: Reading) -> dict[str, float]:
    return {
        "the queue": reading.queue_age,
        "schedules": reading.lateness,
        "notices": reading.outbox_age,
    }


def _judge(found: Health, reading: Reading) -> Finding:
    if not found.well:
        silent = ", ".join(
            f"{part} {'never' if at is None else 'last ' + instant(at)}"
            for part, at in found.silent.items()
        )
        return Finding(
            name="engine",
            state=State.WARN,
            detail=f"no sign of life: {silent}",
            advice="start the service with 'assay up', or a worker with 'assay worker'",
        )
    if found.dead_letters:
        return Finding(
            name="engine",
            state=State.WARN,
            detail=f"alive, but {found.dead_letters:,} notices were given up",
            advice="look at the incidents' pages for why, and at the mail server",
        )
    newest = min(reading.beats.values(), default=None)
    beat = "" if newest is None else f", last sign of life {newest:.0f} s ago"
    return Finding(name="engine", state=State.OK, detail=f"alive{beat}")
