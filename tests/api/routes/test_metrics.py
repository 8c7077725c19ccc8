import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from runtime import metrics
from runtime.settings import Settings
from store.errors import StoreUnavailable
from tests.api.guests import Guest, problem_of
from tests.cast import ADMIN
from tests.usecases.world import World
from usecases.request_run import request_run

Sample = tuple[str, frozenset[tuple[str, str]]]


@pytest.fixture(autouse=True)
def _read_each_time(monkeypatch):
    """However slow the machine is, nothing is said from memory."""
    monkeypatch.setattr(metrics, "_KEPT", 0.0)


def figures(guest: Guest) -> dict[Sample, float]:
    answer = guest.get("/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def said(read: dict[Sample, float], name: str, **labels: str) -> float:
    return read[name, frozenset(labels.items())]


def test_figures_are_for_those_who_may_read(nobody: Guest, viewer: Guest):
    assert problem_of(nobody.get("/metrics")) == (401, "unauthenticated")
    answer = viewer.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_figures_may_be_open_to_all(store, clock):
    app = create_app(store, Settings(public_metrics=True), clock)

    assert Guest(app, None).get("/metrics").status_code == 200


def test_everything_that_is_told_is_named_and_has_help(viewer: Guest):
    families = list(text_string_to_metric_families(viewer.get("/metrics").text))

    told = {family.name for family in families}
    assert told == {named.name.removesuffix("_total") for named in metrics.ALL}
    assert all(family.documentation for family in families)


def test_the_queue_is_told_with_the_age_of_its_oldest_run(viewer: Guest, world: World):
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    world.clock.pass_(seconds=42)

    read = figures(viewer)

    assert said(read, "assay_queue_runs") == 1
    assert said(read, "assay_queue_oldest_age_seconds") == 42
    assert said(read, "assay_runs_requested_total") == 1


def test_runs_are_counted_as_they_end_by_outcome(viewer: Guest, world: World):
    world.publish()
    before = figures(viewer)
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    world.drain()

    after = figures(viewer)

    assert said(before, "assay_runs_finished_total", outcome="passed") == 0
    assert said(after, "assay_runs_finished_total", outcome="passed") == 1
    assert said(after, "assay_runs_finished_total", outcome="lost") == 0
    assert said(after, "assay_run_duration_seconds_count", phase="total") == 1


def test_two_processes_tell_the_same(store, settings, clock, world: World, viewer: Guest):
    other = Guest(create_app(store, settings, clock), viewer.secret)
    world.publish()
    figures(viewer), figures(other)
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    world.drain()

    here, there = figures(viewer), figures(other)

    shared = [named for named in metrics.ALL if named.shared]
    names = {series for named in shared for series in named.series}
    assert {key: value for key, value in here.items() if key[0] in names} == {
        key: value for key, value in there.items() if key[0] in names
    }


def test_requests_are_counted_by_template_and_never_by_path(viewer: Guest, nobody: Guest):
    viewer.get("/api/v1/products/sales.secret")
    nobody.get("/api/v1/runs/7")
    nobody.get("/nowhere/at/all")
    nobody.head("/health/live")

    read = figures(viewer)
    text = viewer.get("/metrics").text

    def count(route: str, status: int) -> float:
        labels = {"method": "GET", "route": route, "status": str(status)}
        return said(read, "assay_http_requests_total", **labels)

    assert count("/api/v1/products/{key}", 404) == 1
    assert count("/api/v1/runs/{run_id}", 401) == 1
    assert count("unmatched", 404) == 1
    assert count("/health/live", 200) == 1
    assert "secret" not in text
    assert "nowhere" not in text


def test_what_is_kept_for_a_moment_counts_for_its_route(store, clock, world: World, viewer: Guest):
    world.publish()
    keeping = Guest(create_app(store, Settings(cache_seconds=30), clock), viewer.secret)
    for _ in range(3):
        assert keeping.get("/api/v1/products/sales.orders/scorecard").status_code == 200

    labels = {"method": "GET", "route": "/api/v1/products/{key}/scorecard", "status": "200"}
    assert said(figures(keeping), "assay_http_requests_total", **labels) == 3


def test_a_database_that_cannot_be_read_is_told_and_the_rest_goes_on(
    store, clock, monkeypatch: pytest.MonkeyPatch
):
    app: FastAPI = create_app(store, Settings(public_metrics=True), clock)

    def broken():
        raise StoreUnavailable("gone")

    monkeypatch.setattr(store, "read", broken)
    read = figures(Guest(app, None))

    assert said(read, "assay_store_up") == 0
    assert ("assay_queue_runs", frozenset()) not in read
