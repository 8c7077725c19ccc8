from tests.api.guests import Guest, problem_of


def test_whoever_asks_is_told_who_they_are(owner: Guest, viewer: Guest):
    assert owner.get("/api/v1/me").json() == {"name": "olga", "role": "owner", "domain": "sales"}
    assert viewer.get("/api/v1/me").json()["domain"] == "*"


def test_nobody_is_told_nothing(nobody: Guest):
    assert problem_of(nobody.get("/api/v1/me")) == (401, "unauthenticated")
