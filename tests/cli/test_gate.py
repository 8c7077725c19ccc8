"""``assay gate``."""

import pytest

from tests.cli.fakes import run_document

PATH = "/products/sales.orders/gate"
OPEN = {
    "product": "sales.orders",
    "verdict": "open",
    "reasons": [],
    "low": 97.29,
    "assurance": 0.999,
    "last_run": None,
    "at": "2026-11-20T10:00:00Z",
}
BROKEN = {"verdict": "closed", "code": "clause-failing", "detail": "it is broken", "clause": "/a"}
CLOSED = OPEN | {"verdict": "closed", "reasons": [BROKEN], "low": 49.0}
UNSURE = OPEN | {
    "verdict": "unsure",
    "low": None,
    "assurance": 0.0,
    "reasons": [
        {"verdict": "unsure", "code": "clause-unjudged", "detail": f"{n} waits", "clause": f"/{n}"}
        for n in range(12)
    ],
}


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr("cli.gate.time.sleep", lambda seconds: None)


def test_an_open_gate_ends_well(assay, service):
    service.says("GET", PATH, OPEN)

    done = assay("gate", "sales.orders", "--min-score", "95", "--max-age", "6h")

    assert done.status == 0
    assert done.out == (
        "open  sales.orders may be relied on: score at least 97.2, assurance 99 %\n"
    )
    assert dict(service.requests[0].url.params) == {"min_score": "95", "max_age": "21600"}


def test_promises_that_no_run_judges_are_mentioned(assay, service):
    service.says("GET", PATH, OPEN | {"skipped": 2})

    done = assay("gate", "sales.orders")

    assert done.status == 0
    assert done.out.endswith(
        "  note    2 blocking promises of it no run judges; see its scorecard\n"
    )


def test_a_closed_gate_says_why_and_stops_a_pipeline(assay, service):
    service.says("GET", PATH, CLOSED)

    done = assay("gate", "sales.orders")

    assert done.status == 1
    assert done.out == (
        "closed  sales.orders breaks its promise: score at least 49, assurance 99 %\n"
        "  closed  it is broken\n"
        "next: assay scorecard sales.orders shows all of it\n"
    )


def test_what_nobody_can_tell_is_neither_yes_nor_no(assay, service):
    service.says("GET", PATH, UNSURE)

    done = assay("gate", "sales.orders")

    assert done.status == 4
    assert done.out.startswith(
        "unsure  sales.orders cannot be told: score not measured, assurance 0 %\n"
        "  unsure  0 waits\n"
    )
    assert "  and 2 reasons more\n" in done.out


def test_programs_get_every_reason(assay, service):
    service.says("GET", PATH, UNSURE)

    assert assay("gate", "sales.orders", "--format", "json").document == UNSURE


def test_it_waits_until_it_opens(assay, service):
    for answer in (UNSURE, CLOSED, OPEN):
        service.says("GET", PATH, answer)

    assert assay("gate", "sales.orders", "--wait", "10m").status == 0
    assert len(service.requests) == 3


def test_it_has_the_product_judged_first_when_asked_to(assay, service):
    service.says("POST", "/products/sales.orders/runs", {"runs": [run_document()]})
    service.says("GET", "/runs/7", run_document())
    service.says("GET", "/runs/7", run_document(state="done", finished="2026-11-20T09:01:00Z"))
    service.says("GET", PATH, CLOSED)

    assert assay("gate", "sales.orders", "--run").status == 1
    assert [request.method for request in service.requests] == ["POST", "GET", "GET", "GET"]


def test_a_run_that_is_not_over_leaves_the_question_open(assay, service):
    service.says("POST", "/products/sales.orders/runs", {"runs": [run_document()]})
    service.says("GET", "/runs/7", run_document())

    done = assay("gate", "sales.orders", "--run", "--wait", "0.001s")

    assert (done.status, done.err) == (
        4,
        "assay: run 7 is not over yet; --wait gives it longer\n",
    )


@pytest.mark.parametrize("given", [["--max-age", "0s"], ["--min-score", "101"], ["--wait", "x"]])
def test_terms_that_make_no_sense_are_wrong_usage(assay, service, given):
    assert assay("gate", "sales.orders", *given).status == 2
    assert service.requests == []
