"""``assay schedule``: looking at schedules, and letting them stand still."""

import pytest

from tests.cli.fakes import Document, FakeService

PAUSE = {"at": "2026-11-20T09:41:00Z", "by": "ann", "reason": "the source moves"}


def schedule(contract: str = "orders", **changes: object) -> Document:
    return {
        "contract": contract,
        "cron": "0 6 * * *",
        "every_seconds": None,
        "timezone": "UTC",
        "next_run": "2026-11-21T06:00:06Z",
        "paused": False,
        "pause": None,
    } | changes


PAUSED = schedule(paused=True, next_run=None, pause=PAUSE)
MEANING = """\

while it stands still
  no run is made by itself; by hand it still is: assay run sales.orders
  a broken promise stays broken until data that passes is judged
  what was kept counts for less and less: assurance falls
"""


def contracts(service, *names: str) -> None:
    """Have the product sales.orders made of these."""
    items = [{"id": name, "product": "sales.orders"} for name in names]
    service.says("GET", "/contracts", {"items": items, "next": None})


@pytest.fixture
def orders(service: FakeService) -> FakeService:
    """A service with a product of one contract."""
    contracts(service, "orders")
    return service


def test_a_product_shows_the_schedules_of_all_its_contracts(assay, service):
    contracts(service, "orders", "items", "notes")
    service.says("GET", "/contracts/orders/schedule", PAUSED)
    service.says(
        "GET", "/contracts/items/schedule", schedule("items", cron=None, every_seconds=600)
    )
    service.refuses("GET", "/contracts/notes/schedule", 404, detail="there is no schedule")

    done = assay("schedule", "show", "sales.orders")

    assert (done.status, done.err) == (0, "")
    assert service.requests[0].url.query == b"product=sales.orders&limit=200"
    assert done.out == (
        """\
contract  judged           next run
orders    0 6 * * * (UTC)  paused
items     every 10 min     2026-11-21 06:00:06 UTC
notes     when asked
orders is paused by ann since 2026-11-20 09:41:00 UTC: the source moves
"""
        + MEANING
        + "next: assay schedule resume sales.orders, when it may tick again\n"
    )


def test_what_ticks_is_shown_in_two_lines(assay, orders):
    orders.says("GET", "/contracts/orders/schedule", schedule())

    assert assay("schedule", "show", "sales.orders").out == (
        "contract  judged           next run\norders    0 6 * * * (UTC)  2026-11-21 06:00:06 UTC\n"
    )


def test_programs_get_every_schedule_and_what_has_none(assay, service):
    contracts(service, "orders", "notes")
    service.says("GET", "/contracts/orders/schedule", PAUSED)
    service.refuses("GET", "/contracts/notes/schedule", 404)

    done = assay("schedule", "show", "sales.orders", "--format", "json")

    assert done.document == {"items": [PAUSED], "unscheduled": ["notes"]}


def test_a_contract_can_be_named_whatever_is_in_its_id(assay, service):
    contracts(service)
    service.says("GET", "/contracts/a/b", {"id": "a/b", "product": "sales.orders"})
    service.says("GET", "/contracts/a/b/schedule", schedule("a/b"))

    done = assay("schedule", "show", "a/b")

    assert "a/b       0 6 * * * (UTC)" in done.out
    assert service.requests[-1].url.raw_path == b"/api/v1/contracts/a%2Fb/schedule"


def test_what_is_neither_product_nor_contract_is_said_to_be_none(assay, service):
    contracts(service)
    service.refuses("GET", "/contracts/nope", 404, detail="there is no contract 'nope'")

    done = assay("schedule", "pause", "nope", "--reason", "x")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "assay: there is no product and no contract 'nope'; 'assay products' lists the products\n"
    )


def test_a_pause_says_what_it_means(assay, orders):
    orders.says("GET", "/contracts/orders/schedule", schedule())
    orders.says("PATCH", "/contracts/orders/schedule", PAUSED)

    done = assay("schedule", "pause", "sales.orders", "--reason", "the source moves")

    assert (done.status, done.err) == (0, "")
    assert orders.requests[-1].content == b'{"paused":true,"reason":"the source moves"}'
    assert done.out == (
        "orders: paused: the source moves\n"
        + MEANING
        + "next: assay schedule resume sales.orders, when it may tick again\n"
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("the source moves", ": the source moves"),
        ("it still moves", "; the reason is now: it still moves"),
    ],
)
def test_a_pause_of_what_is_paused_says_so(assay, orders, reason, words):
    orders.says("GET", "/contracts/orders/schedule", PAUSED)
    again = PAUSED | {"pause": PAUSE | {"reason": reason}}
    orders.says("PATCH", "/contracts/orders/schedule", again)

    done = assay("schedule", "pause", "sales.orders", "--reason", reason)

    assert done.status == 0
    assert done.out.splitlines()[0] == (
        f"orders: was paused already by ann, since 2026-11-20 09:41:00 UTC{words}"
    )


@pytest.mark.parametrize(("before", "words"), [(PAUSED, "resumed"), (schedule(), "was not paused")])
def test_resuming_says_when_the_next_run_is(assay, orders, before, words):
    orders.says("GET", "/contracts/orders/schedule", before)
    orders.says("PATCH", "/contracts/orders/schedule", schedule())

    done = assay("schedule", "resume", "sales.orders")

    assert orders.requests[-1].content == b'{"paused":false}'
    assert done.out == (
        f"orders: {words}, judged 0 6 * * * (UTC), next 2026-11-21 06:00:06 UTC\n"
        "next: assay run sales.orders --watch judges it now\n"
    )


def test_programs_get_what_was_changed(assay, orders):
    orders.says("GET", "/contracts/orders/schedule", schedule())
    orders.says("PATCH", "/contracts/orders/schedule", PAUSED)

    done = assay("schedule", "pause", "sales.orders", "--reason", "x", "--format", "json")

    assert done.document == {"items": [PAUSED], "unscheduled": []}


def test_what_has_no_schedule_cannot_stand_still(assay, orders):
    orders.refuses("GET", "/contracts/orders/schedule", 404)

    done = assay("schedule", "pause", "sales.orders", "--reason", "x")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "assay: sales.orders has no schedule: it is judged only when asked, so nothing changes\n"
    )


def test_a_pause_needs_a_reason(assay):
    done = assay("schedule", "pause", "sales.orders")

    assert done.status == 2
    assert done.err == (
        "assay: --reason is missing: why, such as 'the source moves this week'; it is told and "
        "kept. See 'assay schedule pause --help'.\n"
    )


def test_a_token_that_may_not_is_exit_5(assay, orders):
    orders.says("GET", "/contracts/orders/schedule", schedule())
    orders.refuses("PATCH", "/contracts/orders/schedule", 403, "forbidden", "'me' may not")

    done = assay("schedule", "pause", "sales.orders", "--reason", "x")

    assert (done.status, done.err) == (
        5,
        "assay: 'me' may not; use a token that may, in ASSAY_TOKEN\n",
    )
