from dataclasses import replace

import pytest

from access.model import Principal, Role, Token
from store.errors import StoreConflict
from store.sql_store import SqlStore
from tests.store.build import HOUR, NOON

_ANN = Token(
    id=0,
    principal=Principal(name="ann", role=Role.OWNER, domain="sales"),
    prefix="assay_ab",
    created_at=NOON,
    expires_at=NOON + HOUR,
)


def test_a_token_is_found_by_the_beginning_of_its_secret(store: SqlStore):
    with store.write() as shelf:
        kept = shelf.tokens.add(_ANN, "digest")
        other = shelf.tokens.add(replace(_ANN, prefix="assay_cd"), "other")

    with store.read() as shelf:
        assert kept == replace(_ANN, id=kept.id)
        assert shelf.tokens.find("assay_ab") == ((kept, "digest"),)
        assert shelf.tokens.find("assay_zz") == ()
        assert shelf.tokens.all() == (kept, other)


def test_a_token_is_revoked_once(store: SqlStore):
    with store.write() as shelf:
        kept = shelf.tokens.add(_ANN, "digest")

        assert shelf.tokens.revoke(kept.id, now=NOON + HOUR)
        assert not shelf.tokens.revoke(kept.id, now=NOON + 2 * HOUR)
        assert not shelf.tokens.revoke(99, now=NOON)
        assert shelf.tokens.all() == (replace(kept, revoked_at=NOON + HOUR),)


def test_two_tokens_never_share_a_secret(store: SqlStore):
    with store.write() as shelf:
        shelf.tokens.add(_ANN, "digest")

    with pytest.raises(StoreConflict), store.write() as shelf:
        shelf.tokens.add(_ANN, "digest")
