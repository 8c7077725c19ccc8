from hypothesis import given
from hypothesis import strategies as st

from access.secret import digest, make, matches, prefix


def test_a_secret_is_recognisable_and_new_each_time():
    one, other = make(), make()

    assert one != other
    assert one.startswith("assay_")
    assert len(one) == len("assay_") + 43


def test_what_may_be_shown_is_a_small_part():
    secret = make()

    assert secret.startswith(prefix(secret))
    assert len(prefix(secret)) == 14


@given(st.text(), st.text())
def test_only_the_secret_itself_matches(secret: str, other: str):
    assert matches(secret, digest(secret))
    assert matches(other, digest(secret)) == (secret == other)
