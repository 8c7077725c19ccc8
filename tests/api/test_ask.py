import pytest

from api.ask import COOKIE
from runtime.settings import Settings
from tests.api.guests import Guest, problem_of
from tests.usecases.world import World

SAME = {"Sec-Fetch-Site": "same-origin"}
RUNS = "/api/v1/products/sales.orders/runs"


@pytest.fixture
def settings() -> Settings:
    return Settings(public_url="https://assay.example.org/")


def test_a_cookie_opens_what_its_token_opens(viewer: Guest):
    assert viewer.in_browser().get("/api/v1/products").status_code == 200


def test_a_token_that_is_unknown_opens_nothing(nobody: Guest):
    nobody.cookies.set(COOKIE, "assay_invented")

    assert problem_of(nobody.get("/api/v1/products")) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "headers",
    [
        SAME,
        {"Origin": "http://testserver"},
        {"Origin": "https://assay.example.org"},
    ],
)
def test_a_change_by_cookie_from_our_own_page_is_done(world: World, producer: Guest, headers):
    world.publish()

    answer = producer.in_browser().post(RUNS, headers=headers)

    assert answer.status_code == 202


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_change_by_cookie_from_elsewhere_is_refused(world: World, producer: Guest, headers):
    world.publish()

    answer = producer.in_browser().post(RUNS, headers=headers)

    assert problem_of(answer) == (403, "cross-site")


def test_a_bearer_is_bound_to_no_origin(world: World, producer: Guest):
    world.publish()

    assert producer.post(RUNS, headers={"Origin": "http://evil.example"}).status_code == 202


def test_a_scheme_that_is_no_bearer_opens_nothing(viewer: Guest):
    viewer.headers["Authorization"] = f"Basic {viewer.secret}"

    assert viewer.get("/api/v1/products").status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/tokens"),
        ("PUT", "/api/v1/connections/lake"),
        ("POST", "/api/v1/incidents/1/resolve"),
    ],
)
@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b" " * (256 * 1024 + 1)])
def test_who_shows_no_token_is_refused_before_the_body_is_read(
    nobody: Guest, method: str, path: str, body: bytes
):
    answer = nobody.request(
        method, path, content=body, headers={"Content-Type": "application/json"}
    )

    assert problem_of(answer) == (401, "unauthenticated")


def test_another_site_is_refused_before_the_body_is_read(viewer: Guest):
    answer = viewer.in_browser().post("/api/v1/tokens", content=b"{", headers={})

    assert problem_of(answer) == (403, "cross-site")
