import pytest

from notifications.model import Disabled
from store.sql_store import SqlStore
from tests.store.anywhere import KINDS
from tests.store.build import HOUR, NOON

ANN = ("email", "ann@example.org")
BOB = ("email", "bob@example.org")
HOOK = ("webhook", "https://hooks.example.org/" + "x" * 1900)

pytestmark = pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)


def test_nobody_is_disabled_at_first(store_anywhere: SqlStore):
    with store_anywhere.read() as shelf:
        assert shelf.receivers.disabled([ANN, HOOK]) == {}
        assert shelf.receivers.disabled([]) == {}


def test_a_receiver_is_disabled_once_and_found_among_others(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        first = shelf.receivers.disable(ANN, error="gone", now=NOON)
        again = shelf.receivers.disable(ANN, error="gone still", now=NOON + HOUR)
        other = shelf.receivers.disable(HOOK, error="410", now=NOON)

    with store_anywhere.read() as shelf:
        found = shelf.receivers.disabled([ANN, BOB, HOOK])

    assert (first, again, other) == (True, False, True)
    assert found == {
        ANN: Disabled(since=NOON, error="gone"),
        HOOK: Disabled(since=NOON, error="410"),
    }


def test_the_same_target_on_another_channel_is_another_receiver(store_anywhere: SqlStore):
    pigeon = ("pigeon", ANN[1])
    with store_anywhere.write() as shelf:
        shelf.receivers.disable(ANN, error="gone", now=NOON)

        assert shelf.receivers.disabled([pigeon]) == {}
        assert shelf.receivers.enable([pigeon]) == 0
        assert list(shelf.receivers.disabled([ANN, pigeon])) == [ANN]


def test_enabling_leaves_the_others_disabled(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        shelf.receivers.disable(ANN, error="gone", now=NOON)
        shelf.receivers.disable(HOOK, error="410", now=NOON)

        assert shelf.receivers.enable([]) == 0
        assert shelf.receivers.enable([ANN, BOB]) == 1
        assert list(shelf.receivers.disabled([ANN, HOOK])) == [HOOK]
        assert shelf.receivers.disable(ANN, error="gone again", now=NOON + HOUR)
