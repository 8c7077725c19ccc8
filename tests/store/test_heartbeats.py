from store.sql_store import SqlStore
from tests.store.build import HOUR, NOON


def test_the_newest_sign_of_life_of_each_process_is_kept(store: SqlStore):
    with store.write() as shelf:
        shelf.heartbeats.beat("worker", NOON)
        shelf.heartbeats.beat("scheduler", NOON)
        shelf.heartbeats.beat("worker", NOON + HOUR)

    with store.read() as shelf:
        assert shelf.heartbeats.latest() == {"worker": NOON + HOUR, "scheduler": NOON}
