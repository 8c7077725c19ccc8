import threading
from datetime import timedelta, timezone

from sqlalchemy import Engine, select

from access.record import GENESIS, AuditEvent, chain
from store.engine import reading
from store.sql_store import SqlStore
from store.tables.door import AUDIT
from tests.store.build import HOUR, NOON

_FIRST = AuditEvent(at=NOON, actor="ann", action="contract.publish", subject="contract/orders")
_SECOND = AuditEvent(
    at=NOON + HOUR, actor="bob", action="token.create", subject="token/1", detail="viewer"
)


def test_events_are_chained_in_the_order_in_which_they_came(store: SqlStore):
    with store.write() as shelf:
        shelf.audit.append(_FIRST)
    with store.write() as shelf:
        shelf.audit.append(_SECOND)

    first = chain(GENESIS, _FIRST)
    with store.read() as shelf:
        assert shelf.audit.all() == ((_FIRST, first), (_SECOND, chain(first, _SECOND)))


def test_the_chain_holds_whatever_zone_the_time_came_in(store: SqlStore):
    abroad = AuditEvent(
        at=NOON.astimezone(timezone(timedelta(hours=5))), actor="ann", action="a", subject="s"
    )
    with store.write() as shelf:
        shelf.audit.append(abroad)

    with store.read() as shelf:
        ((event, digest),) = shelf.audit.all()
    assert digest == chain(GENESIS, event)


def test_each_event_names_the_one_before(store: SqlStore, engine: Engine):
    with store.write() as shelf:
        shelf.audit.append(_FIRST)
        shelf.audit.append(_SECOND)

    with reading(engine) as connection:
        rows = connection.execute(select(AUDIT.c.previous, AUDIT.c.hash).order_by(AUDIT.c.id)).all()
    assert [row.previous for row in rows] == [GENESIS, rows[0].hash]


def test_an_empty_log_is_empty(store: SqlStore):
    with store.read() as shelf:
        assert shelf.audit.all() == ()


def test_entries_of_many_writers_are_one_chain(any_store: SqlStore):
    def write(name: int) -> None:
        for number in range(8):
            with any_store.write() as shelf:
                shelf.audit.append(AuditEvent(at=NOON, actor=f"{name}", action="a", subject="s"))
                shelf.heartbeats.beat(f"{name}", NOON + timedelta(seconds=number))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with any_store.read() as shelf:
        rows = shelf.audit.all()
    previous = GENESIS
    for entry, hashed in rows:
        assert hashed == (previous := chain(previous, entry))
    assert len(rows) == 4 * 8
