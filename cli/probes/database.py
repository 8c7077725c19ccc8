"""The database: is it there, does it fit this release, and what does the engine leave in it."""

from cli.database import existing_engine
from cli.errors import Unready
from cli.probes.finding import Finding, State
from cli.times import instant
from runtime.clock import now
from runtime.settings import Settings
from store.errors import StoreError
from store.migrate import pending
from store.sql_store import SqlStore
from usecases.health import Health, health


def revision(settings: Settings) -> Finding:
    """Whether the database is of this release."""
    name = "database"
    try:
        engine = existing_engine(settings)
    except Unready as error:
        return Finding(name=name, state=State.WARN, detail=str(error))
    try:
        behind = pending(engine)
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
    return Finding(name=name, state=State.OK, detail="of this release")


def heartbeats(settings: Settings) -> Finding:
    """Whether the parts that let time pass are alive, and notices get away."""
    try:
        engine = existing_engine(settings)
        found = health(SqlStore(engine), clock=now)
        engine.dispose()
    except (Unready, StoreError):
        return Finding(name="engine", state=State.WARN, detail="not known without a database")
    return _judge(found)


def _judge(found: Health) -> Finding:
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
    return Finding(name="engine", state=State.OK, detail="alive")
