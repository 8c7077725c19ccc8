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
        ["sales.a", "at least 41.0", "79 %", "1", "12, 1 lost", "1", RAN, "ann"],
        ["sales.b", "56.2", "95 %", "1", "2 lost", "1", RAN, "ann"],
    ]


def test_every_page_is_read(assay, service):
    service.says("GET", "/products", {"items": [ORDERS], "next": "sales.orders"})
    service.says("GET", "/products", {"items": [LINES], "next": None})

    done = assay("products", "--format", "json")

    assert done.document == {"items": [ORDERS, LINES]}
    assert [request.url.query for request in service.requests] == [
        b"limit=200",
        b"limit=200&after=sales.orders",
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

    done = assay("scorecard", "x.y")

    assert (done.status, done.out) == (2, "")
    assert done.err == "assay: there is no product 'x.y'\n"
