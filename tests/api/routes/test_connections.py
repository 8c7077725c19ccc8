from pathlib import Path

import pytest

from api.models.admin import CONNECTIONS_GIVEN
from checks import sources
from tests.api.guests import Guest, problem_of
from tests.usecases.database import PASSWORD, PLACE

CONNECTIONS = "/api/v1/connections"
NOTHING: dict[str, object] = dict.fromkeys(("host", "port", "database", "user", "secret", "tls"))
SALES: dict[str, object] = {
    "source": "postgresql",
    "host": "db.example.org",
    "port": 6432,
    "database": "sales",
    "user": "assay",
    "secret": "env:SALES",
    "tls": "verify-full",
}


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sources._SOURCES, "postgresql", PLACE)


def leading_to(*roots: object) -> dict[str, object]:
    return {"source": "files", "roots": [str(root) for root in roots]}


def test_a_connection_is_kept_and_replaced(admin: Guest, tmp_path: Path):
    admin.put(f"{CONNECTIONS}/lake", json=leading_to("/"))

    answer = admin.put(f"{CONNECTIONS}/lake", json=leading_to(tmp_path))

    kept = {"name": "lake", **leading_to(tmp_path), **NOTHING}
    assert answer.json() == kept
    assert admin.get(f"{CONNECTIONS}/lake").json() == kept
    assert admin.get(CONNECTIONS).json() == {"items": [kept]}


@pytest.mark.parametrize(
    ("root", "why"),
    [
        ("relative/folder", "absolute"),
        ("/no/such/folder", "no existing folder"),
        ("/\0", "null character"),
        ("/" + "x" * 5000, "existing folder"),
    ],
)
def test_a_root_must_be_an_absolute_existing_folder(admin: Guest, tmp_path, root, why):
    answer = admin.put(f"{CONNECTIONS}/lake", json=leading_to(tmp_path, root))

    assert problem_of(answer) == (422, "invalid-input")
    assert [entry["pointer"] for entry in answer.json()["errors"]] == ["/roots/1"]
    assert why in answer.json()["errors"][0]["detail"] or "cannot be looked at" in answer.text


def test_a_folder_that_cannot_be_looked_at_is_told(admin: Guest, monkeypatch):
    def refuse(_self: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("api.routes.connections.Folder.is_dir", refuse)

    answer = admin.put(f"{CONNECTIONS}/lake", json=leading_to("/srv"))

    assert "Permission denied" in answer.json()["errors"][0]["detail"]


def test_a_database_is_kept_and_its_place_shown_to_administrators_only(admin: Guest, viewer: Guest):
    answer = admin.put(f"{CONNECTIONS}/sales", json=SALES)

    kept = {"name": "sales", "roots": [], **SALES}
    assert (answer.status_code, answer.json()) == (200, kept)
    assert admin.get(CONNECTIONS).json() == {"items": [kept]}
    seen: dict[str, object] = {"name": "sales", "source": "postgresql", "roots": [], **NOTHING}
    assert viewer.get(f"{CONNECTIONS}/sales").json() == seen
    assert viewer.get(CONNECTIONS).json() == {"items": [seen]}


def test_what_is_not_said_of_a_database_has_defaults(admin: Guest):
    given = {"source": "postgresql", "host": "db", "database": "sales"}

    answer = admin.put(f"{CONNECTIONS}/sales", json=given)

    said: dict[str, object] = {"name": "sales", "roots": [], "user": None, "secret": None, **given}
    assert answer.json() == {**said, "port": 5432, "tls": "prefer"}


def test_the_examples_can_be_given_as_they_are(admin: Guest, tmp_path: Path):
    examples = {name: dict(example["value"] or {}) for name, example in CONNECTIONS_GIVEN.items()}
    examples["files"]["roots"] = [str(tmp_path)]  # the example's folder is not here

    for name, example in examples.items():
        assert admin.put(f"{CONNECTIONS}/{name}", json=example).status_code == 200


def test_all_that_is_wrong_is_told_by_its_place_and_no_password_repeated(admin: Guest):
    wrong = {**SALES, "host": "", "port": 0, "secret": PASSWORD, "user": f"u:{PASSWORD}="}

    answer = admin.put(f"{CONNECTIONS}/sales", json=wrong)

    assert problem_of(answer) == (422, "invalid-input")
    told = [(entry["code"], entry["pointer"]) for entry in answer.json()["errors"]]
    assert told == [("bad-connection", f"/{key}") for key in ("host", "port", "user", "secret")]
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"source": "ftp", "roots": ["/"]}, "/source"),
        ({"source": "files", "roots": []}, "/roots"),
        ({"source": "files", "roots": ["/"], "host": "db"}, "/source"),
        ({**SALES, "roots": ["/"]}, "/roots"),
    ],
)
def test_a_source_gets_what_it_is_reached_by(admin: Guest, body, pointer: str):
    answer = admin.put(f"{CONNECTIONS}/lake", json=body)

    assert problem_of(answer) == (422, "invalid-input")
    assert [entry["pointer"] for entry in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_an_administrator_tries_a_connection(admin: Guest, monkeypatch, password: str):
    monkeypatch.setenv("SALES", password)
    admin.put(f"{CONNECTIONS}/sales", json=SALES)

    answer = admin.post(f"{CONNECTIONS}/sales/test")

    well = "db.example.org answers within 10 s"
    detail = well if password == PASSWORD else 'password authentication failed for user "assay"'
    assert answer.status_code == 200
    assert answer.json() == {
        "name": "sales",
        "ok": password == PASSWORD,
        "detail": detail,
        "seconds": 0.0,
    }


def test_a_secret_that_is_not_there_is_told_by_its_reference(admin: Guest):
    admin.put(f"{CONNECTIONS}/sales", json={**SALES, "secret": "file:/no/such/secret"})

    answer = admin.post(f"{CONNECTIONS}/sales/test").json()

    why = "the secret 'file:/no/such/secret' cannot be read: there is no such file"
    assert (answer["ok"], answer["detail"]) == (False, why)


def test_nobody_else_tries_one(admin: Guest, owner: Guest, nobody: Guest):
    admin.put(f"{CONNECTIONS}/sales", json=SALES)

    assert problem_of(owner.post(f"{CONNECTIONS}/sales/test")) == (403, "forbidden")
    assert problem_of(nobody.post(f"{CONNECTIONS}/sales/test")) == (401, "unauthenticated")
    assert problem_of(admin.post(f"{CONNECTIONS}/nosuch/test")) == (404, "not-found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**SALES, "password": PASSWORD},
        {**SALES, "tls": "maybe"},
        {**SALES, "port": "many"},
        {**SALES, "secret": [PASSWORD]},
        {**SALES, "source": "\0"},
    ],
)
def test_a_body_of_another_shape_is_refused(admin: Guest, body):
    answer = admin.put(f"{CONNECTIONS}/lake", json=body)

    assert problem_of(answer) == (422, "invalid-request")
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("name", ["-", "a b", "x" * 65])
def test_a_name_is_a_plain_word(admin: Guest, name: str):
    answer = admin.put(f"{CONNECTIONS}/{name}", json=leading_to("/"))

    assert problem_of(answer) == (422, "invalid-request")


def test_only_administrators_learn_which_folders_there_are(owner: Guest):
    there = owner.put(f"{CONNECTIONS}/lake", json=leading_to("/"))
    not_there = owner.put(f"{CONNECTIONS}/lake", json=leading_to("/no/such/folder"))

    assert problem_of(there) == problem_of(not_there) == (403, "forbidden")


def test_an_unknown_connection_is_not_found(viewer: Guest):
    assert problem_of(viewer.get(f"{CONNECTIONS}/nope")) == (404, "not-found")


def test_a_connection_is_replaced_only_where_it_is_what_was_read(admin: Guest):
    made = admin.put(f"{CONNECTIONS}/sales", json=SALES)
    read = admin.get(f"{CONNECTIONS}/sales")
    fits = {"If-Match": read.headers["etag"]}

    first = admin.put(f"{CONNECTIONS}/sales", json={**SALES, "port": 1}, headers=fits)
    second = admin.put(f"{CONNECTIONS}/sales", json={**SALES, "port": 2}, headers=fits)

    assert made.headers["etag"] == read.headers["etag"]
    assert first.status_code == 200
    assert problem_of(second) == (412, "precondition-failed")
    assert second.headers["etag"] == first.headers["etag"]
    assert second.json()["detail"] == (
        "connection 'sales' is not what the request expects: its ETag is "
        f"{first.headers['etag']}; read it again, then decide anew"
    )
    assert admin.get(f"{CONNECTIONS}/sales").json()["port"] == 1


@pytest.mark.parametrize("told", ['"other"', "*", "nonsense"])
def test_what_is_not_there_is_not_replaced(admin: Guest, told: str):
    answer = admin.put(f"{CONNECTIONS}/sales", json=SALES, headers={"If-Match": told})

    assert problem_of(answer) == (412, "precondition-failed")
    assert "it is not there" in answer.json()["detail"]
    assert admin.get(f"{CONNECTIONS}/sales").status_code == 404


def test_a_connection_is_made_only_where_there_is_none(admin: Guest):
    new = {"If-None-Match": "*"}

    first = admin.put(f"{CONNECTIONS}/sales", json=SALES, headers=new)
    second = admin.put(f"{CONNECTIONS}/sales", json=SALES, headers=new)

    assert (first.status_code, second.status_code) == (200, 412)
    assert admin.put(f"{CONNECTIONS}/sales", json=SALES, headers={"If-Match": "*"}).is_success
