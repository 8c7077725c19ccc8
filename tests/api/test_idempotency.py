import threading
from typing import Final

import pytest
from fastapi import FastAPI

from access.model import Role
from api.idempotency import Idempotent
from api.routes import contracts
from checks.model import Outcome
from store.errors import StoreUnavailable
from store.sql_store import SqlStore
from tests.api.guests import Guest, problem_of
from tests.cast import ORDERS, Clock
from tests.usecases.world import World
from usecases.publish import publish

CONTRACTS: Final = "/api/v1/contracts"
TOKENS: Final = "/api/v1/tokens"
RUNS: Final = "/api/v1/products/sales.orders/runs"
KEY: Final = {"Idempotency-Key": "k-1"}
NEW: Final = {"name": "ci", "role": Role.PRODUCER, "domain": "sales"}


def seen(answer) -> tuple[int, bytes, str | None, str | None]:
    return (
        answer.status_code,
        answer.content,
        answer.headers.get("location"),
        answer.headers.get("content-type"),
    )


def test_the_same_request_again_gets_the_first_answer(producer: Guest):
    first = producer.post(CONTRACTS, content=ORDERS, headers=KEY)
    again = producer.post(CONTRACTS, content=ORDERS, headers=KEY)
    bare = producer.post(CONTRACTS, content=ORDERS)

    assert first.status_code == 201
    assert seen(again) == seen(first)
    assert [answer.headers.get("idempotent-replayed") for answer in (first, again, bare)] == [
        None,
        "true",
        None,
    ]
    assert bare.status_code == 200
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


def test_a_replayed_answer_has_the_headers_of_every_answer(producer: Guest):
    producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    again = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert again.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        (CONTRACTS, ORDERS + "# more\n", {}),
        (CONTRACTS, ORDERS, {"Content-Type": "application/yaml"}),
        (RUNS, ORDERS, {}),
        (f"{CONTRACTS}?x=1", ORDERS, {}),
    ],
)
def test_another_request_with_the_key_is_refused(producer: Guest, path: str, body: str, headers):
    producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    answer = producer.post(path, content=body, headers={**KEY, **headers})

    assert problem_of(answer) == (422, "idempotency-key-reused")
    assert "'k-1'" in answer.json()["detail"]


def test_while_the_first_is_being_worked_on_the_same_request_waits(
    producer: Guest, monkeypatch: pytest.MonkeyPatch
):
    inside, go_on = threading.Event(), threading.Event()
    answers = []

    def slow(*given, **named):
        inside.set()
        go_on.wait(10)
        return publish(*given, **named)

    monkeypatch.setattr(contracts, "publish", slow)
    thread = threading.Thread(
        target=lambda: answers.append(producer.post(CONTRACTS, content=ORDERS, headers=KEY))
    )
    thread.start()
    inside.wait(10)
    early = producer.post(CONTRACTS, content=ORDERS, headers=KEY)
    go_on.set()
    thread.join()
    late = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert problem_of(early) == (409, "still-working")
    assert early.headers["retry-after"] == "1"
    assert seen(late) == seen(answers[0])
    assert late.headers["idempotent-replayed"] == "true"


def test_a_fault_of_ours_is_not_kept(producer: Guest, monkeypatch: pytest.MonkeyPatch):
    def fail(*_given, **_named):
        raise StoreUnavailable("the disk sleeps")

    monkeypatch.setattr(contracts, "publish", fail)
    broken = producer.post(CONTRACTS, content=ORDERS, headers=KEY)
    monkeypatch.setattr(contracts, "publish", lambda *_a, **_k: 1 / 0)
    worse = producer.post(CONTRACTS, content=ORDERS, headers=KEY)
    monkeypatch.setattr(contracts, "publish", publish)

    whole = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert [broken.status_code, worse.status_code, whole.status_code] == [503, 500, 201]


def test_a_request_that_is_wrong_in_itself_leaves_its_key_free(producer: Guest):
    wrong = producer.post(CONTRACTS, content="id: orders", headers=KEY)

    right = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert [wrong.status_code, right.status_code] == [422, 201]


def test_a_refusal_for_good_is_kept(world: World, producer: Guest):
    first = producer.post(RUNS, headers=KEY)
    world.publish()

    again = producer.post(RUNS, headers=KEY)

    assert problem_of(first) == (404, "not-found")
    assert seen(again) == seen(first)


def test_a_crashed_attempt_sets_its_key_free_after_a_minute(
    producer: Guest, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    settle = Idempotent._settle
    monkeypatch.setattr(Idempotent, "_settle", lambda *_given: None)
    producer.post(CONTRACTS, content=ORDERS, headers=KEY)
    monkeypatch.setattr(Idempotent, "_settle", settle)
    early = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    clock.pass_(seconds=60)
    late = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert early.status_code == 409
    assert (late.status_code, late.json()["created"]) == (200, False)
    assert "idempotent-replayed" not in late.headers


def test_a_key_may_be_used_again_after_a_day(producer: Guest, clock: Clock):
    producer.post(CONTRACTS, content=ORDERS, headers=KEY)
    clock.pass_(hours=24)

    answer = producer.post(CONTRACTS, content=ORDERS + "# more\n", headers=KEY)

    assert problem_of(answer) == (409, "version-exists")


def test_the_key_of_somebody_else_is_another_key(producer: Guest, admin: Guest):
    producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    answer = admin.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert answer.status_code == 200
    assert "idempotent-replayed" not in answer.headers


def test_a_secret_is_neither_kept_nor_shown_twice(admin: Guest, store: SqlStore):
    first = admin.post(TOKENS, json=NEW, headers=KEY)

    again = admin.post(TOKENS, json=NEW, headers=KEY)

    assert problem_of(again) == (409, "already-created")
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert first.headers["location"] in again.json()["detail"]
    assert first.json()["secret"] not in again.text
    assert len(admin.get(TOKENS).json()["items"]) == 2
    with store.read() as shelf:
        kept = shelf.keys._connection.exec_driver_sql("SELECT * FROM idempotency_key").all()
    assert first.json()["secret"] not in str(kept)


def test_whoever_is_nobody_learns_nothing_of_keys(producer: Guest, nobody: Guest):
    producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert nobody.post(CONTRACTS, content=ORDERS, headers=KEY).status_code == 401


def test_a_change_with_a_cookie_from_elsewhere_is_refused_before_its_key_is_looked_at(
    producer: Guest,
):
    guest = producer.in_browser()
    headers = {**KEY, "Sec-Fetch-Site": "cross-site"}

    answer = guest.post(CONTRACTS, content=ORDERS, headers=headers)

    assert problem_of(answer) == (403, "cross-site")


@pytest.mark.parametrize("key", ["k" * 201, "", "two words", "caf\u00e9"])
def test_a_key_that_is_none_is_refused_with_its_place(producer: Guest, key: str):
    headers = {b"Idempotency-Key": key.encode("latin-1")}

    answer = producer.post(CONTRACTS, content=ORDERS, headers=headers)

    assert problem_of(answer) == (422, "invalid-request")
    assert [entry["pointer"] for entry in answer.json()["errors"]] == ["/header/idempotency-key"]


def test_a_body_beyond_the_limit_is_refused_and_leaves_the_key_free(producer: Guest):
    large = producer.post(CONTRACTS, content=b"#" * 300_000, headers=KEY)

    answer = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert [large.status_code, answer.status_code] == [413, 201]


def test_what_keeps_nothing_needs_no_key(producer: Guest):
    answers = [
        producer.post(f"{CONTRACTS}/lint", content=body, headers=KEY) for body in (ORDERS, "x: 1")
    ]

    assert [answer.json()["valid"] for answer in answers] == [True, False]


def test_runs_asked_for_with_a_key_are_the_same_also_when_the_answer_is_forgotten(
    world: World, producer: Guest, clock: Clock
):
    world.publish()
    first = producer.post(RUNS, headers=KEY).json()
    clock.pass_(hours=25)

    again = producer.post(RUNS, headers=KEY)

    assert "idempotent-replayed" not in again.headers
    assert [run["id"] for run in again.json()["runs"]] == [run["id"] for run in first["runs"]]


def test_incidents_take_keys_too(world: World, owner: Guest):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()
    path, why = "/api/v1/incidents/1/resolve", {"reason": "reloaded"}

    answers = [owner.post(path, json=why, headers=KEY) for _ in range(2)]
    without = owner.post(path, json=why)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert problem_of(without) == (409, "incident-state")


def test_every_post_of_the_api_says_that_it_takes_a_key_but_those_that_keep_nothing(app: FastAPI):
    without = {
        path
        for path, methods in app.openapi()["paths"].items()
        if "post" in methods
        and all(
            parameter["name"].lower() != "idempotency-key"
            for parameter in methods["post"].get("parameters", ())
        )
        and path.startswith("/api/")
    }

    assert without == {"/api/v1/contracts/lint", "/api/v1/connections/{name}/test"}


def test_a_store_that_fails_while_an_answer_is_kept_does_not_spoil_the_answer(
    producer: Guest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_given: object) -> None:
        raise StoreUnavailable("the disk sleeps")

    monkeypatch.setattr("api.idempotency.keep", fail)

    answer = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert answer.status_code == 201
    assert "could not be kept under its key: the disk sleeps" in caplog.text


def test_a_key_cannot_be_claimed_while_the_store_is_away(
    producer: Guest, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_given: object, **_named: object) -> None:
        raise StoreUnavailable("the disk sleeps")

    monkeypatch.setattr("api.idempotency.begin", fail)

    answer = producer.post(CONTRACTS, content=ORDERS, headers=KEY)

    assert problem_of(answer) == (503, "store-unavailable")
