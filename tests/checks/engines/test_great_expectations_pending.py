import operator

import pytest
import sqlalchemy as sa

from checks.engines.great_expectations.pending import NotYet, Pending


@pytest.mark.parametrize(
    "use",
    [
        bool,
        int,
        float,
        str,
        hash,
        lambda value: value + 1,
        lambda value: 1 - value,
        lambda value: 2 / value,
        lambda value: value // 2,
        lambda value: value > 0,
        lambda value: value == 0,
        operator.index,
        lambda value: sa.column("x") / value,
    ],
)
def test_a_promised_value_cannot_be_used(use):
    with pytest.raises(NotYet):
        use(Pending(lambda: None))


def test_a_promise_that_cannot_be_kept_tells_why():
    fault = ValueError("no such table")

    with pytest.raises(ValueError, match="no such table"):
        int(Pending(lambda: fault))
