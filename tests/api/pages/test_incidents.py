import pytest

from checks.model import Outcome
from tests.api.guests import Guest
from tests.cast import ORDERS
from tests.usecases.world import World

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def _trouble(world: World) -> None:
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()


def test_without_incidents_the_list_says_what_would_be_there(viewer: Guest):
    assert (
        "When a blocking clause fails, its product gets an incident here"
        in viewer.get("/incidents").text
    )


@pytest.mark.usefixtures("_trouble")
def test_an_incident_shows_its_life(viewer: Guest):
    page = viewer.get("/incidents/1").text

    for words in ("What happened", "d…@example.org", "/properties/status/enum", "nobody yet"):
        assert words in page
    assert "Acknowledge" not in page


@pytest.mark.usefixtures("_trouble")
def test_an_incident_names_its_promises_in_words(viewer: Guest):
    page = viewer.get("/incidents/1").text

    assert "<b>status is one of open, done</b></a> <code>orders.status</code>" in page
    assert (
        '<p class="bad-text">3 of 9 rows are wrong <span class="mut">(33.33 %)</span></p>' in page
    )
    assert '<code class="long">/schema/orders/properties/status/enum</code>' in page


@pytest.mark.usefixtures("_trouble")
def test_only_those_who_may_see_the_rows_behind_a_breach(owner: Guest, viewer: Guest):
    shown, blind = owner.get("/incidents/1").text, viewer.get("/incidents/1").text

    assert '<td class="hit">gone</td>' in shown
    assert "sample rows" not in blind
    assert "shown to owners of this domain only" in blind


@pytest.mark.usefixtures("_trouble")
def test_an_incident_says_who_was_told_and_how_it_went(world: World, owner: Guest):
    world.broken_post = "the mailbox is gone"
    world.judge.said = {}
    world.pass_time()

    page = owner.get("/incidents/1").text

    assert "desk@example.org" in page
    assert '<span class="pill ok">delivered</span>' in page
    assert "the mailbox is gone" in page


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", True),
        ("?state=all", True),
        ("?state=triggered&kind=breach", True),
        ("?product=sales.orders", True),
        ("?state=resolved", False),
        ("?kind=outage", False),
        ("?product=sales.other", False),
    ],
)
def test_incidents_are_found_by_state_kind_and_product(viewer: Guest, query: str, *, there: bool):
    page = viewer.get(f"/incidents{query}").text

    assert ('href="/incidents/1"' in page) == there
    assert ("No incident fits." in page) != there


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Outcome.PASSED, "Kept by the newest run."),
        (Outcome.ERRORED, "Could not be judged by the newest run: the disk is gone"),
    ],
)
def test_an_incident_says_how_its_promises_stand_now(world: World, viewer: Guest, said, words):
    world.judge.said = {"enum": said}
    world.pass_time()

    page = viewer.get("/incidents/1").text

    assert words in page
    assert "3 of 9" not in page


@pytest.mark.usefixtures("_trouble")
def test_a_promise_that_is_made_no_more_keeps_its_key(world: World, viewer: Guest):
    world.publish(
        ORDERS.replace("1.0.0", "2.0.0").replace("enum: [{value: open}, {value: done}]", "")
    )

    page = viewer.get("/incidents/1").text

    assert "A promise that is made no more" in page
    assert "/properties/status/enum</code>" in page


@pytest.mark.usefixtures("_trouble")
def test_an_owner_takes_it_on_and_ends_it_by_forms(owner: Guest):
    guest = owner.in_browser()

    first = guest.post("/incidents/1/acknowledge", headers=SAME)
    taken = guest.get("/incidents/1").text
    second = guest.post("/incidents/1/resolve", data={"reason": "<reloaded>"}, headers=SAME)
    ended = guest.get("/incidents/1").text

    assert (first.status_code, first.headers["location"]) == (303, "/incidents/1")
    assert second.status_code == 303
    assert "olga" in taken
    assert "Acknowledge</button>" not in taken
    assert "&lt;reloaded&gt;" in ended
    assert "Resolve</button>" not in ended


@pytest.mark.usefixtures("_trouble")
def test_ending_it_without_a_reason_is_refused(owner: Guest):
    answer = owner.in_browser().post("/incidents/1/resolve", data={}, headers=SAME)

    assert answer.status_code == 422
    assert "say why incident 1 of sales.orders is resolved" in answer.text


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_cannot_act_for_an_owner(owner: Guest, headers):
    answer = owner.in_browser().post("/incidents/1/acknowledge", headers=headers)

    assert answer.status_code == 403
    assert "nobody yet" in owner.get("/incidents/1").text


@pytest.mark.usefixtures("_trouble")
def test_older_incidents_are_a_link_away(world: World, viewer: Guest, monkeypatch):
    other = ORDERS.replace("id: orders", "id: b", 1).replace("Product: orders", "Product: b")
    world.publish(other)
    world.pass_time()
    monkeypatch.setattr("api.pages.incidents._MOST", 1)

    first = viewer.get("/incidents?state=all").text
    second = viewer.get("/incidents?state=all&before=2").text

    assert 'href="/incidents?state=all&amp;before=2"' in first
    assert 'href="/incidents/1"' not in first
    assert 'href="/incidents/1"' in second


@pytest.mark.usefixtures("_trouble")
def test_more_incidents_than_can_be_counted_are_counted_so(viewer: Guest, monkeypatch):
    monkeypatch.setattr("api.pages.rendering._MANY", 0)

    assert '<span class="count" title="0+ open">0+</span>' in viewer.get("/").text


def test_an_outage_says_that_nothing_is_known_about_the_data(world: World, viewer: Guest):
    world.judge.outcome = Outcome.ERRORED
    world.publish()
    for _ in range(3):
        world.pass_time()

    page = viewer.get("/incidents/1").text

    assert "could not be judged" in page
    assert "None: the product could not be judged, which says nothing about its data." in page


def test_a_notice_shows_why_it_failed_and_when_it_is_tried_again(owner: Guest, world: World):
    world.broken_post = "the <server> is busy"
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()

    page = owner.get("/incidents/1").text

    for words in ("desk@example.org", "the &lt;server&gt; is busy", "next try"):
        assert words in page
    assert 'id="acknowledge"' in page  # where messages lead


def test_an_incident_says_what_could_not_be_judged_apart_from_what_failed(
    world: World, viewer: Guest
):
    world.judge.said = {"enum": Outcome.FAILED, "unique": Outcome.ERRORED}
    world.publish()
    world.pass_time()

    page = viewer.get("/incidents/1").text
    _, _, unjudged = page.partition('id="unjudged"')
    unjudged, _, _ = unjudged.partition("</section>")

    for words in (
        "What could not be judged",
        '<a href="/runs/1">Run 1</a> gave no verdict on these',
        "1 clause could not be judged",
        "the disk is gone",
        "has no value twice</a>",
        "1 promise between people",
        "We are kind.",
    ):
        assert words in unjudged
    assert "one of open, done" not in unjudged


def test_an_incident_whose_run_judged_all_says_nothing_of_what_was_not(world: World, viewer: Guest):
    world.judge.said = {"enum": Outcome.FAILED}
    people = ORDERS.index("      - id: promise")
    world.publish(ORDERS[:people] + ORDERS[ORDERS.index("customProperties", people) :])
    world.pass_time()

    assert "could not be judged" not in viewer.get("/incidents/1").text


def test_a_notice_says_that_its_receiver_is_disabled(viewer: Guest, world: World):
    world.removed = {("email", "desk@example.org")}
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()

    page = viewer.get("/incidents/1").text

    assert "the receiver is disabled since" in page
    assert "desk@example.org" not in page
