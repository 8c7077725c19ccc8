from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from store.clock import ServerClock, create_clock
from store.engine import create_store_engine
from store.errors import StoreUnavailable
from tests.sockets import free_port

SECOND = timedelta(seconds=1)


class Elapsed:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def wrong() -> datetime:
    return datetime(2000, 1, 1, tzinfo=UTC)


def test_on_sqlite_the_process_has_the_only_clock(engine: Engine):
    assert create_clock(engine, wrong) is wrong


@pytest.mark.enable_socket
def test_a_server_that_never_answered_gives_no_time():
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    clock = create_clock(create_store_engine(url), wrong)

    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            clock()


@pytest.mark.integration
@pytest.mark.enable_socket
class TestOnPostgresql:
    def test_the_server_tells_the_time_whatever_this_machine_says(self, server: Engine):
        told = create_clock(server, wrong)()

        assert told.utcoffset() == timedelta(0)
        assert abs(told - datetime.now(UTC)) < SECOND  # one machine here

    def test_it_is_asked_anew_after_a_while_and_elapsed_time_is_added_between(self, server: Engine):
        elapsed = Elapsed()
        clock = ServerClock(server, elapsed)

        first = clock()
        elapsed.seconds += 9
        between = clock()
        elapsed.seconds += 2
        anew = clock()

        assert between - first == timedelta(seconds=9)
        assert abs(anew - first) < 5 * SECOND  # no 11 s have passed on the server

    def test_while_the_server_is_away_the_last_answer_is_carried_on(
        self, server: Engine, monkeypatch: pytest.MonkeyPatch
    ):
        elapsed = Elapsed()
        clock = ServerClock(server, elapsed)
        first = clock()

        def gone(_: Engine) -> None:
            raise StoreUnavailable("gone")

        monkeypatch.setattr("store.clock.reading", gone)
        elapsed.seconds += 60

        assert clock() - first == timedelta(seconds=60)
