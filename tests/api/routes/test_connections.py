from pathlib import Path

import pytest

from tests.api.guests import Guest, problem_of

CONNECTIONS = "/api/v1/connections"


def leading_to(*roots: object) -> dict[str, object]:
    return {"source": "files", "roots": [str(root) for root in roots]}


def test_a_connection_is_kept_and_replaced(admin: Guest, tmp_path: Path):
    admin.put(f"{CONNECTIONS}/lake", json=leading_to("/"))

    answer = admin.put(f"{CONNECTIONS}/lake", json=leading_to(tmp_path))

    kept = {"name": "lake", **leading_to(tmp_path)}
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


@pytest.mark.parametrize(
    "body", [{}, {"source": "ftp", "roots": ["/"]}, {"source": "files", "roots": []}]
)
def test_a_body_of_another_shape_is_refused(admin: Guest, body):
    assert problem_of(admin.put(f"{CONNECTIONS}/lake", json=body)) == (422, "invalid-request")


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
