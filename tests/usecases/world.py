"""A small service for the tests of the verbs: a store, a clock, a judge, and what time does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from notifications.errors import DeliveryFailed
from notifications.model import Notice
from products.model import Connection
from runs.model import Claim
from store.sql_store import SqlStore
from tests.cast import ADMIN, ORDERS, Clock, Drawer, Judge
from usecases.connections import put_connection
from usecases.dispatch import dispatch
from usecases.execute_run import Executor, execute_run
from usecases.pace import Pace
from usecases.ports.service import Secrets
from usecases.publish import Published, publish
from usecases.reap import reap
from usecases.send_notices import send_notices
from usecases.tick import tick

URL = "https://assay.example.org"
LEASE = timedelta(seconds=30)


@dataclass
class World:
    store: SqlStore
    clock: Clock
    judge: Judge
    pace: Pace = field(default_factory=lambda: Pace(attempts=2))
    posted: list[Notice] = field(default_factory=list)
    broken_post: str = ""
    gone: set[tuple[str, str]] = field(default_factory=set)
    removed: set[tuple[str, str]] = field(default_factory=set)
    tried: list[tuple[str, str]] = field(default_factory=list)
    secrets: Secrets = field(default_factory=Drawer)

    def publish(self, text: str = ORDERS) -> Published:
        connection = Connection(name="lake", source="files", roots=(Path("/lake"),))
        put_connection(self.store, connection, by=ADMIN, clock=self.clock)
        return publish(self.store, text.encode(), by=ADMIN, clock=self.clock)

    def executor(self) -> Executor:
        return Executor(
            owner="test",
            judge=self.judge,
            secrets=self.secrets,
            hold=self._hold,
            lease=LEASE,
            public_url=URL,
            clock=self.clock,
        )

    def pass_time(self, seconds: float = 10) -> list[bool]:
        """Let time pass, tick, dispatch, execute what was dispatched, and send notices."""
        self.clock.pass_(seconds=seconds)
        tick(self.store, self.pace, now=self.clock())
        taken = self.drain()
        send_notices(self.store, self.post, clock=self.clock, url=URL)
        return taken

    def drain(self) -> list[bool]:
        sent: list[int] = []
        dispatch(self.store, sent.append, self.pace, clock=self.clock)
        return [execute_run(self.store, run_id, self.executor()) for run_id in sent]

    def reap(self) -> int:
        return reap(self.store, self.pace, url=URL, now=self.clock())

    def post(self, notice: Notice) -> None:
        self.tried.append(notice.receiver)
        if self.broken_post:
            raise DeliveryFailed(self.broken_post, permanent="gone" in self.broken_post)
        if (notice.channel, notice.target) in self.gone:
            raise DeliveryFailed("the receiver is gone", permanent=True)
        if notice.receiver in self.removed:
            raise DeliveryFailed("answered 410 Gone", gone=True)
        self.posted.append(notice)

    @contextmanager
    def _hold(self, claim: Claim) -> Iterator[None]:
        yield
