import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.ask import COOKIE
from api.pages.session import inner
from runtime.settings import Settings
from tests.api.guests import Guest

SAME = {"Sec-Fetch-Site": "same-origin"}


def test_who_is_not_logged_in_is_sent_to_do_so_and_comes_back(viewer: Guest):
    secret, guest = viewer.secret, viewer
    del guest.headers["Authorization"]

    sent = guest.get("/products/sales.orders?x=1")
    asked = guest.get(sent.headers["location"])
    form = {"token": f" {secret}\n", "next": "/products/sales.orders?x=1"}
    back = guest.post("/login", data=form, headers=SAME)

    assert sent.headers["location"] == "/login?next=%2Fproducts%2Fsales.orders%3Fx%3D1"
    assert 'value="/products/sales.orders?x=1"' in asked.text
    assert (back.status_code, back.headers["location"]) == (303, "/products/sales.orders?x=1")
    assert guest.get("/").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_survives_links(viewer: Guest):
    answer = viewer.post("/login", data={"token": viewer.secret}, headers=SAME)

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


def test_a_bad_token_is_said_to_be_one(nobody: Guest):
    answer = nobody.post("/login", data={"token": "assay_wrong"}, headers=SAME)

    assert answer.status_code == 401
    assert "This token opens nothing" in answer.text
    assert "assay_wrong" not in answer.text
    assert COOKIE not in nobody.cookies


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_another_site_can_log_nobody_in_or_out(viewer: Guest, path: str):
    answer = viewer.post(path, data={"token": viewer.secret}, headers={"Origin": "http://evil"})

    assert answer.status_code == 403
    assert "You may not do this" in answer.text
    assert "set-cookie" not in answer.headers


def test_logging_out_forgets_the_token(viewer: Guest):
    guest = viewer.in_browser()

    answer = guest.post("/logout", headers=SAME)

    assert answer.headers["location"] == "/login"
    assert f'{COOKIE}=""' in answer.headers["set-cookie"]


def test_a_change_without_a_session_leads_home_after_login(nobody: Guest):
    answer = nobody.post("/incidents/1/acknowledge", headers=SAME)

    assert answer.headers["location"] == "/login?next=%2F"


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "//[",
    ],
)
def test_nobody_is_led_elsewhere(target: str):
    assert inner(target) == "/"


@given(st.text(max_size=30))
def test_whatever_is_asked_for_stays_inside(target: str):
    found = inner(f"/{target}")

    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))


class TestBehindHttps:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(public_url="https://assay.example.org")

    def test_the_cookie_is_for_https_only(self, viewer: Guest):
        answer = viewer.post("/login", data={"token": viewer.secret}, headers=SAME)

        assert "secure" in answer.headers["set-cookie"].lower()
