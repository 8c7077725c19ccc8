from dataclasses import replace

from contracts.clause import Kind
from contracts.values import Severity
from notifications.advice import likely
from tests.notifications.stories import ROWS, UNIQUE


def test_the_gravest_promise_says_where_to_look():
    assert likely([UNIQUE, ROWS]).startswith("Was something loaded twice?")


def test_a_change_of_shape_explains_what_else_is_broken():
    shape = replace(ROWS, kind=Kind.COLUMN_PRESENT, severity=Severity.HIGH)

    assert likely([UNIQUE, shape]).startswith("Did the shape of the delivery change?")


def test_a_shape_that_blocks_nothing_explains_nothing():
    shape = replace(ROWS, kind=Kind.EXTRA_COLUMNS, severity=Severity.LOW)

    assert likely([UNIQUE, shape]).startswith("Was something loaded twice?")


def test_nothing_is_made_up():
    assert likely([replace(ROWS, kind=Kind.SQL), replace(ROWS, kind=None)]) == ""
    assert likely([]) == ""
