"""The commands against the real API: both must mean the same by every shape and path."""

import pytest

from api.app import create_app
from checks.model import Outcome
from cli import client
from runtime.settings import Settings
from tests.api.guests import Guest, Sampler
from tests.cast import ADMIN, ORDERS
from tests.usecases.world import World
from usecases.tokens import create_token


@pytest.fixture
def world(store, clock, monkeypatch, tmp_path):
    """A real service behind the command line, whose token is an administrator's."""
    app = create_app(store, Settings(), clock)
    real = client.create_http
    monkeypatch.setenv("ASSAY_TOKEN", create_token(store, ADMIN, by=ADMIN, clock=clock)[1])
    (tmp_path / "orders.yaml").write_text(ORDERS)

    def create(read):
        http = real(read)
        http._transport = Guest(app, None)._transport
        return http

    monkeypatch.setattr("cli.client.create_http", create)
    monkeypatch.setattr("cli.probes.network.create_http", create)
    monkeypatch.setattr("cli.watch.time.sleep", lambda _: None)
    return World(store=store, clock=clock, judge=Sampler(clock))


def test_a_contract_is_published_judged_and_shown(assay, world, monkeypatch, tmp_path):
    assay("connection", "add", "lake", "--root", str(tmp_path))
    published = assay("publish", "orders.yaml")
    monkeypatch.setattr("cli.watch.time.sleep", lambda _: world.drain())
    ran = assay("run", "sales.orders", "--watch")
    listed = assay("products")
    card = assay("scorecard", "sales.orders")

    assert published.out.startswith("orders.yaml: published orders 1.0.0 in sales.orders\n")
    assert (ran.status, listed.status, card.status) == (0, 0, 0)
    assert ran.out.startswith("run 1 of orders 1.0.0: passed\n")
    assert "sales.orders  " in listed.out
    assert card.out.startswith("sales.orders  owned by Order desk  ")
    assert "\nnote     1 promise of it no run judges\nskipped  a promise for people: " in card.out


def test_a_broken_promise_becomes_an_incident_that_is_taken_on_and_ended(
    assay, world, monkeypatch, tmp_path
):
    assay("connection", "add", "lake", "--root", str(tmp_path))
    assay("publish", "orders.yaml")
    world.judge.outcome = Outcome.FAILED
    monkeypatch.setattr("cli.watch.time.sleep", lambda _: world.drain())
    ran = assay("run", "sales.orders", "--watch")
    open_ones = assay("incidents")
    taken = assay("incidents", "ack", "1")
    ended = assay("incidents", "resolve", "1", "--reason", "reloaded")
    again = assay("incidents", "resolve", "1", "--reason", "reloaded")

    assert ran.status == 1
    assert " triggered " in open_ones.out
    assert " is taken on by " in taken.out
    assert ended.out.startswith("incident 1 of sales.orders is resolved: reloaded\n")
    assert again.status == 0
    assert again.out.startswith("nothing to do, incident 1 of sales.orders is over since ")


def test_what_happened_is_told_and_a_schedule_stands_still(assay, world, tmp_path):
    assay("connection", "add", "lake", "--root", str(tmp_path))
    foretold = assay("publish", "orders.yaml", "--dry-run")
    assay("publish", "orders.yaml")
    assay("run", "sales.orders")
    world.drain()
    paused = assay("schedule", "pause", "sales.orders", "--reason", "it moves")
    shown = assay("schedule", "show", "orders")
    told = assay("events", "--kind", "contract", "--kind", "schedule", "--kind", "run")
    same = assay("publish", "orders.yaml", "--dry-run")

    assert "orders.yaml: would publish orders 1.0.0 in sales.orders, a new product" in foretold.out
    assert same.out.startswith("orders.yaml: nothing to do: orders 1.0.0 is published\n")
    assert paused.out.startswith("orders: paused: it moves\n")
    assert "orders is paused by " in shown.out
    assert [text.split("  ")[2].split(" ")[0] for text in told.out.splitlines()] == [
        "orders",
        "run",
        "schedule",
    ]


@pytest.mark.usefixtures("world")
def test_a_product_that_is_not_there_is_told_with_the_one_that_may_be_meant(assay):
    assay("publish", "orders.yaml")

    told = {
        (command, *rest): assay(command, *rest).err
        for command, *rest in (
            ["run", "orders"],
            ["gate", "sales.order"],
            ["scorecard", "sales"],
            ["scorecard", "sales", "--why"],
        )
    }

    assert all(text.endswith("; did you mean 'sales.orders'?\n") for text in told.values()), told


@pytest.mark.usefixtures("world")
def test_an_invalid_contract_is_told_as_lint_tells_it(assay, tmp_path):
    (tmp_path / "bad.yaml").write_text(ORDERS.replace("status: active", "status: active\nstatu: 1"))

    done = assay("publish", "bad.yaml")

    assert (done.status, done.err) == (3, "")
    assert done.out.splitlines()[0].startswith("bad.yaml:7:1: error unknown-key: 'statu'")
    assert done.out.splitlines()[0] == assay("lint", "bad.yaml").out.splitlines()[0]


@pytest.mark.usefixtures("world")
def test_the_same_version_with_other_bytes_is_refused(assay, tmp_path):
    assay("publish", "orders.yaml")
    (tmp_path / "orders.yaml").write_text(ORDERS + "# other\n")

    done = assay("publish", "orders.yaml")

    assert done.status == 3
    assert "raise the version" in done.err


@pytest.mark.usefixtures("world")
def test_connections_and_tokens_go_through(assay, tmp_path):
    added = assay("connection", "add", "lake", "--root", str(tmp_path))
    listed = assay("connection", "list")
    tried = assay("connection", "test", "lake")
    made = assay(
        "token", "create", "paul", "--role", "producer", "--domain", "sales", "--days", "1"
    )
    tokens = assay("token", "list")
    closed = assay("token", "revoke", "2")

    assert [done.status for done in (added, listed, tried, made, tokens, closed)] == [0] * 6
    assert "connection lake can be read: 1 folder can be read (" in tried.out
    assert "paul  producer  sales " in tokens.out


@pytest.mark.usefixtures("world")
def test_a_token_that_opens_nothing_is_exit_5(assay, monkeypatch):
    monkeypatch.setenv("ASSAY_TOKEN", "assay_nothing")

    done = assay("products")

    assert (done.status, done.out) == (5, "")
    assert "does not know the token that it was shown" in done.err


@pytest.mark.usefixtures("world")
def test_the_doctor_sees_a_service_without_an_engine(assay):
    findings = assay("doctor", "--format", "json").document["findings"]

    service = next(found for found in findings if found["name"] == "service")
    assert service["detail"].endswith("answers, but is not ready: status 503")
