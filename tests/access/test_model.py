from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.model import EVERYWHERE, Action, Principal, Role, Token

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DOMAINS = st.sampled_from(("*", "sales", "logistics"))


def token(*, expires: datetime | None = None, revoked: datetime | None = None) -> Token:
    return Token(
        id=1,
        principal=Principal(name="ci", role=Role.PRODUCER),
        prefix="assay_abcdefgh",
        created_at=NOON,
        expires_at=expires,
        revoked_at=revoked,
    )


@pytest.mark.parametrize("role", Role)
def test_everybody_may_read_everywhere(role: Role):
    assert Principal(name="x", role=role, domain="sales").may(Action.READ, "logistics")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONSUMER])
def test_readers_may_do_nothing_else(role: Role):
    holder = Principal(name="x", role=role)

    assert [action for action in Action if holder.may(action)] == [Action.READ]


def test_a_producer_does_not_see_evidence():
    holder = Principal(name="x", role=Role.PRODUCER, domain="sales")

    assert holder.may(Action.PUBLISH, "sales")
    assert not holder.may(Action.SEE_EVIDENCE, "sales")


def test_an_owner_answers_for_one_domain_alone():
    holder = Principal(name="x", role=Role.OWNER, domain="sales")

    assert holder.may(Action.MANAGE_INCIDENTS, "sales")
    assert not holder.may(Action.MANAGE_INCIDENTS, "logistics")
    assert not holder.may(Action.MANAGE_INCIDENTS)


@given(st.sampled_from(Role), st.sampled_from(Action), DOMAINS, DOMAINS)
def test_only_an_admin_administers_and_only_where_they_are_one(
    role: Role, action: Action, held: str, asked: str
):
    allowed = Principal(name="x", role=role, domain=held).may(action, asked)

    if action is Action.ADMINISTER:
        assert allowed == (role is Role.ADMIN and held in {EVERYWHERE, asked})
    if allowed and action is not Action.READ:
        assert held in {EVERYWHERE, asked}


@given(st.sampled_from(Action), DOMAINS, DOMAINS)
def test_a_higher_role_may_all_that_a_lower_one_may(action: Action, held: str, asked: str):
    allowed = [Principal(name="x", role=role, domain=held).may(action, asked) for role in Role]

    assert allowed == sorted(allowed)


def test_a_token_without_an_end_lives():
    assert token().live(NOON + timedelta(days=9999))


def test_a_token_dies_at_its_end():
    ending = token(expires=NOON)

    assert ending.live(NOON - timedelta(microseconds=1))
    assert not ending.live(NOON)


def test_a_revoked_token_opens_nothing():
    assert not token(revoked=NOON).live(NOON - timedelta(days=1))
