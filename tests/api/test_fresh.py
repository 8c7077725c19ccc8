import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI

from api.fresh import Fresh
from api.kept import Kept
from checks.model import Outcome
from runtime.settings import Settings
from tests.api.guests import Guest, problem_of
from tests.cast import ORDERS, Clock
from tests.usecases.world import World

ORDERS_AT = "/api/v1/products/sales.orders"
CARD = f"{ORDERS_AT}/scorecard"
READ = (
    "/api/v1/products",
    ORDERS_AT,
    CARD,
    "/api/v1/runs",
    "/api/v1/runs/1",
    "/api/v1/runs/1/results",
    "/api/v1/incidents",
    "/api/v1/incidents/1",
    "/api/v1/contracts",
    "/api/v1/contracts/orders",
    "/api/v1/contracts/orders/versions",
    "/api/v1/contracts/orders/versions/1.0.0",
    "/api/v1/contracts/orders/versions/1.0.0/document",
    "/api/v1/connections",
    "/api/v1/connections/lake",
    "/api/v1/tokens",
)


@pytest.fixture
def _trouble(world: World) -> None:
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize("path", READ)
def test_what_did_not_change_is_not_sent_again(admin: Guest, path: str):
    first = admin.get(path)

    again = admin.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""
    assert "content-type" not in again.headers
    for name in ("etag", "cache-control"):
        assert again.headers[name].removeprefix("W/") == first.headers[name].removeprefix("W/")
    assert again.headers["vary"] == "Accept, Authorization, Cookie"
    assert first.headers["vary"].startswith(again.headers["vary"])
    assert first.headers["cache-control"] == "private, no-cache"


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize("told", ['"other"', "nonsense", ""])
def test_another_tag_gets_the_whole(admin: Guest, told: str):
    assert admin.get(CARD, headers={"If-None-Match": told}).status_code == 200


@pytest.mark.usefixtures("_trouble")
def test_a_card_is_unchanged_though_time_passes(admin: Guest, clock: Clock):
    first = admin.get(CARD)

    clock.pass_(seconds=1)
    second = admin.get(CARD, headers={"If-None-Match": first.headers["etag"]})

    assert first.json()["at"] != admin.get(CARD).json()["at"]
    assert second.status_code == 304


@pytest.mark.usefixtures("_trouble")
def test_a_card_is_changed_by_a_run(admin: Guest, world: World):
    first = admin.get(CARD)

    world.pass_time()

    assert admin.get(CARD, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


@pytest.mark.usefixtures("_trouble")
def test_who_may_see_more_gets_another_tag(owner: Guest, viewer: Guest):
    assert owner.get(CARD).headers["etag"] != viewer.get(CARD).headers["etag"]


def test_the_bytes_of_a_contract_are_tagged_by_their_hash(producer: Guest):
    made = producer.post("/api/v1/contracts", content=ORDERS).json()

    tag = producer.get(made["links"]["document"], headers={"Accept-Encoding": "identity"}).headers[
        "etag"
    ]

    assert tag == f'"{made["sha256"]}"'


def test_bytes_that_were_packed_on_the_way_have_a_weak_tag(producer: Guest):
    made = producer.post("/api/v1/contracts", content=ORDERS + "# more\n" * 200).json()

    packed = producer.get(made["links"]["document"], headers={"Accept-Encoding": "gzip"})
    again = producer.get(
        made["links"]["document"], headers={"If-None-Match": packed.headers["etag"]}
    )

    assert packed.headers["etag"] == f'W/"{made["sha256"]}"'
    assert again.status_code == 304


@pytest.mark.usefixtures("_trouble")
def test_asking_about_what_did_not_change_says_so(admin: Guest):
    tag = admin.get(CARD).headers["etag"]

    assert admin.head(CARD, headers={"If-None-Match": tag}).status_code == 304
    assert admin.head(CARD).headers["etag"] == tag


def test_an_error_has_no_tag_and_is_not_kept(admin: Guest):
    answer = admin.get(f"{ORDERS_AT}x", headers={"If-None-Match": "*"})

    assert problem_of(answer) == (404, "not-found")
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_what_a_change_answers_is_not_stored(admin: Guest):
    made = admin.post("/api/v1/tokens", json={"name": "x", "role": "viewer"})

    assert made.headers["cache-control"] == "no-store"


class TestKept:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(public_url="http://testserver", cache_seconds=1)

    @pytest.mark.usefixtures("_trouble")
    def test_an_answer_is_given_again_for_a_second(self, viewer: Guest, world: World, clock: Clock):
        first = viewer.get(CARD)

        clock.pass_(seconds=0.9)
        kept = viewer.get(CARD)
        world.pass_time(seconds=0.1)
        new = viewer.get(CARD)

        assert kept.json() == first.json()
        assert kept.headers["x-request-id"] != first.headers["x-request-id"]
        assert kept.headers["x-content-type-options"] == "nosniff"
        assert new.json()["at"] != first.json()["at"]

    @pytest.mark.usefixtures("_trouble")
    def test_a_change_through_this_process_is_seen_at_once(self, owner: Guest):
        before = owner.get(CARD).json()["incidents"][0]["state"]

        owner.post("/api/v1/incidents/1/acknowledge")

        assert (before, owner.get(CARD).json()["incidents"][0]["state"]) == (
            "triggered",
            "acknowledged",
        )

    @pytest.mark.usefixtures("_trouble")
    def test_what_is_kept_for_one_is_not_shown_to_another(
        self, owner: Guest, viewer: Guest, nobody: Guest
    ):
        owner.get(CARD)

        assert not viewer.get(CARD).json()["evidence_shown"]
        assert problem_of(nobody.get(CARD)) == (401, "unauthenticated")

    @pytest.mark.usefixtures("_trouble")
    def test_a_token_that_is_closed_opens_nothing_from_then_on(self, admin: Guest, viewer: Guest):
        viewer.get(CARD)

        admin.delete(f"/api/v1/tokens/{admin.get('/api/v1/tokens').json()['items'][-1]['id']}")

        assert viewer.get(CARD).status_code == 401

    @pytest.mark.usefixtures("_trouble")
    def test_a_token_that_expired_opens_nothing_a_second_later(
        self, admin: Guest, app: FastAPI, clock: Clock
    ):
        wanted = {"name": "brief", "role": "viewer", "lifetime_days": 1}
        brief = Guest(app, admin.post("/api/v1/tokens", json=wanted).json()["secret"])
        clock.now += timedelta(days=1, seconds=-0.5)
        brief.get(CARD)

        clock.pass_(seconds=0.9)
        within = brief.get(CARD).status_code
        clock.pass_(seconds=0.1)
        after = brief.get(CARD).status_code

        assert (within, after) == (200, 401)

    @pytest.mark.usefixtures("_trouble")
    def test_a_kept_answer_that_is_there_already_is_not_sent_again(self, viewer: Guest):
        tag = viewer.get(CARD).headers["etag"]

        assert viewer.get(CARD, headers={"If-None-Match": tag}).status_code == 304


def test_the_same_answer_is_made_once_for_all_who_wait(clock: Clock):
    asked: list[str] = []
    sent: list[int] = []

    async def app(scope, receive, send):
        asked.append(scope["path"])
        await asyncio.sleep(0)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    async def send(message) -> None:
        sent.extend([message["status"]] if "status" in message else [])

    async def all_at_once() -> None:
        fresh = Fresh(app, kept=Kept(1, clock), at_once=2)
        scope = {"type": "http", "method": "GET", "path": CARD, "query_string": b"", "headers": []}
        await asyncio.gather(*(fresh(scope, None, send) for _ in range(5)))  # type: ignore[arg-type]  # nothing is received

    asyncio.run(all_at_once())

    assert asked == [CARD]
    assert sent == [200] * 5
