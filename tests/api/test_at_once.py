"""Several who ask for the same at the same moment, on each database."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import pytest

from access.event import EventKind
from api.app import create_app
from checks.model import Outcome
from runtime.settings import Settings
from store.sql_store import SqlStore
from tests.api.guests import Guest
from tests.cast import ADMIN, ORDERS, VIEWER, Clock, Judge
from tests.usecases.world import World
from usecases.events import Wanted, follow
from usecases.tokens import create_token

CONTRACTS: Final = "/api/v1/contracts"
ROUNDS: Final = 4


@pytest.fixture
def guests(any_store: SqlStore, clock: Clock) -> Sequence[Guest]:
    settings = Settings(public_url="http://testserver", cache_seconds=0)
    app = create_app(any_store, settings, clock)
    _, secret = create_token(any_store, ADMIN, by=ADMIN, clock=clock)
    return [Guest(app, secret) for _ in range(4)]


def at_once(guests: Sequence[Guest], ask: Callable[[Guest, int], Any]) -> list[Any]:
    """Let each guest ask, all at the same moment, and return their answers."""
    barrier = threading.Barrier(len(guests))
    answers: list[Any] = [None] * len(guests)

    def one(place: int, guest: Guest) -> None:
        barrier.wait()
        answers[place] = ask(guest, place)

    threads = [threading.Thread(target=one, args=each) for each in enumerate(guests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def text(number: int) -> str:
    return ORDERS.replace("version: 1.0.0", f"version: 1.{number}.0")


def _publish(body: str, guest: Guest, _place: int) -> object:
    return guest.post(CONTRACTS, content=body)


def _publish_own(body: str, guest: Guest, place: int) -> object:
    return guest.post(CONTRACTS, content=f"{body}# {place}\n")


def published(store: SqlStore) -> list[object]:
    wanted = Wanted(kinds=[EventKind.CONTRACT_PUBLISHED])
    found = follow(store, by=VIEWER, after=0, limit=100, wanted=wanted)
    return [event.facts["version"] for event in found.events]


def audited(store: SqlStore, action: str) -> int:
    with store.read() as shelf:
        return sum(entry.action == action for entry, _ in shelf.audit.all())


def test_of_many_that_publish_the_same_bytes_one_creates_the_version(guests, any_store):
    for number in range(ROUNDS):
        body = text(number)
        answers = at_once(guests, partial(_publish, body))

        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert published(any_store) == [f"1.{number}.0" for number in range(ROUNDS)]
    assert audited(any_store, "contract.publish") == ROUNDS


def test_of_many_that_publish_a_version_with_other_bytes_one_wins(guests, any_store):
    for number in range(ROUNDS):
        body = text(number)
        answers = at_once(guests, partial(_publish_own, body))

        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
        won = next(place for place, answer in enumerate(answers) if answer.status_code == 201)
        kept = guests[0].get(f"{CONTRACTS}/orders/versions/1.{number}.0/document")
        assert kept.text == f"{body}# {won}\n"
    assert len(published(any_store)) == audited(any_store, "contract.publish") == ROUNDS


def test_contracts_of_one_new_product_can_be_published_at_once(guests, any_store):
    answers = at_once(
        guests,
        lambda guest, place: guest.post(
            CONTRACTS, content=ORDERS.replace("id: orders\n", f"id: orders-{place}\n", 1)
        ),
    )

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len(published(any_store)) == 4


def test_a_request_with_a_key_is_carried_out_once_however_often_it_comes(guests, any_store):
    headers = {"Idempotency-Key": "k"}
    new = {"name": "ci", "role": "viewer", "domain": "*"}

    answers = at_once(
        guests, lambda guest, _: guest.post("/api/v1/tokens", json=new, headers=headers)
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, 409, 409, 409]
    assert audited(any_store, "token.create") == 2  # the one with which they came, and this


def test_of_many_that_resolve_an_incident_one_does(guests, any_store, clock: Clock):
    world = World(store=any_store, clock=clock, judge=Judge(clock, {"enum": Outcome.FAILED}))
    world.publish()
    world.pass_time()

    answers = at_once(
        guests,
        lambda guest, place: guest.post(
            "/api/v1/incidents/1/resolve", json={"reason": f"reason {place}"}
        ),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert audited(any_store, "incident.resolve") == 1
