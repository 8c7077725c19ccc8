from store.sql_store import SqlStore
from tests.store.build import HOUR, NOON


def test_the_newest_sign_of_life_of_each_process_is_kept(store: SqlStore):
    with store.write() as shelf:
        shelf.heartbeats.beat("worker", NOON)
        shelf.heartbeats.beat("scheduler", NOON)
        shelf.heartbeats.beat("worker", NOON + HOUR)

    with store.read() as shelf:
        assert shelf.heartbeats.latest() == {"worker": NOON + HOUR, "scheduler": NOON}


def test_only_the_first_to_begin_something_began_it(any_store: SqlStore):
    with any_store.write() as shelf:
        began = [shelf.heartbeats.begin("alarm", NOON), shelf.heartbeats.begin("alarm", NOON)]
        ended = [shelf.heartbeats.end("alarm"), shelf.heartbeats.end("alarm")]

    assert (began, ended) == ([True, False], [True, False])
