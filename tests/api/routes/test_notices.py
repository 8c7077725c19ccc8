import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import SecretStr

from access.model import Principal
from api.app import create_app
from checks.model import Outcome
from runtime.build import build_post
from runtime.settings import Settings
from store.sql_store import SqlStore
from tests.api.guests import Guest, problem_of
from tests.cast import ADMIN, ORDERS, OWNER, Clock
from tests.notifications.channels.test_email import Postbox
from tests.notifications.channels.test_email import receiver as mail_server
from tests.notifications.receiver import Receiver, listening, status
from tests.usecases.test_send_notices import HOOK, TWO
from tests.usecases.world import World
from usecases.send_notices import send_notices
from usecases.tokens import create_token

NOTICES = "/api/v1/notices"
MASTER = "a master of 32 characters or more"
DESK = {"channel": "email", "target": "desk@example.org"}
Enter = Callable[..., Guest]


@pytest.fixture
def enter(store: SqlStore, clock: Clock) -> Enter:
    """Come to a service with settings of the test's own, as an administrator or somebody else."""

    def come(by: Principal = ADMIN, **settings: object) -> Guest:
        told = {"public_url": "http://testserver", **settings}
        app = create_app(store, Settings.model_validate(told), clock)
        _, secret = create_token(store, by, by=ADMIN, clock=clock)
        return Guest(app, secret)

    return come


@pytest.fixture
def _dead(world: World) -> None:
    world.broken_post = "desk@example.org is gone"
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish(ORDERS.replace("olga@example.org", "olga"))
    world.pass_time()
    world.broken_post = ""


@pytest.mark.usefixtures("_dead")
def test_dead_letters_are_listed_and_sent_again(owner: Guest):
    listed = owner.get(f"{NOTICES}/dead").json()
    again = owner.post(f"{NOTICES}/1/resend").json()

    assert [(row["id"], row["state"]) for row in listed["items"]] == [(1, "dead")]
    assert listed["items"][0]["attempts"][0]["error"] == "desk@example.org is gone"
    assert (again["state"], again["target"]) == ("queued", "desk@example.org")
    assert owner.get(f"{NOTICES}/dead").json() == {"items": [], "next": None}
    assert problem_of(owner.post(f"{NOTICES}/1/resend")) == (409, "notice-state")


@pytest.mark.usefixtures("_dead")
def test_others_see_no_address_and_send_nothing(viewer: Guest, stranger: Guest):
    listed = viewer.get(f"{NOTICES}/dead").text
    whole = viewer.get("/api/v1/incidents/1").text

    assert "desk@example.org" not in listed + whole
    assert problem_of(viewer.post(f"{NOTICES}/1/resend")) == (403, "forbidden")
    assert problem_of(stranger.post(f"{NOTICES}/1/resend")) == (403, "forbidden")


def test_a_notice_that_is_none_is_not_found(admin: Guest):
    assert problem_of(admin.post(f"{NOTICES}/9/resend")) == (404, "not-found")


@pytest.mark.enable_socket
def test_a_test_by_mail_arrives(enter: Enter):
    postbox = Postbox()

    with mail_server(postbox) as options:
        admin = enter(smtp_host=options.host, smtp_port=options.port, smtp_sender="a@example.org")
        told = admin.post(f"{NOTICES}/test", json=DESK).json()

    said = {"ok": True, "detail": "", "advice": "", "seconds": 0.0, "enabled": False}
    assert told == {**DESK, **said}
    assert [mail["Subject"] for mail in postbox.mails] == ["[Assay] this is a test"]


@pytest.mark.enable_socket
def test_a_test_by_webhook_arrives_signed(enter: Enter):
    receiver = Receiver()

    with listening(receiver):
        hook = {"channel": "webhook", "target": f"http://127.0.0.1:{receiver.port}/x"}
        admin = enter(
            webhook_secret=SecretStr(MASTER), webhook_allow="127.0.0.1", webhook_http=True
        )
        told = admin.post(f"{NOTICES}/test", json=hook).json()

    assert (told["ok"], told["detail"]) == (True, "")
    [request] = receiver.requests
    assert b"webhook-signature: v1," in request
    assert json.loads(request.partition(b"\r\n\r\n")[2])["type"] == "notice.test"


@pytest.mark.enable_socket
def test_a_test_that_is_refused_says_so(enter: Enter):
    receiver = Receiver(answer=status(410, b"moved away"))

    with listening(receiver):
        hook = {"channel": "webhook", "target": f"http://127.0.0.1:{receiver.port}/x"}
        admin = enter(webhook_secret=MASTER, webhook_allow="127.0.0.1", webhook_http=True)
        told = admin.post(f"{NOTICES}/test", json=hook).json()

    assert not told["ok"]
    assert told["detail"].endswith("answered 410 Whatever: moved away")
    assert "gone for good" in told["advice"]


@pytest.mark.enable_socket
def test_a_webhook_that_answers_410_is_disabled_until_it_is_mended(
    world: World, enter: Enter, store: SqlStore, clock: Clock
):
    receiver, postbox = Receiver(answer=status(410)), Postbox()
    with listening(receiver), mail_server(postbox) as mail:
        url = f"http://127.0.0.1:{receiver.port}/x"
        told = {"webhook_secret": MASTER, "webhook_allow": "127.0.0.1", "webhook_http": True}
        told |= {"smtp_host": mail.host, "smtp_port": mail.port, "smtp_sender": "a@example.org"}
        post, admin = build_post(Settings.model_validate(told)), enter(**told)
        world.judge.said = {"enum": Outcome.FAILED}
        world.publish(TWO.replace(HOOK, url))
        world.broken_post = "busy"
        world.pass_time()
        world.clock.pass_(minutes=5)

        for _ in range(3):
            send_notices(store, post, clock=clock)
        [dead] = admin.get(f"{NOTICES}/dead").json()["items"]
        receiver.answer = status(204)
        mended = admin.post(f"{NOTICES}/test", json={"channel": "webhook", "target": url}).json()
        admin.post(f"{NOTICES}/{dead['id']}/resend")
        send_notices(store, post, clock=clock)
        notices = admin.get("/api/v1/incidents/1").json()["notices"]

    assert (dead["target"], dead["disabled_since"]) == (url, "2026-11-20T12:05:10Z")
    assert dead["last_error"] == f"127.0.0.1:{receiver.port} answered 410 Whatever"
    assert dead["why"].endswith("; the receiver is disabled since 20 Nov 2026, 12:05:10 UTC")
    assert mended["enabled"]
    assert len(receiver.requests) == 3  # refused once, tried, sent again
    assert [one["state"] for one in notices] == ["sent", "sent", "sent"]
    assert [mail["Subject"] for mail in postbox.mails] == [
        "[Assay] sales.orders: 1 promise broken",
        "[Assay] sales.orders: 127.0.0.1 (webhook) cannot be told",
    ]


def test_what_waits_is_listed_with_why(world: World, owner: Guest, viewer: Guest):
    world.broken_post = "desk@example.org is busy"
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()

    [row] = owner.get(f"{NOTICES}/waiting").json()["items"]
    masked = viewer.get(f"{NOTICES}/waiting").text

    assert (row["state"], row["last_error"]) == ("retry", "desk@example.org is busy")
    assert row["why"].startswith("try 1 of 12 failed: desk@example.org is busy; due at 20 Nov")
    assert row["disabled_since"] is None
    assert "desk@example.org" not in masked
    assert owner.get(f"{NOTICES}/dead").json()["items"] == []


@pytest.mark.parametrize(
    ("settings", "receiver", "detail", "advice"),
    [
        ({}, DESK, "no mail server is set", "ASSAY_SMTP_HOST"),
        ({}, {"channel": "webhook", "target": "https://a.example"}, "no secret", "openssl"),
        (
            {"webhook_secret": MASTER},
            {"channel": "webhook", "target": "https://127.0.0.1/x"},
            "127.0.0.1 is not a public address",
            "ASSAY_WEBHOOK_ALLOW",
        ),
        (
            {"webhook_secret": "env:NOBODY_SET_THIS"},
            {"channel": "webhook", "target": "https://a.example"},
            "the secret to sign with cannot be read; the log says why",
            "",
        ),
        ({}, {"channel": "pigeon", "target": "roof"}, "known: email, webhook", ""),
    ],
    ids=["no server", "no secret", "private", "unreadable secret", "no such channel"],
)
@pytest.mark.enable_socket
def test_a_test_that_cannot_be_sent_says_what_to_do(
    enter: Enter,
    settings: dict[str, object],
    receiver: dict[str, str],
    detail: str,
    advice: str,
):
    told = enter(**settings).post(f"{NOTICES}/test", json=receiver).json()

    assert not told["ok"]
    assert detail in told["detail"]
    assert advice in told["advice"]


def test_an_owner_tries_only_what_contracts_of_the_domain_name(world: World, enter: Enter):
    world.publish()
    owner = enter(OWNER)
    other = {**DESK, "target": "eve@example.org"}

    assert owner.post(f"{NOTICES}/test", json=DESK).status_code == 200
    answer = owner.post(f"{NOTICES}/test", json=other)
    assert problem_of(answer) == (404, "not-found")
    assert "known: email desk@example.org" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["test", "secret"])
def test_a_viewer_may_not(viewer: Guest, path: str):
    body = DESK if path == "test" else {"target": "https://a.example"}

    assert problem_of(viewer.post(f"{NOTICES}/{path}", json=body)) == (403, "forbidden")


@pytest.mark.parametrize(
    "body", [{}, {"channel": "email"}, {**DESK, "target": "a\nb"}, {**DESK, "x": 1}]
)
def test_a_test_needs_a_channel_and_a_target(admin: Guest, body: dict[str, object]):
    assert problem_of(admin.post(f"{NOTICES}/test", json=body)) == (422, "invalid-request")


def test_a_secret_is_shown_to_administrators_alone(enter: Enter):
    url = {"target": "https://hooks.example.org/x"}

    first = enter(webhook_secret=MASTER).post(f"{NOTICES}/secret", json=url).json()
    again = enter(webhook_secret=MASTER).post(f"{NOTICES}/secret", json=url).json()
    owner = enter(replace(OWNER, name="otto"), webhook_secret=MASTER)

    assert first == again
    assert first["secret"].startswith("whsec_")
    assert MASTER not in json.dumps(first)
    assert problem_of(owner.post(f"{NOTICES}/secret", json=url)) == (403, "forbidden")


def test_without_a_master_nobody_has_a_secret(admin: Guest):
    answer = admin.post(f"{NOTICES}/secret", json={"target": "https://a.example"})

    assert problem_of(answer) == (409, "webhook-misconfigured")
    assert "ASSAY_WEBHOOK_SECRET" in answer.json()["detail"]
