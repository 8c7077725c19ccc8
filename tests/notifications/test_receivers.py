import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.receivers import masked, spoken

HOOK = "https://hooks.example.org:8443/services/T0/B1/secret?key=x"


def test_a_masked_receiver_can_be_told_from_others():
    assert masked("email", "olga@example.org") == "o…@example.org"
    assert masked("webhook", HOOK) == "hooks.example.org/…"


def test_others_who_are_told_see_addresses_and_hosts():
    assert spoken("email", "olga@example.org") == "olga@example.org"
    assert spoken("webhook", HOOK) == "hooks.example.org (webhook)"


@pytest.mark.parametrize("target", ["", "https://[::1", "no url", "@"])
def test_what_is_no_target_is_masked_as_well(target: str):
    assert masked("webhook", target) == "/…"
    assert masked("email", target) in {"…@", "…@https://[::1", "…@no url"}


@given(st.text(min_size=2, alphabet="abc"), st.sampled_from(["email", "webhook", "slack"]))
def test_no_path_and_no_name_is_shown(secret: str, channel: str):
    target = f"{secret}@x.org" if channel == "email" else f"https://x.org/{secret}"

    assert f"/{secret}" not in masked(channel, target)
    assert f"{secret}@" not in masked(channel, target)
