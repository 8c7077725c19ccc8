from tests.api.guests import Guest
from tests.cast import ORDERS
from tests.usecases.world import World


def test_a_contract_shows_the_document_of_each_version(world: World, viewer: Guest):
    world.publish()
    world.publish(ORDERS.replace("version: 1.0.0", "version: 1.1.0") + "# <i>new</i>\n")

    current = viewer.get("/contracts/orders").text
    first = viewer.get("/contracts/orders?version=1.0.0").text

    assert "# &lt;i&gt;new&lt;/i&gt;" in current
    assert 'href="/contracts/orders?version=1.0.0"' in current
    assert "superseded" in first
    assert "<i>new" not in first


def test_a_contract_says_what_it_promises_and_where_it_is_written(world: World, viewer: Guest):
    world.publish()
    line = ORDERS.splitlines().index("      - name: status") + 1

    page = viewer.get("/contracts/orders").text

    assert "string · one of open, done" in page
    assert f'<code>status</code> <a class="at" href="#L{line}"' in page
    assert f'<span class="line" id="L{line}">' in page
    assert 'We are kind. <a class="at"' in page
    assert "every 10 seconds" in page


def test_a_contract_that_is_not_there_is_a_page(world: World, viewer: Guest):
    world.publish()

    paths = ("/contracts/x", "/contracts/orders?version=9")
    assert {viewer.get(path).status_code for path in paths} == {404}
