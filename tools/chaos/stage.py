"""Set the stage: databases, contracts, token, receiver, and the service by its own commands."""

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from sqlalchemy import Engine

from access.model import Principal, Role
from products.model import Connection
from runtime.clock import now
from runtime.settings import Settings, environment
from store.engine import create_store_engine
from store.migrate import migrate
from store.sql_store import SqlStore
from tools.chaos import servers
from tools.chaos.parts import Cast, Part
from tools.chaos.receiver import Receiver, listening
from tools.chaos.world import PROMISES, Lake
from usecases.connections import put_connection
from usecases.publish import publish
from usecases.tokens import create_token

LEASE: Final = 3.0  # seconds; the default is 30
ATTEMPTS: Final = 30  # more than a run can be killed: a lost run would be no fault of the service
_OPERATOR: Final = Principal(name="chaos", role=Role.ADMIN)
_BROKEN: Final = Path(__file__).parent / "broken"
_ASSAY: Final = Path(sys.executable).parent / "assay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A service that runs, and everything around it.

    Attributes:
        token: Opens the API.
        hooks: The receiver's address.
    """

    database: str
    url: str
    token: str
    engine: Engine
    cast: Cast
    lake: Lake
    receiver: Receiver
    hooks: str
    folder: Path

    @property
    def logs(self) -> tuple[Path, ...]:
        """What each part said."""
        return tuple(part.log for part in self.cast.parts.values())


@contextmanager
def stage(database: str, *, chance: random.Random, control: str | None) -> Iterator[Stage]:
    """Run the service while the block runs; at its end nothing of it is left.

    Args:
        database: ``sqlite`` or ``postgresql``.
        chance: The seeded choice of what the data and the receiver do.
        control: What is broken on purpose; None: nothing.

    Raises:
        Missing: a server that is needed is not installed.
    """
    with ExitStack() as ends:
        folder = Path(tempfile.mkdtemp(prefix="assay-chaos-"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o711)  # the database's own account must get through
        receiver = Receiver(random.Random(chance.random()))  # noqa: S311 - repeatable, no secret
        hooks = ends.enter_context(listening(receiver))
        cast = Cast()
        ends.callback(cast.stop)
        plain = environment(Settings())
        settings = _settings(folder, *_serve(cast, database, folder, plain), hooks)
        engine = create_store_engine(settings.database)
        ends.callback(engine.dispose)
        lake = Lake(folder / "lake", chance)
        token = _prepare(engine, lake, hooks)
        _enter(cast, folder, settings, control)
        yield Stage(
            database=database,
            url=settings.base_url,
            token=token,
            engine=engine,
            cast=cast,
            lake=lake,
            receiver=receiver,
            hooks=hooks,
            folder=folder,
        )


def _enter(cast: Cast, folder: Path, settings: Settings, control: str | None) -> None:
    given = environment(settings, PYTHONWARNINGS="ignore")
    if control is not None:
        given |= {"PYTHONPATH": str(_BROKEN), "CHAOS_CONTROL": control}
    for name, word in _COMMANDS.items():
        command = [str(_ASSAY), word]
        cast.start(Part(name=name, command=command, environment=given, folder=folder))


_COMMANDS: Final = {
    "api": "api",
    "scheduler-1": "scheduler",
    "scheduler-2": "scheduler",
    "worker-1": "worker",
    "worker-2": "worker",
}


def _serve(
    cast: Cast, database: str, folder: Path, plain: dict[str, str]
) -> tuple[str | None, str]:
    """Start the servers and return (the database's URL, None for SQLite; the broker's)."""
    part, broker = servers.redis(folder, plain)
    cast.start(part)
    url = None
    if database == "postgresql":
        part, url = servers.postgresql(folder, plain)
        cast.start(part)
        servers.await_postgresql(url)
    servers.await_redis(broker)
    return url, broker


def _settings(folder: Path, url: str | None, broker: str, hooks: str) -> Settings:
    return Settings(
        data=folder,
        database_url=None if url is None else SecretStr(url),
        broker_url=SecretStr(broker),
        port=servers.free_port(),
        concurrency=1,
        threads=1,
        lease_seconds=LEASE,
        attempts=ATTEMPTS,
        webhook_secret=SecretStr("chaos" * 8),
        webhook_allow="127.0.0.1",
        webhook_http=hooks.startswith("http:"),
        log_level="WARNING",
        log_format="json",
    )


def _prepare(engine: Engine, lake: Lake, hooks: str) -> str:
    """Make the database, publish every contract, and return a token."""
    migrate(engine)
    store = SqlStore(engine)
    place = Connection(name="local", source="files", roots=(lake.folder,))
    put_connection(store, place, by=_OPERATOR, clock=now)
    for promise in PROMISES:
        publish(store, promise.document(hooks), by=_OPERATOR, clock=now)
    holder = Principal(name="asker", role=Role.ADMIN)
    return create_token(store, holder, by=_OPERATOR, clock=now)[1]
