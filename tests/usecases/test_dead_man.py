from datetime import timedelta

from store.sql_store import SqlStore
from tests.cast import NOON, Clock
from usecases.dead_man import Alarm, look_for_life
from usecases.figures import read_figures
from usecases.health import health

FIVE = timedelta(minutes=5)


class Telling:
    """Keeps what it is to say; reaches nobody while ``away``."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.said: list[bool] = []
        self.keys: list[str] = []
        self.away = False

    def say(self, alarm: Alarm) -> bool:
        if self.away:
            return False
        self.said.append(alarm.silent)
        self.keys.append(alarm.key)
        return True

    def look(self, **passed: float) -> Alarm | None:
        self.clock.pass_(**passed)
        now = self.clock()
        return look_for_life(self.store, self.say, patience=FIVE, since=NOON, now=now)

    def beat(self) -> None:
        self.clock.pass_(seconds=1)
        with self.store.write() as shelf:
            shelf.heartbeats.beat("engine", self.clock())


def test_an_outage_is_told_once_and_its_end_once(any_store: SqlStore, clock: Clock):
    telling = Telling(any_store, clock)
    telling.beat()

    telling.look(minutes=4)
    assert telling.said == []
    telling.look(minutes=1)
    telling.look(minutes=30)
    assert telling.said == [True]
    telling.beat()
    telling.look()
    telling.look(seconds=5)

    assert telling.said == [True, False]


def test_each_outage_has_a_key_of_its_own(store: SqlStore, clock: Clock):
    telling = Telling(store, clock)
    for _ in range(2):
        telling.beat()
        telling.look(minutes=6)
        telling.beat()
        telling.look()

    assert telling.said == [True, False, True, False]
    assert len(set(telling.keys)) == 4


def test_only_one_of_several_processes_tells(any_store: SqlStore, clock: Clock):
    one, other = Telling(any_store, clock), Telling(any_store, clock)
    one.beat()

    one.look(minutes=6)
    other.look()

    assert (one.said, other.said) == ([True], [])


def test_while_nobody_can_be_reached_it_is_tried_again(store: SqlStore, clock: Clock):
    telling = Telling(store, clock)
    telling.beat()
    telling.away = True
    telling.look(minutes=6)
    telling.away = False
    telling.look(seconds=15)
    telling.beat()
    telling.away = True
    telling.look()
    telling.away = False
    telling.look(seconds=1)

    assert telling.said == [True, False]


def test_an_engine_that_never_was_is_told_after_the_same_time(store: SqlStore, clock: Clock):
    telling = Telling(store, clock)

    assert telling.look(minutes=4) is None
    alarm = telling.look(minutes=1)

    assert alarm is not None
    assert alarm.last is None


def test_a_silence_from_before_this_process_began_is_none(store: SqlStore, clock: Clock):
    telling = Telling(store, clock)
    with store.write() as shelf:
        shelf.heartbeats.beat("engine", NOON - timedelta(days=2))

    assert telling.look(minutes=4) is None


def test_the_mark_of_an_alarm_is_no_sign_of_life(store: SqlStore, clock: Clock):
    telling = Telling(store, clock)
    telling.beat()
    telling.look(minutes=6)

    assert set(read_figures(store, now=clock()).beats) == {"engine"}
    assert "dead-man" not in health(store, clock=clock).silent
