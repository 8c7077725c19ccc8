import re
import subprocess
import sys

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.app import create_app
from api.shield import PAGE_POLICY
from runtime.settings import Settings
from store.errors import StoreConflict, StoreFull, StoreUnavailable, UnknownRevision
from tests.api.guests import Guest, problem_of

OPEN = {"/health/live", "/health/ready", "/login", "/logout", "/static", "/static/docs"}
HEAVY = {"pandas", "pandera", "great_expectations", "duckdb", "ibis", "celery"}


class BrokenStore:
    """A store that raises what it is given."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    @property
    def remembered(self):
        return self

    def read(self, *_asked, **_how):
        raise self.error

    recall = write = read


def broken(error: Exception, clock) -> Guest:
    return Guest(create_app(BrokenStore(error), Settings(), clock), "assay_something")


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    found = []
    for route in iter_route_contexts(app.routes):
        path = re.sub(r"{\w+(:\w+)?}", "1", route.path or "")
        found += [(method, path) for method in route.methods or () if path not in OPEN]
    return found


def test_importing_the_app_loads_no_engine():
    code = f"import sys, api.app; print(sorted({HEAVY!r} & set(sys.modules)))"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


def test_every_route_but_the_open_ones_asks_who_is_there(app: FastAPI, nobody: Guest):
    routes = routes_of(app)

    answers = {(method, path): nobody.request(method, path) for method, path in routes}

    assert len(routes) > 30
    for (_, path), answer in answers.items():
        if path.startswith(("/api/", "/openapi", "/metrics")):
            assert problem_of(answer) == (401, "unauthenticated"), path
            assert answer.headers["www-authenticate"].startswith("Bearer"), path
        else:
            assert (answer.status_code, answer.headers["location"][:12]) == (303, "/login?next="), (
                path
            )


@pytest.mark.parametrize(
    "path",
    ["/", "/login", "/health/live", "/static/assay.css", "/api/v1/products", "/nowhere", "/docs"],
)
def test_every_answer_carries_the_security_headers(viewer: Guest, path: str):
    headers = viewer.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-request-id"]


def test_pages_allow_no_inline_script_or_style(viewer: Guest):
    assert viewer.get("/").headers["content-security-policy"] == PAGE_POLICY
    assert "unsafe" not in PAGE_POLICY


def test_answers_are_not_stored_and_own_files_are_asked_about_again(viewer: Guest):
    assert viewer.get("/").headers["cache-control"] == "no-store"
    assert viewer.get("/static/assay.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/nowhere", (404, "not-found")),
        ("GET", "/api/v1/products/nope", (404, "not-found")),
        ("PATCH", "/api/v1/products", (405, "method-not-allowed")),
        ("GET", "/api/v1/products?limit=0", (422, "invalid-request")),
        ("GET", "/static/nowhere.css", (404, "not-found")),
        ("GET", f"/api/v1/runs?after={2**63}", (422, "invalid-request")),
        ("GET", f"/api/v1/incidents?after={2**63}", (422, "invalid-request")),
        ("GET", "/api/v1/products/", (404, "not-found")),
        ("GET", "/api/v1/runs?product=a%00b", (400, "bad-request")),
    ],
)
def test_machines_get_problem_documents(viewer: Guest, method: str, path: str, expected):
    answer = viewer.request(method, path)

    assert problem_of(answer) == expected
    assert answer.json()["instance"] == path.partition("?")[0]
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_no_path_holds_a_null_character(viewer: Guest):
    assert problem_of(viewer.get("/api/v1/products/%00")) == (400, "bad-request")
    assert viewer.get("/products/%00").status_code == 400


def test_a_cursor_beyond_all_rows_is_a_page_that_says_so(viewer: Guest):
    assert viewer.get(f"/incidents?before={2**63}").status_code == 422


def test_people_get_pages(viewer: Guest):
    answer = viewer.get("/products/nope")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "nope" in answer.text


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (StoreUnavailable("disk /secret is full"), (503, "store-unavailable")),
        (StoreFull("database or disk is full"), (503, "disk-full")),
        (UnknownRevision("beef"), (503, "store-unavailable")),
        (StoreConflict("UNIQUE secret.table"), (409, "store-conflict")),
        (RuntimeError("secret"), (500, "internal-error")),
    ],
)
def test_a_fault_of_the_store_is_told_without_internals(error: Exception, expected, clock):
    answer = broken(error, clock).get("/api/v1/products")

    assert problem_of(answer) == expected
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


def test_an_unexpected_error_on_a_page_is_a_page_and_is_logged(clock, caplog):
    answer = broken(RuntimeError("boom"), clock).get("/")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "boom" not in answer.text
    assert answer.headers["x-request-id"] in caplog.text
    assert "boom" in caplog.text


def test_an_answer_that_has_begun_is_not_followed_by_a_second_one(app: FastAPI):
    async def half(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("in the middle")

    app.mount("/half", half)

    with pytest.raises(RuntimeError, match="in the middle"):
        TestClient(app).get("/half/")


@pytest.mark.parametrize("path", ["/v1/contracts", "/products/a.b"])
def test_who_reads_no_pages_gets_a_problem_document(viewer: Guest, path: str):
    answer = viewer.get(path, headers={"Accept": "*/*"})

    assert problem_of(answer) == (404, "not-found")
    assert "text/html" in viewer.get(path).headers["content-type"]
