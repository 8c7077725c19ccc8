from pathlib import Path

import httpx2
import pytest

from cli.demo.screen import StoryBroken
from cli.demo.service import Service


def service(answer: httpx2.Response, seen: list[httpx2.Request]) -> Service:
    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return answer

    return Service("http://assay.test", "t0ken", transport=httpx2.MockTransport(handle))


def test_calls_are_those_of_any_client(tmp_path: Path):
    seen: list[httpx2.Request] = []
    contract = tmp_path / "c.yaml"
    contract.write_text("id: x")
    api = service(httpx2.Response(200, json={"id": "x"}), seen)

    api.connect("lake", tmp_path)
    api.publish(contract)
    api.scorecard("sales.orders")
    api.incident(7)
    api.close()

    assert [(request.method, request.url.path) for request in seen] == [
        ("PUT", "/api/v1/connections/lake"),
        ("POST", "/api/v1/contracts"),
        ("GET", "/api/v1/products/sales.orders/scorecard"),
        ("GET", "/api/v1/incidents/7"),
    ]
    assert {request.headers["Authorization"] for request in seen} == {"Bearer t0ken"}


def test_an_answer_that_is_an_error_breaks_the_story():
    api = service(httpx2.Response(503, text="no disk"), [])

    with pytest.raises(StoryBroken, match="GET /incidents/1 was answered 503: no disk"):
        api.incident(1)
