import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from checks.model import Outcome
from tests.api.guests import Guest
from tests.cast import ADMIN, ORDERS
from tests.usecases.world import World
from usecases.request_run import request_run
from usecases.schedules import Wish, set_schedule

CARD = "/products/sales.orders"
CRITICAL = """\
        quality:
          - {id: few, metric: nullValues, mustBe: 0, severity: critical, dimension: conformity}
          - {id: none, metric: nullValues, mustBe: 0, severity: critical, dimension: conformity}"""
HOSTILE = '"><script>alert(1)</script>'


def judged(world: World, **said: Outcome) -> None:
    world.judge.said = {key.replace("_", "-"): outcome for key, outcome in said.items()}
    world.publish()
    assert world.pass_time() == [True]


def again(world: World, **said: Outcome) -> None:
    world.judge.said = said
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    assert world.drain() == [True]


def looks(page: str) -> list[str]:
    return re.findall(r'class="look (\w+)"', page)


def test_a_card_says_who_answers_and_how_it_stands(world: World, viewer: Guest):
    judged(world)

    page = viewer.get(CARD).text

    for words in ("Every order.", "Order desk", "1.0.0", "All clauses pass", "keeps its promises"):
        assert words in page
    assert "no-print" in page
    assert "badge.svg" in page


def test_a_failure_is_told_first_and_with_its_rows(world: World, owner: Guest):
    judged(world, enum=Outcome.FAILED)

    page = owner.get(CARD).text

    assert "1 clause is failing." in page
    assert "fails on 3 of 9 rows" in page
    assert "33.33 %" in page
    assert looks(page)[0] == "failed"
    assert looks(page) == sorted(looks(page), key=["failed", "passed", "skipped"].index)
    assert "/incidents/1" in page


def test_offending_cells_are_marked_and_escaped(world: World, owner: Guest):
    judged(world, enum=Outcome.FAILED)

    page = owner.get(CARD).text

    cells = re.findall(r'<td class="hit">(.*?)</td>', page)
    assert cells == [
        "gone",
        "<i>null</i>",
        "<i>empty</i>",
        "true",
        "&lt;b&gt;bold&lt;/b&gt;",
        "false",
    ]
    assert "id masked" in page


def test_rows_are_not_shown_to_who_is_no_owner(world: World, viewer: Guest):
    judged(world, enum=Outcome.FAILED)

    page = viewer.get(CARD).text

    assert "bold" not in page
    assert "shown to owners of this domain only" in page


def test_what_could_not_be_judged_is_neither_failed_nor_green(world: World, viewer: Guest):
    judged(world)
    again(world, enum=Outcome.ERRORED)

    page = viewer.get(CARD).text

    assert "1 clause could not be judged." in page
    assert "This says nothing about the data: the disk is gone" in page
    assert "failing." not in page
    assert looks(page)[0] == "errored"
    assert 'class="ring fault"' in page
    assert "1 not judged" in page
    assert "The last verdict" in page
    assert "was passed" in page
    assert "1 clause not judged" in viewer.get("/").text


def test_a_port_that_passes_hides_no_port_that_could_not_be_judged(world: World, viewer: Guest):
    judged(world, enum=Outcome.ERRORED)
    world.judge.said = {}
    world.publish(ORDERS.replace("id: orders\n", "id: more\n", 1))
    with world.store.write() as shelf:
        shelf.schedules.remove("orders")
    world.pass_time()

    page = viewer.get("/").text

    assert "1 clause not judged" in page
    assert "keeps its promises" not in page


def test_a_run_that_was_lost_is_told(world: World, viewer: Guest):
    judged(world)
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    for _ in range(2):
        with world.store.write() as shelf:
            shelf.runs.claim(
                2, owner="x", now=world.clock(), lease_until=world.clock() + timedelta(seconds=1)
            )
        world.clock.pass_(seconds=5)
        world.reap()

    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)

    page = viewer.get(CARD).text

    assert "last run lost" in page
    assert "The last run did not end well." in page
    assert "no sign of life from its worker" in page
    assert "last run lost" in viewer.get("/").text
    assert "not judged" in viewer.get(f"/api/v1{CARD}/badge.svg").text


def test_a_failing_clause_of_low_severity_looks_minor(world: World, viewer: Guest):
    text = ORDERS.replace("- id: some-rows", "- id: some-rows\n        severity: low")
    world.judge.said = {"some-rows": Outcome.FAILED}
    world.publish(text)
    world.pass_time()

    assert looks(viewer.get(CARD).text)[0] == "minor"


def test_not_measured_is_neither_nothing_nor_all(world: World, viewer: Guest):
    world.publish()

    page = viewer.get(CARD).text

    assert "Not measured yet" in page
    assert "neither 0 nor 100" in page
    assert "ring-figure" not in page
    assert "No score has been recorded yet" in page


def test_a_score_without_recent_verdicts_leads_with_its_lower_bound(world: World, viewer: Guest):
    judged(world)
    world.clock.pass_(seconds=25)

    page = viewer.get(CARD).text

    assert "At least" in page
    assert "too little evidence" in page
    assert 'class="ring unproven"' in page


def test_a_cap_is_explained(world: World, viewer: Guest):
    text = ORDERS.replace("logicalType: integer", "logicalType: integer\n" + CRITICAL)
    world.judge.said = {"few": Outcome.FAILED}
    world.publish(text)
    world.pass_time()

    page = viewer.get(CARD).text

    assert re.search(r"Capped, would be \d+", page)
    assert "1 critical clause is failing." in page


def test_whatever_a_document_says_is_escaped(world: World, admin: Guest):
    text = ORDERS.replace("Every order.", f"'{HOSTILE}'").replace("Order desk", f"'{HOSTILE}'")
    text = text.replace("dataProduct: orders", f"dataProduct: '{HOSTILE}'")
    text = text.replace("name: status", f"name: '{HOSTILE}'")
    text = text.replace("description: We are kind.", f"description: '{HOSTILE}'")
    world.judge.said = {"enum": Outcome.FAILED}
    published = world.publish(text)
    world.pass_time()

    pages = [
        admin.get(path).text
        for path in (
            "/",
            f"/products/{published.version.product}",
            "/runs/1",
            "/incidents",
            "/incidents/1",
            "/contracts/orders",
            f"/api/v1/products/{published.version.product}/badge.svg",
        )
    ]

    assert not [page for page in pages if "alert(1)" in page and "<script>alert" in page]
    assert sum("&lt;script&gt;alert(1)" in page for page in pages) >= 4


def test_times_are_told_twice(world: World, viewer: Guest):
    judged(world)
    world.clock.pass_(minutes=14)

    page = viewer.get(CARD).text

    assert (
        '<time datetime="2026-11-20T12:00:10+00:00" title="2026-11-20 12:00:10 UTC">14 min ago'
        in page
    )


@pytest.mark.parametrize("role", ["viewer", "owner"])
def test_the_frame_says_who_is_there_and_what_is_open(world: World, request, role: str):
    judged(world, enum=Outcome.FAILED)
    guest: Guest = request.getfixturevalue(role)

    page = guest.get("/").text

    assert {"viewer": "vera", "owner": "olga"}[role] in page
    assert '<span class="count" title="1 open">1</span>' in page


def test_nothing_is_styled_or_scripted_inline(world: World, owner: Guest):
    judged(world, enum=Outcome.FAILED)

    page = owner.get(CARD).text

    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r" on\w+=", page)


def test_one_cause_of_many_errors_is_told_once(world: World, viewer: Guest):
    world.judge.outcome = Outcome.ERRORED
    world.publish()
    world.pass_time()

    page = viewer.get(CARD).text
    block = page[page.index('data-outcome="errored">') :]

    assert page.count("Could not be judged:") == 1
    assert "<b>9 clauses</b> <code>orders</code>" in page
    assert "<code>status</code> is one of open, done" in block
    assert "9 clauses could not be judged." in page


def test_after_runs_without_a_verdict_the_next_one_is_not_called_the_first(
    world: World, viewer: Guest
):
    world.judge.outcome = Outcome.ERRORED
    world.publish()
    before = viewer.get(CARD).text
    world.pass_time()
    after = viewer.get(CARD).text

    assert "No score has been recorded yet; the first run is due" in before
    assert "no run has ended with a verdict so far; the next run is due" in after
    assert "the first run" not in after


def test_only_the_first_sample_is_open_and_a_long_one_is_folded(world: World, owner: Guest):
    judged(world, enum=Outcome.FAILED, required=Outcome.FAILED)

    page = owner.get(CARD).text

    assert page.count('<details class="sample" open>') == 1
    assert page.count('<details class="sample">') == 1
    assert page.count("and 1 more sampled") == 2


def test_the_alert_leads_to_the_clause_it_is_about(world: World, owner: Guest):
    judged(world, enum=Outcome.FAILED)

    page = owner.get(CARD).text

    target = re.search(r'<a href="#([^"]+)">', page[page.index("is failing.") :])
    assert target
    assert f'id="{unquote(target[1])}"' in page


def test_what_passes_is_grouped_by_object_and_told_in_sentences(world: World, viewer: Guest):
    judged(world, enum=Outcome.FAILED)

    page = viewer.get(CARD).text

    assert "<b>8 passed</b> <code>orders</code>" in page
    assert "<code>id</code> is never null</span>" in page
    assert "<b>1 promise between people</b>" in page
    assert "We are kind." in page


def test_what_is_kept_of_a_long_contract_lies_behind_a_link(world, viewer: Guest, monkeypatch):
    monkeypatch.setattr("api.pages.scorecard.INLINE", 5)
    judged(world, enum=Outcome.FAILED)

    page = viewer.get(CARD).text
    linked = re.search(r'<p><a href="([^"]+)">Show what orders keeps', page)

    assert linked
    assert "is never null" not in page
    assert "is never null" in viewer.get(linked[1].replace("&amp;", "&")).text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?q=STATUS+one", "status</code> is one of", "is never null"),
        ("?state=failed", "status</code> is one of", "is never null"),
        ("?state=passed&object=orders", "is never null", "status</code> is one of"),
        ("?clause=/schema/orders/properties/id/required", "is never null", "no value twice"),
        ("?q=nothing+like+it", "No clause fits.", "is never null"),
    ],
)
def test_clauses_are_found_by_words_outcome_and_place(
    world: World, owner: Guest, query: str, shown: str, hidden: str
):
    judged(world, enum=Outcome.FAILED)

    page = owner.get(f"{CARD}/clauses{query}").text

    assert shown in page
    assert hidden not in page


def test_a_long_list_of_clauses_comes_in_pages(world: World, viewer: Guest, monkeypatch):
    monkeypatch.setattr("api.pages.clauses.MOST", 4)
    judged(world)

    first = viewer.get(f"{CARD}/clauses?state=passed").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = viewer.get(following[1].replace("&amp;", "&")).text

    assert following[1] == f"{CARD}/clauses?state=passed&amp;from=4"
    assert f'rel="prev" href="{CARD}/clauses?state=passed&amp;from=0"' in second
    assert set(re.findall(r'tr [^>]*id="([^"]+)"', first)).isdisjoint(
        re.findall(r'tr [^>]*id="([^"]+)"', second)
    )


def test_a_card_of_the_past_says_so_and_changes_nothing(world: World, owner: Guest):
    judged(world)
    then = world.clock()
    world.clock.pass_(minutes=5)
    again(world, enum=Outcome.FAILED)

    past = owner.get(CARD, params={"at": then.strftime("%Y-%m-%dT%H:%M:%S")}).text

    assert "This is the past." in past
    assert "2026-11-20 12:00:10 UTC" in past
    assert "All clauses pass" in past
    assert "Judge now" not in past
    assert "1 clause is failing" in owner.get(CARD, params={"at": ""}).text


@pytest.mark.parametrize(("at", "status"), [("2020-01-01", 404), ("2099-01-01", 422), ("x", 422)])
def test_a_past_that_is_none_is_a_page_that_says_why(world, viewer: Guest, at: str, status: int):
    judged(world)

    assert viewer.get(CARD, params={"at": at}).status_code == status


def test_why_a_score_changed_is_told(world: World, viewer: Guest):
    judged(world)
    world.clock.pass_(minutes=5)
    again(world, enum=Outcome.FAILED)

    page = viewer.get(f"{CARD}/why?since=2026-11-20T12:01").text

    assert "orders.status: one of open, done - failed since 20 Nov 12:05, run 2" in page
    assert 'href="/runs/2"' in page


def test_after_the_first_run_what_passed_is_told_in_one_sentence(world: World, viewer: Guest):
    judged(world)

    page = viewer.get(f"{CARD}/why").text

    assert page.count("promises were judged for the first time: all kept") == 1
    assert "judged at" not in page


def test_versions_are_marked_where_they_began(world: World, viewer: Guest):
    judged(world)
    world.clock.pass_(hours=1)
    world.publish(ORDERS.replace("version: 1.0.0", "version: 1.1.0"))

    page = viewer.get(CARD).text

    assert "Version 1.1.0, published 2026-11-20 13:00:10 UTC by ada" in page
    assert 'href="/contracts/orders?version=1.1.0"' in page


def test_the_badge_can_be_had_in_three_forms(world: World, viewer: Guest):
    judged(world)

    page = viewer.get(CARD).text

    badge = "http://testserver/api/v1/products/sales.orders/badge.svg"
    assert f"[![data quality]({badge})](http://testserver/products/sales.orders)" in page
    assert f"&lt;img src=&#34;{badge}&#34; alt=&#34;data quality&#34;&gt;" in page
    assert page.count(f'data-copy="{badge}"') == 1


def test_who_may_asks_for_a_run_and_sees_it(world: World, producer: Guest, viewer: Guest):
    judged(world)

    answer = producer.in_browser().post(f"{CARD}/run", headers={"Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/runs/2")
    assert "Judge now" in producer.get(CARD).text
    assert "Judge now" not in viewer.get(CARD).text


def test_a_schedule_that_is_paused_says_so(world: World, viewer: Guest):
    judged(world)
    wish = Wish(paused=True, reason="no power")
    set_schedule(world.store, "orders", wish, by=ADMIN, clock=world.clock)

    page = viewer.get(CARD).text

    assert "<dd>paused</dd>" in page
    assert '<span class="pill unproven">paused</span>' in page
    assert "by ada: no power" in page


def test_support_is_linked_but_no_webhook(world: World, viewer: Guest):
    hook = "https://hooks.example.org/secret"
    support = f"  - channel: hook\n    tool: webhook\n    url: {hook}\nservers:"
    world.publish(ORDERS.replace("servers:", support, 1))

    page = viewer.get(CARD).text

    assert '<a href="mailto:desk@example.org" rel="noreferrer">desk</a>' in page
    assert "secret" not in page
