import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI

from api.openapi import problems
from tests.api.guests import Guest

OPEN = {"/health/live", "/health/ready"}


@pytest.fixture
def document(viewer: Guest):
    return viewer.get("/openapi.json").json()


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_route_has_a_summary_and_a_tag(document):
    bare = [
        name for name, found in operations(document) if not (found["summary"] and found["tags"])
    ]

    assert not bare


def test_every_route_says_its_success_and_its_problems(document):
    for name, found in operations(document):
        answers = found["responses"]
        assert any(status.startswith("2") for status in answers), name
        if name != "get /health/live":
            assert "503" in answers, name
        for status, answer in answers.items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], (name, status)


def test_every_json_answer_has_a_named_shape(document):
    for name, found in operations(document):
        for status, answer in found["responses"].items():
            if status < "400" and "application/json" in answer.get("content", {}):
                assert "$ref" in answer["content"]["application/json"]["schema"], (name, status)


def test_every_route_but_health_asks_for_a_token(document):
    unguarded = {name for name, found in operations(document) if not found.get("security")}

    assert unguarded == {f"get {path}" for path in OPEN}
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_reference_leads_somewhere(document):
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))

    assert names <= set(document["components"]["schemas"])
    assert "ProblemDocument" in names


def test_publishing_shows_an_example_that_is_valid(document, producer: Guest):
    body = document["paths"]["/api/v1/contracts"]["post"]["requestBody"]["content"]
    example = body["application/yaml"]["example"]

    answer = producer.post("/api/v1/contracts/lint", content=example)

    assert answer.json()["valid"], answer.json()


def test_the_document_is_the_same_when_read_twice(app: FastAPI):
    assert app.openapi() == app.openapi()


def test_a_status_without_words_of_ours_gets_the_usual_ones():
    assert problems(418)[418]["description"] == "I'm a Teapot"


def bodies(operation: Any) -> Iterator[tuple[str, str, Any]]:
    """Each body that is asked for or answered: what it is, its media type, what is said of it."""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "request", kind, content
    for status, answer in operation["responses"].items():
        for kind, content in answer.get("content", {}).items():
            yield status, kind, content


def test_every_route_is_described(document):
    assert not [name for name, found in operations(document) if not found.get("description")]


def test_every_body_has_an_example_that_fits_its_shape(document):
    shapes = {"components": document["components"]}
    for name, found in operations(document):
        for what, kind, content in bodies(found):
            examples = [content["example"]] if "example" in content else []
            examples += [one["value"] for one in content.get("examples", {}).values()]
            assert examples, (name, what, kind)
            for example in examples if "json" in kind else []:
                jsonschema.validate(example, {**content["schema"], **shapes})


def test_every_problem_shows_one_of_its_status(document):
    for name, found in operations(document):
        for what, kind, content in bodies(found):
            if kind == "application/problem+json":
                assert str(content["example"]["status"]) == what, name


def test_every_place_in_a_path_has_an_example(document):
    for name, found in operations(document):
        for parameter in found.get("parameters", ()):
            assert parameter["in"] != "path" or "example" in parameter, (name, parameter["name"])


def test_what_can_be_read_says_that_it_has_a_tag(document):
    for path, methods in document["paths"].items():
        good = methods.get("get", {}).get("responses", {}).get("200", {})
        if path.startswith("/api/v1/") and "application/json" in good.get("content", {}):
            assert "ETag" in good["headers"], path
            assert "304" in methods["get"]["responses"], path
