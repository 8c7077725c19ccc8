import pytest

from api.problems import EXPECTED, describe
from contracts.timetable import Timetable
from runs.errors import InvalidTimetable


def test_every_expected_error_has_a_status_of_its_own():
    told = {error: describe.dispatch(error) for error in EXPECTED}

    assert describe.dispatch(Exception) not in told.values()


def test_a_timetable_that_cannot_be_followed_is_the_callers_fault():
    trouble = describe(InvalidTimetable(Timetable(cron="x"), "nonsense"))

    assert (trouble.status, trouble.code, trouble.title) == (
        422,
        "invalid-timetable",
        "Unprocessable Content",
    )


@pytest.mark.parametrize("error", [ValueError("secret"), KeyError("secret")])
def test_what_nobody_expects_is_told_without_its_text(error: Exception):
    trouble = describe(error)

    assert trouble.status == 500
    assert "secret" not in trouble.detail
