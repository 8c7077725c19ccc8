import re

from tests.cli.fakes import incident_document, result_document, run_document, score_document

ORDERS = {
    "key": "sales.orders",
    "domain": "sales",
    "name": "orders",
    "purpose": "One row per order.",
    "owner": "ann",
    "score": score_document(),
    "errored": 0,
    "lost_runs": 0,
    "open_incidents": 1,
    "last_run": run_document(state="done", outcome="failed"),
}
LINES = ORDERS | {
    "key": "logistics.lines",
    "owner": None,
    "score": score_document(quality=None, low=1.0, assurance=0.0, failing=0),
    "open_incidents": 0,
    "last_run": None,
}
RAN = "failed 2026-11-20 09:00:00 UTC"
CARD = {
    "key": "sales.orders",
    "domain": "sales",
    "name": "orders",
    "purpose": "One row per order.",
    "owner": "checkout",
    "at": "2026-11-20T10:00:00Z",
    "score": score_document(),
    "errored": 0,
    "lost_runs": 0,
    "ports": [],
    "clauses": [],
    "incidents": [incident_document()],
    "history": [],
    "runs": [],
    "evidence_shown": True,
}

EXPLANATION = {
    "product": "sales.orders",
    "since": "2026-11-19T10:00:00Z",
    "at": "2026-11-20T10:00:00Z",
    "then": score_document(quality=97.3, low=97.3, failing=0),
    "now": score_document(cap="1 critical clause is failing"),
    "changes": [],
    "together": 0.0,
    "rest": "",
}


def test_products_are_listed_with_the_number_that_can_be_relied_on(assay, service):
    unsure = ORDERS | {"key": "sales.a", "errored": 12, "lost_runs": 1,
                       "score": score_document(assurance=0.79)}  # fmt: skip
    lost = ORDERS | {"key": "sales.b", "lost_runs": 2}
    service.says("GET", "/products", {"items": [ORDERS, LINES, unsure, lost], "next": None})

    done = assay("products")

    assert (done.status, done.err) == (0, "")
    assert [re.split(" {2,}", row) for row in done.out.splitlines()] == [
        ["product", "quality", "assurance", "failing", "errored", "incidents", "last run", "owner"],
        ["sales.orders", "56.2", "95 %", "1", "0", "1", RAN, "ann"],
        ["logistics.lines", "not measured", "0 %", "0", "0", "0", "never", "none"],
        ["sales.a", "at least 41", "79 %", "1", "12, 1 lost", "1", RAN, "ann"],
        ["sales.b", "56.2", "95 %", "1", "2 lost", "1", RAN, "ann"],
    ]


def test_every_page_is_read(assay, service):
    service.says("GET", "/products", {"items": [ORDERS], "next": "sales.orders"})
    service.says("GET", "/products", {"items": [LINES], "next": None})

    done = assay("products", "--format", "json")

    assert done.document == {"items": [ORDERS, LINES]}
    assert [request.url.query for request in service.requests] == [
        b"order=attention&limit=200",
        b"order=attention&limit=200&after=sales.orders",
    ]


def test_no_product_yet_says_how_to_make_one(assay, service):
    service.says("GET", "/products", {"items": [], "next": None})

    assert assay("products").out == "no product yet; 'assay publish FILE' makes one\n"


def test_a_scorecard_is_passed_on_whole_to_programs(assay, service):
    service.says("GET", "/products/sales.orders/scorecard", CARD)

    assert assay("scorecard", "sales.orders", "--format", "json").document == CARD


def test_a_scorecard_is_shown_to_people(assay, service):
    clause = result_document(description="", contract="orders", run=7, good=True, lost=0.0,
                             known_at=None, judged_at="2026-11-20T09:00:00Z")  # fmt: skip
    card = CARD | {"clauses": [clause]}
    service.says("GET", "/products/sales.orders/scorecard", card)

    done = assay("scorecard", "sales.orders")

    assert done.status == 0
    assert done.out.startswith("sales.orders  owned by checkout  2026-11-20 10:00:00 UTC\n")


def test_a_product_that_does_not_exist_is_a_usage_error(assay, service):
    service.refuses("GET", "/products/x.y/scorecard", 404, detail="there is no product 'x.y'")
    service.says("GET", "/contracts", {"items": [{"product": "x.ys"}], "next": None})

    done = assay("scorecard", "x.y")

    assert (done.status, done.out) == (2, "")
    assert done.err == "assay: there is no product 'x.y'; did you mean 'x.ys'?\n"


def test_products_are_asked_for_by_what_they_are_like(assay, service):
    service.says("GET", "/products", {"items": [], "next": None})

    done = assay("products", "late orders", "--domain", "sales", "--owner", "", "--state",
                 "never-run", "--order", "score")  # fmt: skip

    assert done.out == "no product is like that; leave something out to find more\n"
    assert dict(service.requests[0].url.params) == {
        "q": "late orders",
        "domain": "sales",
        "owner": "",
        "state": "never_run",
        "order": "score",
        "limit": "200",
    }


def test_an_unknown_state_is_a_usage_error_that_lists_the_known_ones(assay):
    done = assay("products", "--state", "odd")

    assert (done.status, done.out) == (2, "")
    assert "never-run" in done.err


def test_a_card_of_the_past_says_so(assay, service):
    service.says("GET", "/products/sales.orders/scorecard", CARD)

    done = assay("scorecard", "sales.orders", "--at", "2026-11-20T10:00Z")

    assert dict(service.requests[0].url.params) == {"at": "2026-11-20T10:00Z"}
    assert done.out.startswith(
        "sales.orders  owned by checkout  as known at 2026-11-20 10:00:00 UTC\n"
    )


def test_a_change_of_score_is_explained(assay, service):
    service.says("GET", "/products/sales.orders/scorecard/explain", EXPLANATION)

    done = assay("scorecard", "sales.orders", "--why", "--since", "2026-11-19")

    assert dict(service.requests[0].url.params) == {"since": "2026-11-19"}
    assert done.out.startswith("sales.orders  what changed since 2026-11-19 10:00:00 UTC")


def test_an_explanation_is_passed_on_whole_to_programs(assay, service):
    service.says("GET", "/products/sales.orders/scorecard/explain", EXPLANATION)

    done = assay("scorecard", "sales.orders", "--why", "--format", "json")

    assert done.document == EXPLANATION
    assert service.requests[0].url.query == b""


def test_a_moment_and_a_change_are_not_shown_at_once(assay):
    done = assay("scorecard", "sales.orders", "--at", "2026-11-20", "--why")

    assert (done.status, done.out) == (2, "")
    assert "give one of them" in done.err


def test_a_moment_that_the_service_refuses_is_a_usage_error(assay, service):
    service.refuses("GET", "/products/x.y/scorecard", 422, "not-yet", "2027 lies ahead")

    done = assay("scorecard", "x.y", "--at", "2027-01-01")

    assert (done.status, done.err) == (2, "assay: 2027 lies ahead\n")
