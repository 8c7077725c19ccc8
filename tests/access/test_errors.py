import pytest

from access.errors import AccessError, Forbidden, Unauthenticated, require
from access.model import Action, Principal, Role


def test_who_may_passes():
    require(Principal(name="x", role=Role.ADMIN), Action.ADMINISTER)


def test_who_may_not_is_told_what_and_where():
    holder = Principal(name="ci", role=Role.PRODUCER, domain="sales")

    with pytest.raises(Forbidden) as caught:
        require(holder, Action.PUBLISH, "logistics")

    assert str(caught.value) == (
        "'ci' is a producer of domain 'sales' and may not publish in domain 'logistics'"
    )
    assert (caught.value.principal, caught.value.action) == (holder, Action.PUBLISH)


def test_who_may_not_anywhere_is_told_so():
    holder = Principal(name="ci", role=Role.VIEWER)

    with pytest.raises(AccessError, match="viewer everywhere and may not run in the service"):
        require(holder, Action.RUN)


def test_no_token_is_an_access_error():
    assert issubclass(Unauthenticated, AccessError)


def test_a_refusal_reads_as_a_sentence():
    error = Forbidden(
        Principal(name="olga", role=Role.OWNER, domain="sales"),
        Action.MANAGE_SCHEDULES,
        "logistics",
    )

    assert str(error) == (
        "'olga' is an owner of domain 'sales' and may not manage schedules in domain 'logistics'"
    )
