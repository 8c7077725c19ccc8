"""The finishing touches of the OpenAPI document: examples of everything, ETags, 304."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from api.examples import example_of

Part: TypeAlias = dict[str, Any]  # a part of an OpenAPI document

_JSON: Final = "application/json"
_SVG: Final = "image/svg+xml"
_PICTURE: Final = '<svg xmlns="http://www.w3.org/2000/svg" width="148" height="20">...</svg>'
_API: Final = "/api/v1/"
_TAGGED: Final = frozenset((_JSON, "application/yaml", "image/svg+xml"))
_IN_PATHS: Final = {
    "contract_id": "orders",
    "key": "sales.orders",
    "name": "warehouse",
    "version": "1.2.0",
}
_TAG: Final[Part] = {
    "ETag": {
        "description": "Give it as `If-None-Match`: while nothing changed, the answer is 304.",
        "schema": {"type": "string"},
        "example": 'W/"9f86d081884c7d659a2feaa0c55ad015"',
    }
}
_SAME: Final[Part] = {"description": "It is what `If-None-Match` names.", "headers": _TAG}


def illustrate(document: Part) -> None:
    """Complete ``document`` in place: an example for each body that has none; what tags do."""
    shapes = document["components"]["schemas"]
    for path, method, operation in _operations(document):
        for kind, content in _bodies(operation):
            _show(kind, content, shapes)
        _complete_entries(operation)
        _show_parameters(operation)
        if method == "get" and path.startswith(_API):
            _add_tags(operation)


def _complete_entries(operation: Part) -> None:
    for entry in _problem_entries(operation):  # FastAPI leaves out members that are null
        entry.setdefault("line", None)
        entry.setdefault("column", None)


def _show_parameters(operation: Part) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter.setdefault("example", _IN_PATHS.get(parameter["name"], 1))


def _show(kind: str, content: Part, shapes: Part) -> None:
    if {"example", "examples"} & content.keys():
        return
    if kind == _JSON:
        content["example"] = example_of(content["schema"], shapes)
    elif kind == _SVG:
        content["example"] = _PICTURE


def _operations(document: Part) -> Iterator[tuple[str, str, Part]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _bodies(operation: Part) -> Iterator[tuple[str, Part]]:
    """The bodies of a request and of its good answers, by media type."""
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for status, answer in operation["responses"].items():
        if status < "400":
            yield from answer.get("content", {}).items()


def _problem_entries(operation: Part) -> Iterator[Part]:
    for answer in operation["responses"].values():
        for content in answer.get("content", {}).values():
            example = content.get("example")
            if isinstance(example, dict):
                yield from example.get("errors", ())


def _add_tags(operation: Part) -> None:
    good = operation["responses"].get("200", {})
    if _TAGGED & good.get("content", {}).keys():
        good.setdefault("headers", {}).update(_TAG)
        operation["responses"].setdefault("304", _SAME)
