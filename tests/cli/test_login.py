"""``assay login``, ``logout`` and ``whoami``."""

import io
import json

import pytest

ME = {"name": "orders-team", "role": "producer", "domain": "sales"}
URL = "https://assay.example.org"


@pytest.fixture
def _given(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("assay_secret\n"))


@pytest.fixture
def _logged_in(assay, service, _given):
    service.says("GET", "/me", ME)
    assert assay("login", URL).status == 0
    service.requests.clear()


@pytest.mark.usefixtures("_given")
def test_a_token_is_tried_kept_and_never_shown(assay, service, tmp_path):
    service.says("GET", "/me", ME)

    done = assay("login", f"{URL}/")

    file = tmp_path / "config" / "assay" / "profiles.json"
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        f"logged in to {URL} as orders-team, producer in domain sales\n"
        f"kept in {file}, profile default\n"
    )
    assert service.requests[0].headers["Authorization"] == "Bearer assay_secret"
    assert str(service.requests[0].url) == f"{URL}/api/v1/me"
    assert '"token": "assay_secret"' in file.read_text()


@pytest.mark.usefixtures("_given")
def test_a_token_that_opens_nothing_is_not_kept(assay, service, tmp_path):
    service.refuses("GET", "/me", 401, "unauthenticated")

    done = assay("login", URL)

    assert done.status == 5
    assert "does not know the token" in done.err
    assert not (tmp_path / "config").exists()


@pytest.mark.usefixtures("_logged_in")
def test_commands_use_what_was_kept(assay, service):
    service.says("GET", "/products", {"items": [], "next": None})

    assay("products")

    assert service.requests[0].url.host == "assay.example.org"
    assert service.requests[0].headers["Authorization"] == "Bearer assay_secret"


@pytest.mark.usefixtures("_logged_in")
def test_a_kept_token_is_shown_to_no_other_service(assay, service, monkeypatch):
    monkeypatch.setenv("ASSAY_URL", "https://elsewhere.example.org")
    service.says("GET", "/me", ME)

    assay("whoami")

    assert service.requests[0].url.host == "elsewhere.example.org"
    assert "Authorization" not in service.requests[0].headers


@pytest.mark.usefixtures("_logged_in")
def test_a_profile_is_chosen_by_name(assay, service, monkeypatch):
    monkeypatch.setenv("ASSAY_PROFILE", "other")

    done = assay("products")

    assert (done.status, done.err) == (
        2,
        "assay: there is no profile 'other'; known: default\n",
    )


@pytest.mark.usefixtures("_logged_in")
def test_whoami_says_where_and_as_whom(assay):
    assert assay("whoami").out == (
        f"orders-team at {URL}, producer in domain sales\n   profile  service\n*  default  {URL}\n"
    )
    assert json.loads(assay("whoami", "--format", "json").out) == {
        **ME,
        "url": URL,
        "profiles": ["default"],
    }


@pytest.mark.usefixtures("_logged_in")
def test_logging_out_forgets_it(assay):
    assert assay("logout").out == (
        "forgot profile default; 'assay token revoke' ends the token itself\n"
    )
    assert assay("logout").status == 2


@pytest.mark.usefixtures("_given")
@pytest.mark.parametrize(
    ("call", "told"),
    [
        (["login", "nowhere"], "'nowhere' must begin with http:// or https://"),
        (["login", URL, "--profile", "a b"], "a profile's name is made of letters"),
    ],
)
def test_what_cannot_be_kept_is_refused(assay, service, call, told):
    done = assay(*call)

    assert done.status == 2
    assert told in done.err
    assert service.requests == []


def test_no_token_is_asked_for_in_words(assay, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    done = assay("login", URL)

    assert done.status == 2
    assert "no token was given" in done.err
