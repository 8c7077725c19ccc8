"""A run followed live, through the API of the whole service."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from runtime.embedded import Started, await_ready
from tests.worker.service import SLOW

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


def post(service: Started, path: str, body: bytes = b"") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {service.secret}"}
    request = Request(f"{service.url}{path}", body, headers, method="POST")  # noqa: S310 - ours
    with urlopen(request, timeout=20) as answer:  # noqa: S310 - ours
        found: dict[str, Any] = json.load(answer)
    return found


def events(service: Started, run_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of each event, until the stream ends."""
    headers = {"Authorization": f"Bearer {service.secret}"}
    request = Request(f"{service.url}/api/v1/runs/{run_id}/events", headers=headers)  # noqa: S310
    with urlopen(request, timeout=60) as answer:  # noqa: S310 - ours
        name = ""
        for line in answer:
            word, _, content = line.decode().rstrip("\n").partition(": ")
            if word == "event":
                name = content
            elif word == "data":
                yield name, json.loads(content)


def test_a_run_is_followed_from_its_beginning_to_its_end(service: Started):
    await_ready(service)
    post(service, "/api/v1/contracts", SLOW.encode())
    asked = post(service, "/api/v1/products/sales.slow/runs")

    told = list(events(service, asked["runs"][0]["id"]))

    *steps, (last, run) = told
    assert (last, run["state"], run["outcome"]) == ("finished", "done", "passed")
    assert {name for name, _ in steps} == {"progress"}
    judging = [step for _, step in steps if step["total"]]
    assert judging, steps
    assert judging[-1]["phase"] == "asking Great Expectations"
    assert 0 < judging[-1]["done"] < judging[-1]["total"] == sum(run["counts"].values())
