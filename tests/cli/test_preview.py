"""``assay publish --dry-run``: what would become of it, and that nothing does."""

import hashlib

import pytest

from tests.cli.conftest import CONTRACT
from tests.cli.fakes import Document

ME = {"name": "ann", "role": "producer", "domain": "sales"}
VALID = {"valid": True, "problems": []}
WARNING = {
    "code": "no-owner", "pointer": "", "line": 1, "column": 1, "severity": "warning",
    "message": "nobody answers for it",
}  # fmt: skip
WRONG = WARNING | {"code": "unknown-key", "severity": "error", "message": "there is no such key"}
OLD = (
    CONTRACT.replace("version: 1.2.0", "version: 1.1.0").replace(
        "logicalType: number", "logicalType: number\n        required: true"
    )
    + "        unique: true\n"
)
NEW = CONTRACT + (
    "        required: true\n        logicalTypeOptions: {minimum: 0}\n"
    "customProperties:\n  - {property: assaySchedule, value: every 10min}\n"
)


def version(number: str, body: str, *, current: bool = False) -> Document:
    return {
        "version": number,
        "product": "sales.orders",
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
        "current": current,
    }


@pytest.fixture
def known(service):
    """A service that has version 1.1.0, of a product that it knows."""
    service.says("GET", "/me", ME)
    service.says("POST", "/contracts/lint", VALID)
    service.says(
        "GET", "/contracts/orders/versions", {"items": [version("1.1.0", OLD, current=True)]}
    )
    service.streams("/contracts/orders/versions/1.1.0/document", OLD, media_type="application/yaml")
    service.says("GET", "/products/sales.orders", {})
    return service


@pytest.fixture
def fresh(service):
    """A service that has nothing."""
    service.says("GET", "/me", ME)
    service.says("POST", "/contracts/lint", VALID)
    service.refuses("GET", "/contracts/orders/versions", 404)
    service.refuses("GET", "/products/sales.orders", 404)
    return service


def sent(service) -> set[str]:
    return {f"{each.method} {each.url.path}" for each in service.requests if each.method != "GET"}


def test_a_first_version_would_make_its_product(assay, contract, fresh):
    done = assay("publish", contract, "--dry-run")

    assert (done.status, done.err) == (0, "")
    assert sent(fresh) == {"POST /api/v1/contracts/lint"}
    assert done.out == (
        "orders.yaml: would publish orders 1.2.0 in sales.orders, a new product\n"
        "  promises  3 clauses, 3 of them judged\n"
        "  judged    when asked: assay run sales.orders\n"
        "nothing was published; leave --dry-run out to do it\n"
    )


def test_a_next_version_says_what_is_new_changed_and_gone(assay, known, tmp_path):
    (tmp_path / "orders.yaml").write_text(NEW)

    done = assay("publish", "orders.yaml", "--dry-run")

    assert done.status == 0
    assert (
        done.out
        == """\
orders.yaml: would publish orders 1.2.0 in sales.orders, after 1.1.0
  promises  5 clauses, 5 of them judged
  new       /schema/orders/properties/amount/minimum: at least 0
  gone      /schema/orders/properties/amount/unique: no value twice
  judged    every 10 min
nothing was published; leave --dry-run out to do it
"""
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("{minimum: 0}", "{minimum: 5}", "at least 5 (now: at least 0)"),
        ("1.1.0", "1.2.0", None),
    ],
)
def test_a_promise_that_is_another_says_what_it_was(assay, known, tmp_path, before, after, words):
    old = NEW.replace("version: 1.2.0", "version: 1.1.0")
    known.answers.pop(("GET", "/api/v1/contracts/orders/versions/1.1.0/document"))
    known.streams("/contracts/orders/versions/1.1.0/document", old, media_type="application/yaml")
    (tmp_path / "orders.yaml").write_text(NEW.replace(before, after))

    out = assay("publish", "orders.yaml", "--dry-run").out

    changed = f"  changed   /schema/orders/properties/amount/minimum: {words}\n"
    assert (changed if words else "  changes   no promise\n") in out


def test_many_promises_are_counted(assay, known, tmp_path):
    columns = "".join(f"      - name: c{number}\n" for number in range(12))
    (tmp_path / "orders.yaml").write_text(CONTRACT + columns)

    out = assay("publish", "orders.yaml", "--dry-run").out

    assert out.count("  new       /schema") == 10
    assert "  new       and 2 more\n" in out


def test_the_same_bytes_would_change_nothing(assay, contract, known):
    known.answers.pop(("GET", "/api/v1/contracts/orders/versions"))
    same = version("1.2.0", CONTRACT, current=True)
    known.says("GET", "/contracts/orders/versions", {"items": [same]})
    known.streams("/contracts/orders/versions/1.2.0/document", CONTRACT)

    done = assay("publish", contract, "--dry-run")

    assert (done.status, done.out) == (
        0,
        "orders.yaml: nothing to do: orders 1.2.0 is published\nnothing was published\n",
    )


@pytest.mark.parametrize(
    ("number", "body", "words"),
    [
        ("1.2.0", "other", "1.2.0 was published with other content; raise the version"),
        ("1.10.0", "other", "1.2.0 is lower than 1.10.0, which is current"),
    ],
)
def test_what_the_service_would_refuse_is_told_with_the_reason(
    assay, contract, known, number, body, words
):
    known.answers.pop(("GET", "/api/v1/contracts/orders/versions"))
    there = version(number, body, current=True)
    known.says("GET", "/contracts/orders/versions", {"items": [there]})
    known.streams(f"/contracts/orders/versions/{number}/document", OLD)

    done = assay("publish", contract, "--dry-run")

    assert (done.status, done.out) == (
        3,
        f"orders.yaml: would be refused: {words}\nnothing was published\n",
    )


def test_a_version_that_is_no_number_is_not_compared(assay, contract, known):
    known.answers.pop(("GET", "/api/v1/contracts/orders/versions"))
    there = version("winter", OLD, current=True)
    known.says("GET", "/contracts/orders/versions", {"items": [there]})
    known.streams("/contracts/orders/versions/winter/document", OLD)

    assert ", after winter\n" in assay("publish", contract, "--dry-run").out


def test_a_token_that_may_not_publish_there_is_told_before(assay, contract, known):
    known.answers.pop(("GET", "/api/v1/me"))
    known.says("GET", "/me", ME | {"domain": "finance"})

    done = assay("publish", contract, "--dry-run")

    assert done.status == 3
    assert done.out.startswith(
        "orders.yaml: would be refused: 'ann' is producer and may not publish in domain sales\n"
    )


def test_an_invalid_file_is_told_beside_one_that_would_do(assay, contract, fresh):
    fresh.answers.pop(("POST", "/api/v1/contracts/lint"))
    fresh.says("POST", "/contracts/lint", {"valid": False, "problems": [WRONG]})
    fresh.says("POST", "/contracts/lint", {"valid": True, "problems": [WARNING]})

    done = assay("publish", contract, contract, "--dry-run")

    assert done.status == 3
    assert (
        done.out
        == """\
orders.yaml:1:1: error unknown-key: there is no such key
    1 | apiVersion: v3.1.0
      | ^^^^^^^^^^
orders.yaml: invalid, 1 error
orders.yaml:1:1: warning no-owner: nobody answers for it
    1 | apiVersion: v3.1.0
      | ^^^^^^^^^^
orders.yaml: would publish orders 1.2.0 in sales.orders, a new product
  promises  3 clauses, 3 of them judged
  judged    when asked: assay run sales.orders
nothing was published
"""
    )


def test_what_only_the_service_can_read_is_told_as_valid(assay, fresh, tmp_path):
    (tmp_path / "orders.yaml").write_text("apiVersion: v9.0.0\n")

    done = assay("publish", "orders.yaml", "--dry-run")

    assert (done.status, done.out) == (0, "orders.yaml: valid\nnothing was published\n")


def test_programs_get_all_of_it(assay, known, tmp_path):
    (tmp_path / "orders.yaml").write_text(NEW)

    done = assay("publish", "orders.yaml", "--dry-run", "--format", "json")

    place = "/schema/orders/properties/amount"
    assert done.document == {
        "dry_run": True,
        "files": [
            {
                "path": "orders.yaml",
                "valid": True,
                "problems": [],
                "preview": {
                    "id": "orders",
                    "version": "1.2.0",
                    "product": "sales.orders",
                    "would": "replace",
                    "refusal": "",
                    "current": "1.1.0",
                    "new_product": False,
                    "clauses": 5,
                    "executable": 5,
                    "added": [f"{place}/minimum"],
                    "changed": [],
                    "gone": [f"{place}/unique"],
                    "schedule": {"cron": None, "every_seconds": 600.0, "timezone": "UTC"},
                },
            }
        ],
    }
