import pytest

from checks.attempt import Fault, attempt


def test_what_works_is_returned():
    assert attempt(lambda: 7) == 7


def test_what_raises_is_a_fault_in_words():
    fault = attempt(lambda: 1 // 0)

    assert isinstance(fault, Fault)
    assert str(fault) == "ZeroDivisionError: integer division or modulo by zero"


def test_an_interruption_is_not_held_back():
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted)
