from datetime import timedelta
from pathlib import Path

import pytest

from access.errors import Forbidden, Unauthenticated
from access.model import Principal, Role
from store.sql_store import SqlStore
from tests.cast import ADMIN, OWNER, VIEWER, Clock
from usecases.errors import NotFound
from usecases.tokens import authenticate, create_token, list_tokens, revoke_token


def test_a_secret_opens_the_door_for_its_holder(store: SqlStore, clock: Clock):
    _, secret = create_token(store, OWNER, by=ADMIN, clock=clock)

    assert authenticate(store, secret, clock=clock) == OWNER


def test_the_secret_is_kept_nowhere(store: SqlStore, clock: Clock, tmp_path: Path):
    _, secret = create_token(store, OWNER, by=ADMIN, clock=clock)

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("assay.db*"))
    assert OWNER.name.encode() in kept
    assert secret.encode() not in kept
    assert list_tokens(store, by=ADMIN)[0].prefix == secret[:14]


def test_a_wrong_secret_opens_nothing(store: SqlStore, clock: Clock):
    _, secret = create_token(store, OWNER, by=ADMIN, clock=clock)

    for wrong in (secret[:-1], secret + "x", secret.swapcase(), ""):
        with pytest.raises(Unauthenticated):
            authenticate(store, wrong, clock=clock)


def test_a_token_ends_with_its_lifetime(store: SqlStore, clock: Clock):
    _, secret = create_token(store, VIEWER, by=ADMIN, lifetime=timedelta(days=1), clock=clock)
    authenticate(store, secret, clock=clock)

    clock.pass_(days=1)

    with pytest.raises(Unauthenticated):
        authenticate(store, secret, clock=clock)


def test_a_revoked_token_opens_nothing_and_cannot_be_revoked_again(store: SqlStore, clock: Clock):
    token, secret = create_token(store, VIEWER, by=ADMIN, clock=clock)

    revoke_token(store, token.id, by=ADMIN, clock=clock)

    with pytest.raises(Unauthenticated):
        authenticate(store, secret, clock=clock)
    with pytest.raises(NotFound, match="no open token '1'"):
        revoke_token(store, token.id, by=ADMIN, clock=clock)


def test_only_an_administrator_of_the_whole_service_deals_with_tokens(
    store: SqlStore, clock: Clock
):
    half = Principal(name="half", role=Role.ADMIN, domain="sales")

    for stranger in (OWNER, VIEWER, half):
        with pytest.raises(Forbidden):
            create_token(store, ADMIN, by=stranger, clock=clock)
        with pytest.raises(Forbidden):
            list_tokens(store, by=stranger)
        with pytest.raises(Forbidden):
            revoke_token(store, 1, by=stranger, clock=clock)


def test_what_was_done_is_in_the_audit_log(store: SqlStore, clock: Clock):
    token, _ = create_token(store, VIEWER, by=ADMIN, clock=clock)
    revoke_token(store, token.id, by=ADMIN, clock=clock)

    with store.read() as shelf:
        events = [event for event, _ in shelf.audit.all()]
    assert [(event.action, event.actor) for event in events] == [
        ("token.create", "ada"),
        ("token.revoke", "ada"),
    ]
