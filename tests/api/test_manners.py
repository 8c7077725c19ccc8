"""How the API says no: one shape for every error, whoever raises it."""

import json

import pytest
from starlette.exceptions import HTTPException

from api.problems import describe
from tests.api.guests import Guest, problem_of
from tests.cast import ORDERS
from tests.usecases.world import World

TOKENS = "/api/v1/tokens"
RESOLVE = "/api/v1/incidents/1/resolve"
JSON = {"Content-Type": "application/json"}
DEEP = '{"name": ' + "[" * 1000 + "]" * 1000 + "}"


def test_every_problem_says_the_same_things(viewer: Guest):
    answer = viewer.get("/api/v1/products/nope").json()

    assert answer == {
        "type": "urn:assay:problem:not-found",
        "title": "Not Found",
        "status": 404,
        "detail": answer["detail"],
        "instance": "/api/v1/products/nope",
        "request_id": answer["request_id"],
    }


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/contracts", "GET, POST, HEAD, OPTIONS"),
        ("/api/v1/products", "GET, HEAD, OPTIONS"),
        ("/api/v1/connections/lake", "GET, PUT, HEAD, OPTIONS"),
        ("/api/v1/connections/lake/test", "POST, OPTIONS"),
        ("/api/v1/tokens/1", "DELETE, OPTIONS"),
    ],
)
def test_a_method_that_is_not_taken_is_refused_with_those_that_are(
    viewer: Guest, path: str, methods: str
):
    refused, asked = viewer.patch(path), viewer.options(path)

    assert problem_of(refused) == (405, "method-not-allowed")
    assert refused.json()["detail"] == f"PATCH is not taken here; there is {methods}"
    assert refused.headers["allow"] == methods
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, methods, b"")


def test_what_can_be_done_where_nothing_is_is_not_found(viewer: Guest):
    assert problem_of(viewer.options("/api/v1/nowhere")) == (404, "not-found")


def test_a_slash_too_many_is_told(viewer: Guest):
    answer = viewer.get("/api/v1/products/")

    assert problem_of(answer) == (404, "not-found")
    assert answer.json()["detail"] == (
        "there is nothing at /api/v1/products/; leave out the slash at its end: /api/v1/products"
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1",
        "application/yaml",
        "multipart/form-data; boundary=x",
        "nonsense",
    ],
)
def test_a_body_that_says_it_is_something_else_is_refused(admin: Guest, content_type: str):
    answer = admin.post(TOKENS, content=b"{}", headers={"Content-Type": content_type})

    assert problem_of(answer) == (415, "unsupported-media-type")
    assert content_type in answer.json()["detail"]
    assert answer.headers["accept"] == "application/json"


def test_a_body_that_does_not_say_what_it_is_is_refused(admin: Guest):
    answer = admin.post(TOKENS, content=b"{}")

    assert problem_of(answer) == (415, "unsupported-media-type")
    assert "no Content-Type" in answer.json()["detail"]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=UTF-8", "application/x+json"]
)
def test_a_body_of_json_is_read(admin: Guest, content_type: str):
    body = json.dumps({"name": "x", "role": "viewer"}).encode()

    answer = admin.post(TOKENS, content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("body", "code", "line", "column"),
    [
        ("{", "json-invalid", 1, 2),
        ('{"name": "x",\n  nonsense}', "json-invalid", 2, 3),
        ("\n\n  ]", "json-invalid", 3, 3),
    ],
)
def test_json_that_is_none_is_told_with_its_place(
    admin: Guest, body: str, code: str, line: int, column: int
):
    answer = admin.post(TOKENS, content=body.encode(), headers=JSON)

    assert problem_of(answer) == (422, "invalid-request")
    (entry,) = answer.json()["errors"]
    assert (entry["code"], entry["pointer"]) == (code, "")
    assert (entry["line"], entry["column"]) == (line, column)


@pytest.mark.parametrize(
    ("body", "code"), [(b'{"name": "\xff"}', "not-utf8"), ("{}".encode("utf-16"), "not-utf8")]
)
def test_a_body_that_is_no_utf8_is_told(admin: Guest, body: bytes, code: str):
    answer = admin.post(TOKENS, content=body, headers=JSON)

    assert problem_of(answer) == (422, "invalid-input")
    assert [entry["code"] for entry in answer.json()["errors"]] == [code]


@pytest.mark.parametrize("path", [TOKENS, RESOLVE])
@pytest.mark.parametrize("body", [DEEP, "[" * 100_000, '{"a":' * 40_000 + "1" + "}" * 40_000])
def test_a_body_nested_without_end_is_refused(admin: Guest, path: str, body: str):
    answer = admin.post(path, content=body.encode(), headers=JSON)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", ["a: " + "[" * 1000 + "]" * 1000, '{"a": ' + "[" * 1000])
def test_a_contract_nested_without_end_is_refused(producer: Guest, body: str):
    assert problem_of(producer.post("/api/v1/contracts", content=body)) == (422, "invalid-contract")


def test_a_fault_in_a_body_is_pointed_at_inside_the_body(admin: Guest):
    answer = admin.post(TOKENS, json={"name": "x", "role": "king", "shoe/size": 46})

    assert problem_of(answer) == (422, "invalid-request")
    found = {entry["pointer"]: entry["code"] for entry in answer.json()["errors"]}
    assert found == {"/role": "enum", "/shoe~1size": "extra-forbidden"}


def test_no_body_at_all_is_told(admin: Guest):
    answer = admin.post(TOKENS)

    assert problem_of(answer) == (422, "invalid-request")
    assert [entry["pointer"] for entry in answer.json()["errors"]] == [""]


@pytest.mark.parametrize(
    "path", ["/api/v1/runs", "/api/v1/products", "/api/v1/incidents", "/api/v1/contracts"]
)
def test_a_parameter_that_nobody_knows_is_refused_with_those_that_are_known(
    viewer: Guest, path: str
):
    answer = viewer.get(path, params={"stat": "failed"})

    assert problem_of(answer) == (422, "invalid-input")
    (entry,) = answer.json()["errors"]
    assert (entry["code"], entry["pointer"]) == ("unknown-parameter", "/query/stat")
    assert "no parameter 'stat' here; known are: after" in entry["detail"]
    assert "limit" in entry["detail"]


def test_where_no_parameter_is_known_that_is_told(viewer: Guest):
    answer = viewer.get("/api/v1/connections?page=2")

    assert answer.json()["errors"][0]["detail"].endswith("known are: none")


def test_a_parameter_that_comes_twice_is_refused(viewer: Guest):
    answer = viewer.get("/api/v1/runs?state=done&state=lost")

    assert [entry["code"] for entry in answer.json()["errors"]] == ["repeated-parameter"]


def test_who_shows_no_token_learns_of_no_parameter(nobody: Guest):
    assert problem_of(nobody.get("/api/v1/runs?stat=1")) == (401, "unauthenticated")


def test_pages_may_be_linked_with_whatever_is_added(viewer: Guest, world: World):
    world.publish()

    assert viewer.get("/?utm_source=mail").status_code == 200


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/api/v1/runs?state=x", "'queued', 'running', 'done', 'errored' or 'lost'"),
        ("/api/v1/runs?outcome=x", "'passed', 'failed', 'errored' or 'skipped'"),
        ("/api/v1/runs?trigger=x", "'schedule', 'api'"),
        ("/api/v1/incidents?kind=x", "'breach' or 'outage'"),
        ("/api/v1/incidents?state=x", "'triggered', 'acknowledged'"),
        ("/api/v1/runs?after=x", "valid integer"),
    ],
)
def test_a_word_that_is_no_filter_is_refused_with_those_that_are(
    viewer: Guest, path: str, known: str
):
    answer = viewer.get(path)

    assert problem_of(answer) == (422, "invalid-request")
    assert known in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("status", [400, 404, 406, 409, 412, 413, 415, 422, 429, 500, 503])
def test_every_status_has_its_words(status: int):
    trouble = describe(HTTPException(status, detail="so", headers={"Retry-After": "7"}))

    assert (trouble.status, trouble.detail, trouble.headers) == (status, "so", {"Retry-After": "7"})
    assert trouble.code == trouble.title.lower().replace(" ", "-")


def test_a_body_that_is_too_large_is_refused_without_reading_on(producer: Guest):
    answer = producer.post("/api/v1/contracts", content=ORDERS.encode() + b"#" * 300_000)

    assert problem_of(answer) == (413, "content-too-large")
