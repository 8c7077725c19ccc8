from checks.model import Outcome
from tests.api.guests import Guest
from tests.cast import ADMIN, ORDERS
from tests.usecases.world import World
from usecases.request_run import request_run


def test_a_run_shows_every_answer(world: World, owner: Guest, viewer: Guest):
    world.judge.said = {"enum": Outcome.FAILED, "some-rows": Outcome.ERRORED}
    world.publish()
    world.pass_time()

    page, blind = owner.get("/runs/1").text, viewer.get("/runs/1").text

    assert "Not everything could be judged." in page
    assert "3 of 9 rows are wrong" in page
    assert "sample rows that fail" in page
    assert "sample rows" not in blind
    assert "shown to owners" in blind


def test_a_run_that_waits_says_so(world: World, viewer: Guest):
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)

    page = viewer.get("/runs/1").text

    assert "Not recorded yet." in page
    assert "Results" not in page


def test_a_contract_shows_the_document_of_each_version(world: World, viewer: Guest):
    world.publish()
    world.publish(ORDERS.replace("version: 1.0.0", "version: 1.1.0") + "# <i>new</i>\n")

    current = viewer.get("/contracts/orders").text
    first = viewer.get("/contracts/orders?version=1.0.0").text

    assert "# &lt;i&gt;new&lt;/i&gt;" in current
    assert 'href="/contracts/orders?version=1.0.0"' in current
    assert "superseded" in first
    assert "new" not in first


def test_what_is_not_on_record_is_a_page(viewer: Guest):
    assert {viewer.get(path).status_code for path in ("/runs/9", "/contracts/x")} == {404}
    assert "This cannot be understood" in viewer.get("/runs/x").text
