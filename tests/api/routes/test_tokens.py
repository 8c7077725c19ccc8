from datetime import timedelta

import pytest
from fastapi import FastAPI

from tests.api.guests import Guest, problem_of
from tests.cast import NOON, Clock

TOKENS = "/api/v1/tokens"


def test_a_new_token_opens_what_its_role_may(admin: Guest, app: FastAPI):
    wanted = {"name": "new", "role": "producer", "domain": "sales"}

    made = admin.post(TOKENS, json=wanted)

    assert made.status_code == 201
    guest = Guest(app, made.json()["secret"])
    assert guest.get("/api/v1/products").status_code == 200
    assert guest.get(TOKENS).status_code == 403


def test_a_secret_is_shown_once_only(admin: Guest):
    secret = admin.post(TOKENS, json={"name": "new", "role": "viewer"}).json()["secret"]

    assert secret not in admin.get(TOKENS).text
    assert secret.startswith(admin.get(TOKENS).json()["items"][-1]["prefix"])


def test_a_token_expires(admin: Guest, app: FastAPI, clock: Clock):
    made = admin.post(TOKENS, json={"name": "new", "role": "viewer", "lifetime_days": 1}).json()
    guest = Guest(app, made["secret"])

    before = guest.get("/api/v1/products").status_code
    clock.now = NOON + timedelta(days=1)
    after = guest.get("/api/v1/products").status_code

    assert made["expires_at"] == "2026-11-21T12:00:00Z"
    assert (before, after) == (200, 401)


def test_a_closed_token_opens_nothing(admin: Guest, viewer: Guest):
    token = admin.get(TOKENS).json()["items"][-1]["id"]

    closed = admin.delete(f"{TOKENS}/{token}")

    assert closed.status_code == 204
    assert not closed.content
    assert viewer.get("/api/v1/products").status_code == 401
    assert problem_of(admin.delete(f"{TOKENS}/{token}")) == (404, "not-found")


@pytest.mark.parametrize(
    "body",
    [{"name": "x", "role": "king"}, {"name": "", "role": "admin"}, {"role": "admin"}],
)
def test_a_body_of_another_shape_is_refused(admin: Guest, body):
    assert problem_of(admin.post(TOKENS, json=body)) == (422, "invalid-request")


def test_only_administrators_deal_with_tokens(owner: Guest):
    assert problem_of(owner.get(TOKENS)) == (403, "forbidden")
    assert problem_of(owner.post(TOKENS, json={"name": "x", "role": "admin"})) == (403, "forbidden")
    assert problem_of(owner.delete(f"{TOKENS}/1")) == (403, "forbidden")


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "\x7f", "\u2028", "\u202egip", ""])
@pytest.mark.parametrize("name", ["name", "domain"])
def test_names_hold_nothing_that_cannot_be_seen(admin: Guest, name: str, text: str):
    wanted = {"name": "bob", "role": "viewer", "domain": "sales", name: text}

    assert problem_of(admin.post("/api/v1/tokens", json=wanted)) == (422, "invalid-request")


def test_a_name_may_be_in_any_script(admin: Guest):
    wanted = {"name": "Żółć 数据 team", "role": "viewer"}

    assert admin.post("/api/v1/tokens", json=wanted).status_code == 201
