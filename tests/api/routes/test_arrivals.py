from dataclasses import replace

import pytest
from fastapi import FastAPI

from api.ask import Parts
from tests.api.guests import Guest
from tests.cast import ORDERS
from tests.usecases.world import World

ARRIVED = "/api/v1/events/data-arrived"
LINEAGE = "/api/v1/lineage"
# As the Python client of OpenLineage 1.x sends it, with facets that nobody here reads.
EVENT = {
    "eventTime": "2026-11-20T11:59:58.123456+00:00",
    "eventType": "COMPLETE",
    "inputs": [{"namespace": "s3://landing", "name": "orders", "facets": {}, "inputFacets": {}}],
    "job": {"facets": {"jobType": {"_producer": "p"}}, "namespace": "airflow", "name": "load"},
    "outputs": [
        {"namespace": "file", "name": "/lake/orders.csv", "facets": {}, "outputFacets": {}},
        {"namespace": "file", "name": "/lake/other.csv", "facets": {}, "outputFacets": {}},
    ],
    "producer": "https://github.com/OpenLineage/OpenLineage/tree/1.30.1/integration/airflow",
    "run": {
        "facets": {
            "nominalTime": {
                "_producer": "p",
                "_schemaURL": "s",
                "nominalEndTime": "2026-11-20T00:00:00Z",
                "nominalStartTime": "2026-11-19T00:00:00Z",
            }
        },
        "runId": "3f5e83fa-3480-44ff-99c5-ff943904e5e8",
    },
    "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
}


def test_data_that_arrived_is_judged(world: World, producer: Guest):
    world.publish()

    answer = producer.post(ARRIVED, json={"product": "sales.orders"})

    assert answer.status_code == 202
    assert answer.headers["Location"] == "/api/v1/runs/1"
    (run,) = answer.json()["runs"]
    assert (run["trigger"], run["cause"]) == ("event", "data arrived, told by paul")
    assert run["interval"] == {"start": None, "end": "2026-11-20T12:00:00Z"}


def test_a_further_arrival_joins_the_run_that_waits(world: World, producer: Guest):
    world.publish()

    first, again = (producer.post(ARRIVED, json={"contract": "orders"}).json() for _ in range(2))

    assert (first["runs"][0]["id"], first["runs"][0]["triggers"]) == (1, 1)
    assert (again["runs"][0]["id"], again["runs"][0]["triggers"]) == (1, 2)


def test_the_same_key_is_answered_alike(world: World, producer: Guest):
    world.publish()
    body, key = {"contract": "orders"}, {"Idempotency-Key": "load-1"}

    first, again = (producer.post(ARRIVED, json=body, headers=key) for _ in range(2))

    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, [""]),
        ({"product": "sales.orders", "contract": "orders"}, [""]),
        ({"contract": "orders", "end": "2026-11-20T13:00:00Z"}, ["/end"]),
        (
            {"contract": "orders", "start": "2026-11-20T11:00:00Z", "end": "2026-11-20T10:00:00Z"},
            ["/start"],
        ),
        ({"contract": "orders", "start": "2026-11-20T12:00:00Z"}, ["/start"]),
        ({"contract": "orders", "start": "yesterday"}, ["/start"]),
        ({"contract": "orders", "object": ["x"]}, ["/object"]),
        ({"contract": "or\u0000ders"}, ["/contract"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(world: World, producer: Guest, body, pointers):
    world.publish()

    answer = producer.post(ARRIVED, json=body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


def test_an_unknown_contract_is_told_with_what_is_meant(world: World, producer: Guest):
    world.publish()

    answer = producer.post(ARRIVED, json={"contract": "order"})

    assert answer.status_code == 404
    assert "'orders'" in answer.json()["detail"]


def test_who_may_not_run_may_not_tell(world: World, viewer: Guest, stranger: Guest, nobody: Guest):
    world.publish()
    body = {"contract": "orders"}

    for path, sent in ((ARRIVED, body), (LINEAGE, EVENT)):
        assert viewer.post(path, json=sent).status_code == 403
        assert nobody.post(path, json=sent).status_code == 401
    assert stranger.post(ARRIVED, json=body).status_code == 403


def test_an_event_of_an_unchanged_client_queues_a_run(world: World, producer: Guest):
    world.publish()

    answer = producer.post(LINEAGE, json=EVENT)

    assert answer.status_code == 200
    (run,) = answer.json()["runs"]
    assert run["cause"] == "lineage, job airflow/load"
    assert run["interval"] == {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
    other = {"namespace": "file", "name": "/lake/other.csv"}
    assert answer.json()["ignored"] == [
        {"output": other, "reason": "no contract is about this dataset"}
    ]


@pytest.mark.parametrize(
    "event",
    [
        {**EVENT, "eventType": "START"},
        {**EVENT, "eventType": "RUNNING", "outputs": []},
        {**EVENT, "outputs": None},
        {"eventTime": EVENT["eventTime"], "dataset": {"namespace": "n", "name": "d"}},
        {"eventTime": EVENT["eventTime"], "job": EVENT["job"], "outputs": EVENT["outputs"]},
    ],
)
def test_what_asks_for_nothing_is_taken_and_named(world: World, producer: Guest, event):
    world.publish()

    answer = producer.post(LINEAGE, json=event)

    assert (answer.status_code, answer.json()["runs"]) == (200, [])
    (ignored,) = answer.json()["ignored"]
    assert ignored["output"] is None


@pytest.mark.parametrize(
    ("event", "pointers"),
    [
        ({}, ["/eventTime"]),
        ({**EVENT, "eventTime": "soon"}, ["/eventTime"]),
        ({**EVENT, "run": None, "job": None}, ["/run", "/job"]),
        ({**EVENT, "run": {}}, ["/run/runId"]),
        ({**EVENT, "outputs": [{"namespace": "file"}]}, ["/outputs/0/name"]),
    ],
)
def test_a_malformed_event_is_refused_with_the_places(producer: Guest, event, pointers):
    answer = producer.post(LINEAGE, json=event)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


def test_a_page_says_in_words_why_its_run_was_asked_for(world: World, producer: Guest):
    world.publish(ORDERS)
    producer.post(LINEAGE, json=EVENT)
    producer.post(ARRIVED, json={"contract": "orders"})

    of_job, of_data = (producer.get(f"/runs/{number}").text for number in (1, 2))

    assert "lineage, job airflow/load" in of_job
    assert "2026-11-19 00:00:00 UTC to 2026-11-20 00:00:00 UTC" in of_job
    assert "data arrived, told by paul" in of_data
    assert "all up to 2026-11-20 12:00:00 UTC" in of_data


def test_no_more_is_taken_while_as_many_runs_wait_as_may(
    world: World, app: FastAPI, producer: Guest
):
    world.publish()
    held: Parts = app.state.parts
    app.state.parts = replace(held, settings=held.settings.model_copy(update={"queue_limit": 1}))
    assert producer.post(ARRIVED, json={"contract": "orders"}).status_code == 202

    for path, sent in ((ARRIVED, {"contract": "orders"}), (LINEAGE, EVENT)):
        refused = producer.post(path, json=sent)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    start = {**EVENT, "eventType": "START"}
    assert producer.post(LINEAGE, json=start).status_code == 200
