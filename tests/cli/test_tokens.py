from datetime import UTC, datetime

import pytest

from tests.cli.fakes import token_document

SECRET = {"secret": "assay_secret"}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr("cli.tokens.now", lambda: NOON)


def test_a_secret_stands_alone_on_stdout(assay, service):
    made = token_document(**SECRET, expires_at="2026-12-20T12:00:00Z")
    service.says("POST", "/tokens", made, status=201)

    done = assay(
        "token", "create", "orders-team", "--role", "producer", "--domain", "sales", "--days", "30"
    )

    assert (done.status, done.out) == (0, "assay_secret\n")
    assert done.err == (
        "token 2: orders-team is producer in domain sales, until 2026-12-20 12:00:00 UTC. "
        "Shown only now.\n"
    )
    assert service.requests[0].content == (
        b'{"name":"orders-team","role":"producer","domain":"sales","lifetime_days":30}'
    )


def test_programs_get_token_and_secret(assay, service):
    made = token_document(**SECRET)
    service.says("POST", "/tokens", made, status=201)

    done = assay("token", "create", "x", "--role", "viewer", "--format", "json")

    assert done.document == made


def test_an_unknown_role_names_the_known_ones(assay):
    done = assay("token", "create", "x", "--role", "king")

    assert done.status == 2
    assert '"viewer", "consumer", "producer", "owner", "admin"' in done.err


def test_tokens_are_listed_with_what_they_still_open(assay, service):
    tokens = [
        token_document(),
        token_document(id=3, expires_at="2026-11-20T11:00:00Z"),
        token_document(id=4, expires_at="2026-11-20T13:00:00Z"),
        token_document(id=15, revoked_at="2026-11-20T10:00:00Z"),
    ]
    service.says("GET", "/tokens", {"items": tokens})

    done = assay("token", "list")

    assert done.status == 0
    assert (
        done.out
        == """\
id  name         role      domain  begins with      state
 2  orders-team  producer  sales   assay_abcdefgh…  for ever
 3  orders-team  producer  sales   assay_abcdefgh…  expired 2026-11-20 11:00:00 UTC
 4  orders-team  producer  sales   assay_abcdefgh…  until 2026-11-20 13:00:00 UTC
15  orders-team  producer  sales   assay_abcdefgh…  revoked 2026-11-20 10:00:00 UTC
"""
    )


def test_a_token_is_closed(assay, service):
    service.says("DELETE", "/tokens/2")

    assert assay("token", "revoke", "2").out == "token 2 opens nothing any more\n"
    assert assay("token", "revoke", "2", "--format", "json").document == {
        "id": 2,
        "revoked": True,
    }


@pytest.mark.usefixtures("store")
def test_whoever_owns_the_files_needs_no_token(assay, tmp_path):
    folder = ["--data", str(tmp_path)]

    made = assay("token", "create", "me", "--role", "admin", *folder)
    listed = assay("token", "list", *folder, "--format", "json").document["items"]
    closed = assay("token", "revoke", "1", *folder)
    again = assay("token", "revoke", "1", *folder)

    assert made.out.startswith("assay_")
    assert made.err == "token 1: me is admin everywhere, for ever. Shown only now.\n"
    assert [token["name"] for token in listed] == ["me"]
    assert closed.status == 0
    assert (again.status, again.err) == (2, "assay: there is no open token '1'\n")


@pytest.mark.usefixtures("store")
def test_a_token_of_the_folder_can_expire(assay, tmp_path):
    done = assay(
        "token", "create", "me", "--role", "admin", "--days", "1", "--data", str(tmp_path),
        "--format", "json",
    )  # fmt: skip

    assert done.document["expires_at"] == "2026-11-21T12:00:00Z"


def test_a_folder_without_a_database_is_left_as_it_is(assay, tmp_path):
    done = assay("token", "list", "--data", str(tmp_path))

    assert (done.status, done.out) == (4, "")
    assert done.err == (
        f"assay: no database at {tmp_path / 'assay.db'}; 'assay up' or 'assay migrate' makes one\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_first_token_is_made_in_the_database_that_the_settings_name(
    assay, store, tmp_path, monkeypatch
):
    monkeypatch.setenv("ASSAY_DATABASE_URL", f"sqlite:///{tmp_path / 'assay.db'}")

    made = assay("token", "create", "admin", "--role", "admin", "--local")
    listed = assay("token", "list", "--local", "--format", "json")

    assert made.status == 0
    assert made.out.startswith("assay_")
    assert [token["name"] for token in listed.document["items"]] == ["admin"]
