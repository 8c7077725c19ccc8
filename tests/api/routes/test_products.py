import pytest

from checks.model import Outcome
from runtime.settings import Settings
from tests.api.guests import Guest, problem_of
from tests.cast import ORDERS
from tests.usecases.world import World

PRODUCTS = "/api/v1/products"
ORDERS_AT = f"{PRODUCTS}/sales.orders"
STATES = "'failing', 'incident', 'unproven', 'errored', 'never_run' or 'healthy'"
AHEAD = (
    "2026-11-20 23:00:00 UTC lies ahead: give a moment up to 2026-11-20 12:00:00 UTC, which is now"
)
TOO_EARLY = (
    "there is no card of 'sales.orders' at 2026-11-01 00:00:00 UTC: it was first published at "
    "2026-11-20 12:00:00 UTC"
)
FAILED = "orders.status: one of open, done - failed since 20 Nov 12:00, run 2 (-4.4)"


def judged(world: World, **said: Outcome) -> None:
    world.judge.said = said
    world.publish()
    assert world.pass_time() == [True]


@pytest.fixture
def published(world: World, viewer: Guest) -> Guest:
    """Somebody who reads, where a product was published."""
    world.publish()
    return viewer


def test_a_product_is_listed_with_its_score(world: World, viewer: Guest):
    judged(world)

    rows = viewer.get(PRODUCTS).json()["items"]

    assert [row["key"] for row in rows] == ["sales.orders"]
    assert rows[0]["score"]["quality"] == 100
    assert rows[0]["last_run"]["outcome"] == "passed"
    assert rows[0] == viewer.get(ORDERS_AT).json()


def test_products_are_listed_page_by_page(world: World, viewer: Guest):
    for name in ("a", "b", "c"):
        text = ORDERS.replace("id: orders\n", f"id: {name}\n", 1)
        world.publish(text.replace("dataProduct: orders", f"dataProduct: {name}"))

    first = viewer.get(PRODUCTS, params={"limit": 2}).json()
    second = viewer.get(PRODUCTS, params={"limit": 2, "after": first["next"]}).json()

    assert [row["key"] for row in first["items"]] == ["sales.a", "sales.b"]
    assert [row["key"] for row in second["items"]] == ["sales.c"]
    assert (first["total"], second["total"], second["next"]) == (3, 3, None)
    assert first["domains"] == [{"name": "sales", "products": 3}]
    assert first["owners"] == [{"name": "Order desk", "products": 3}]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "STATUS orders"}, 1),
        ({"q": "price"}, 0),
        ({"domain": "sales", "owner": "Order desk"}, 1),
        ({"domain": "finance"}, 0),
        ({"state": "failing"}, 1),
        ({"state": "healthy"}, 0),
        ({"min_score": 0, "max_score": 99, "order": "score"}, 1),
        ({"min_score": 100}, 0),
    ],
)
def test_products_are_found_by_what_they_are_like(
    world: World, viewer: Guest, asked: dict[str, str], found: int
):
    judged(world, enum=Outcome.FAILED)

    assert viewer.get(PRODUCTS, params=asked).json()["total"] == found


@pytest.mark.parametrize(
    ("asked", "pointer", "detail"),
    [
        (
            {"state": "odd"},
            "/query/state",
            f"Input should be {STATES}",
        ),
        ({"order": "odd"}, "/query/order", "Input should be 'attention', 'score' or 'key'"),
        (
            {"after": "sales.a"},
            "/query/after",
            "is no cursor of this list: give 'next' of the page before",
        ),
        (
            {"after": "score:0:1.0:a"},
            "/query/after",
            "is of a list by score, and this one is by key",
        ),
        (
            {"min_score": "nan"},
            "/query/min_score",
            "Input should be a finite number",
        ),
    ],
)
def test_an_unknown_word_or_cursor_is_refused_with_the_known_ones(
    viewer: Guest, asked: dict[str, str], pointer: str, detail: str
):
    answer = viewer.get(PRODUCTS, params=asked)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["detail"]) == (pointer, detail)


def test_a_product_never_run_is_not_measured(world: World, viewer: Guest):
    world.publish()

    found = viewer.get(ORDERS_AT).json()

    assert found["score"]["quality"] is None
    assert (found["last_run"], found["open_incidents"]) == (None, 0)


def test_a_scorecard_says_all_clauses_with_their_answers(world: World, owner: Guest):
    judged(world, enum=Outcome.FAILED)

    card = owner.get(f"{ORDERS_AT}/scorecard").json()

    failed = [row for row in card["clauses"] if row["outcome"] == "failed"]
    assert [row["kind"] for row in failed] == ["enum"]
    assert failed[0]["evidence"]["offending"] == ["status"]
    assert failed[0]["lost"] > 0
    assert card["incidents"][0]["open"]
    assert card["ports"][0]["schedule"]["every_seconds"] == 10
    assert len(card["history"]) == len(card["runs"]) == 1


@pytest.mark.parametrize("who", ["viewer", "producer", "stranger"])
def test_evidence_is_for_owners_only(world: World, request, who: str):
    judged(world, enum=Outcome.FAILED)
    guest: Guest = request.getfixturevalue(who)

    card = guest.get(f"{ORDERS_AT}/scorecard")

    assert not card.json()["evidence_shown"]
    assert "bold" not in card.text
    assert {row["evidence"] for row in card.json()["clauses"]} == {None}


def test_what_nobody_could_judge_is_counted_even_while_the_next_run_waits(
    world: World, producer: Guest
):
    judged(world, enum=Outcome.ERRORED)
    producer.post(f"{ORDERS_AT}/runs")

    listed = producer.get(PRODUCTS).json()["items"][0]
    card = producer.get(f"{ORDERS_AT}/scorecard").json()

    assert listed["last_run"]["state"] == "queued"
    assert (listed["errored"], listed["lost_runs"]) == (1, 0)
    assert (card["errored"], card["lost_runs"]) == (1, 0)
    assert listed == producer.get(ORDERS_AT).json()


def test_asking_for_a_run_answers_before_it_is_done(world: World, producer: Guest):
    world.publish()

    answer = producer.post(f"{ORDERS_AT}/runs")

    assert answer.status_code == 202
    run = answer.json()["runs"][0]
    assert (run["state"], run["trigger"], run["outcome"]) == ("queued", "api", None)
    assert producer.get(answer.headers["location"]).json() == run


def test_the_same_idempotency_key_gives_the_same_run(world: World, producer: Guest):
    world.publish()

    first = producer.post(f"{ORDERS_AT}/runs", headers={"Idempotency-Key": "k"}).json()
    again = producer.post(f"{ORDERS_AT}/runs", headers={"Idempotency-Key": "k"}).json()
    world.pass_time()
    other = producer.post(f"{ORDERS_AT}/runs", headers={"Idempotency-Key": "l"}).json()

    assert first == again
    assert other["runs"][0]["id"] != first["runs"][0]["id"]


def test_another_request_joins_the_run_that_waits(world: World, producer: Guest):
    world.publish()

    first, again = (producer.post(f"{ORDERS_AT}/runs").json()["runs"][0] for _ in range(2))

    assert again["id"] == first["id"]
    assert (first["triggers"], again["triggers"]) == (1, 2)
    assert again["interval"]["start"] is None


def test_an_idempotency_key_has_a_bound(world: World, producer: Guest):
    world.publish()

    answer = producer.post(f"{ORDERS_AT}/runs", headers={"Idempotency-Key": "k" * 201})

    assert problem_of(answer) == (422, "invalid-request")
    assert answer.json()["errors"][0]["pointer"] == "/header/idempotency-key"


def test_a_viewer_may_not_ask_for_runs(world: World, viewer: Guest):
    world.publish()

    assert problem_of(viewer.post(f"{ORDERS_AT}/runs")) == (403, "forbidden")


def test_a_product_without_a_port_has_nothing_to_run(world: World, admin: Guest, monkeypatch):
    world.publish()
    monkeypatch.setattr("api.routes.products.request_run", lambda *_, **__: ())

    assert problem_of(admin.post(f"{ORDERS_AT}/runs")) == (404, "not-found")


@pytest.mark.parametrize("path", ["", "/scorecard", "/badge.svg"])
def test_an_unknown_product_is_not_found(viewer: Guest, path: str):
    assert problem_of(viewer.get(f"{PRODUCTS}/nope{path}")) == (404, "not-found")


def test_a_badge_is_a_picture_that_may_be_kept_for_a_minute(world: World, viewer: Guest):
    judged(world)

    answer = viewer.get(f"{ORDERS_AT}/badge.svg")

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert answer.text.startswith("<svg")


def test_a_badge_asks_for_a_token(nobody: Guest):
    assert problem_of(nobody.get(f"{ORDERS_AT}/badge.svg")) == (401, "unauthenticated")


class TestPublicBadges:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(public_badges=True)

    def test_a_badge_is_for_all(self, world: World, nobody: Guest):
        judged(world)

        answer = nobody.get(f"{ORDERS_AT}/badge.svg")

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=60"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"

    def test_nothing_else_is(self, nobody: Guest):
        assert nobody.get(f"{ORDERS_AT}/scorecard").status_code == 401

    def test_what_it_does_not_know_is_refused_as_from_anybody(self, world: World, nobody: Guest):
        judged(world)

        answer = nobody.get(f"{ORDERS_AT}/badge.svg?{'x' * 4000}=1")

        assert problem_of(answer) == (422, "invalid-input")


def test_a_badge_is_not_green_while_a_blocking_clause_is_not_judged(world: World, viewer: Guest):
    judged(world)
    world.judge.said = {"enum": Outcome.ERRORED}
    world.pass_time()

    drawn = viewer.get(f"{ORDERS_AT}/badge.svg").text

    assert "data quality: not judged" in drawn


def test_a_scorecard_can_be_read_as_it_was_known_on_a_date(world: World, viewer: Guest):
    world.publish()
    before = viewer.get(f"{ORDERS_AT}/scorecard").json()
    world.pass_time()

    then = viewer.get(f"{ORDERS_AT}/scorecard", params={"at": "2026-11-20T12:00:00"}).json()

    assert then == before
    assert then["at"] == "2026-11-20T12:00:00Z"


@pytest.mark.parametrize("question", ["/scorecard?at", "/scorecard/explain?since"])
@pytest.mark.parametrize(
    ("moment", "problem", "detail"),
    [
        ("2026-11-21T00:00:00%2B01:00", (422, "not-yet"), AHEAD),
        ("2026-11-01", (404, "not-found"), TOO_EARLY),
        ("soon", (422, "invalid-request"), "the request has 1 problem"),
        ("0001-01-01T00:00:00%2B10:00", (422, "invalid-request"), "the request has 1 problem"),
    ],
)
def test_a_moment_that_has_no_card_is_told_why(
    published: Guest, question: str, moment: str, problem: tuple[int, str], detail: str
):
    answer = published.get(f"{ORDERS_AT}{question}={moment}")

    assert problem_of(answer) == problem
    assert answer.json()["detail"] == detail


def test_a_change_of_score_is_explained_in_sentences(world: World, viewer: Guest):
    judged(world)
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()

    found = viewer.get(f"{ORDERS_AT}/scorecard/explain", params={"since": "2026-11-20T12:00:10Z"})

    assert found.json()["changes"] == [
        {
            "kind": "failed",
            "contract": "orders",
            "clause": "/schema/orders/properties/status/enum",
            "schema": "orders",
            "column": "status",
            "points": pytest.approx(-4.4557, abs=1e-3),
            "at": "2026-11-20T12:00:20Z",
            "run": 2,
            "version": None,
            "why": "3 of 9 rows are wrong",
            "sentence": FAILED,
        }
    ]
    assert found.json()["then"]["quality"] == 100


def test_the_cap_has_no_clause_in_an_explanation(world: World, viewer: Guest):
    judged(world, enum=Outcome.FAILED)
    shorter = ORDERS.replace("        enum: [{value: open}, {value: done}]\n", "")
    world.clock.pass_(seconds=1)
    world.publish(shorter.replace("1.0.0", "2.0.0"))

    found = viewer.get(f"{ORDERS_AT}/scorecard/explain", params={"since": "2026-11-20T12:00:10"})

    first = found.json()["changes"][0]
    assert (first["kind"], first["clause"], first["schema"]) == ("dropped", None, None)
    assert found.json()["rest"] == "together, beyond what each moves alone (+4.4)"
