import json

import httpx2

from tests.cli.conftest import CONTRACT

PUBLISHED = {
    "id": "orders",
    "version": "1.2.0",
    "product": "sales.orders",
    "sha256": "00",
    "media_type": "application/yaml",
    "published_at": "2026-11-20T09:00:00Z",
    "published_by": "me",
    "current": True,
    "created": True,
    "clauses": 14,
    "executable": 12,
    "warnings": [],
    "next_run": "2026-11-20T10:00:00Z",
    "links": {"contract": "/c", "page": "/products/sales.orders"},
}
WARNING = {
    "code": "no-owner", "pointer": "", "line": 1, "column": 1, "severity": "warning",
    "message": "nobody answers for it",
}  # fmt: skip
PROBLEM = {
    "code": "unknown-key", "pointer": "/x", "line": 3, "column": 1, "severity": "error",
    "detail": "there is no such key",
}  # fmt: skip

WRONG = {
    **{name: PROBLEM[name] for name in PROBLEM if name != "detail"},
    "message": PROBLEM["detail"],
}
VALID = {"valid": True, "problems": []}


def test_what_was_published_is_told(assay, contract, service):
    service.says("POST", "/contracts", PUBLISHED, status=201)

    done = assay("publish", contract)

    assert (done.status, done.err) == (0, "")
    assert service.requests[0].content == CONTRACT.encode()
    assert done.out == (
        "orders.yaml: published orders 1.2.0 in sales.orders\n"
        "  promises  14 clauses, 12 of them judged\n"
        "  next run  2026-11-20 10:00:00 UTC\n"
        "  card      http://127.0.0.1:9250/products/sales.orders\n"
    )


def test_what_was_there_already_is_told_with_its_warnings(assay, contract, service):
    again = PUBLISHED | {"created": False, "next_run": None, "warnings": [WARNING]}
    service.says("POST", "/contracts", again)

    done = assay("publish", contract)

    assert done.status == 0
    assert done.out == (
        "orders.yaml:1:1: warning no-owner: nobody answers for it\n"
        "    1 | apiVersion: v3.1.0\n"
        "      | ^^^^^^^^^^\n"
        "orders.yaml: unchanged orders 1.2.0 in sales.orders\n"
        "  promises  14 clauses, 12 of them judged\n"
        "  next run  when asked: assay run sales.orders\n"
        "  card      http://127.0.0.1:9250/products/sales.orders\n"
    )


def test_an_invalid_contract_is_shown_as_lint_shows_it(assay, contract, service):
    service.refuses("POST", "/contracts", 422, "invalid-contract", "none", [PROBLEM])

    done = assay("publish", contract)

    assert (done.status, done.err) == (3, "")
    assert done.out == (
        "orders.yaml:3:1: error unknown-key: there is no such key\n"
        "    3 | id: orders\n"
        "      | ^^\n"
        "orders.yaml: invalid, 1 error\n"
    )


def test_a_version_that_exists_is_refused_and_the_next_file_still_published(
    assay, contract, service
):
    service.says("POST", "/contracts/lint", VALID)
    service.refuses("POST", "/contracts", 409, "version-exists", "raise the version")
    service.says("POST", "/contracts", PUBLISHED, status=201)

    done = assay("publish", contract, contract)

    assert done.status == 3
    assert done.err == "assay: orders.yaml: raise the version\n"
    assert "published orders 1.2.0" in done.out


def test_of_several_files_all_problems_are_told_and_none_is_published(assay, contract, service):
    service.says("POST", "/contracts/lint", VALID)
    service.says("POST", "/contracts/lint", {"valid": False, "problems": [WRONG]})

    done = assay("publish", contract, contract, contract)

    assert (done.status, done.err) == (3, "")
    assert {request.url.path for request in service.requests} == {"/api/v1/contracts/lint"}
    assert (
        done.out
        == """\
orders.yaml: valid
orders.yaml:3:1: error unknown-key: there is no such key
    3 | id: orders
      | ^^
orders.yaml: invalid, 1 error
orders.yaml:3:1: error unknown-key: there is no such key
    3 | id: orders
      | ^^
orders.yaml: invalid, 1 error
nothing was published: 2 of 3 files invalid
"""
    )


def test_programs_get_an_entry_for_each_file(assay, contract, service):
    service.says("POST", "/contracts/lint", VALID)
    service.says("POST", "/contracts", PUBLISHED, status=201)
    service.refuses("POST", "/contracts", 409, "version-exists", "raise the version")

    done = assay("publish", contract, contract, "--format", "json")

    assert done.status == 3
    assert done.document == {
        "files": [
            {"path": "orders.yaml", "published": PUBLISHED, "problems": []},
            {"path": "orders.yaml", "published": None, "problems": []},
        ]
    }
    told = json.loads(done.err)
    assert told["detail"] == "orders.yaml: raise the version"
    assert (told["type"], told["command"]) == ("urn:assay:problem:invalid", "assay publish")


def test_programs_get_the_problems_of_all_files(assay, contract, service):
    service.says("POST", "/contracts/lint", {"valid": False, "problems": [WRONG]})

    done = assay("publish", contract, contract, "--format", "json")

    entry = {"path": "orders.yaml", "published": None, "problems": [WRONG]}
    assert (done.status, done.document) == (3, {"files": [entry, entry]})


def test_nobody_there_is_one_line_and_exit_5(assay, contract, service):
    service.fault = httpx2.ConnectError("[Errno 111] Connection refused")

    done = assay("publish", contract)

    assert (done.status, done.out) == (5, "")
    assert done.err == (
        "assay: no service answers at http://127.0.0.1:9250 (connection refused); start one with "
        "'assay up', or set ASSAY_URL to where it runs\n"
    )


def test_a_token_that_may_not_is_exit_5(assay, contract, service):
    service.refuses("POST", "/contracts", 403, "forbidden", "'me' is a viewer and may not publish")

    done = assay("publish", contract)

    assert done.status == 5
    assert done.err == (
        "assay: 'me' is a viewer and may not publish; use a token that may, in ASSAY_TOKEN\n"
    )


def test_files_may_stand_on_both_sides_of_an_option(assay, contract, service):
    service.says("POST", "/contracts/lint", {"valid": False, "problems": [WRONG]})

    done = assay("publish", contract, "--format", "json", contract)

    assert len(done.document["files"]) == 2
