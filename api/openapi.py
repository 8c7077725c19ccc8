"""What the OpenAPI document says beyond what handlers say themselves."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from typing_extensions import override

from api.models.problem import ProblemDocument
from api.problems import MEDIA_TYPE

DESCRIPTION: Final = """\
Data contracts, enforced: published here, checked on schedule, scored for those who rely on them.

Show a token as `Authorization: Bearer assay_...`. Errors are problem documents (RFC 9457). Times
are UTC. Lists are given page by page: `next` of one page is `after` of the next.

`failed` means that the data broke a promise, `errored` that nobody could tell.
"""
TAGS: Final = [
    {"name": "contracts", "description": "What producers promise."},
    {"name": "products", "description": "What consumers rely on, and how it stands."},
    {"name": "runs", "description": "What was judged, with every answer."},
    {"name": "incidents", "description": "Products in trouble."},
    {"name": "connections", "description": "Named ways to data."},
    {"name": "tokens", "description": "Who may come in."},
    {"name": "health", "description": "Whether the service is whole."},
]
_REFS: Final = "#/components/schemas/{model}"
_SAID: Final = {
    401: "No token, or one that opens nothing.",
    403: "The token is good, but not for this.",
    404: "There is no such thing.",
    409: "What is recorded stands against it; `type` says what.",
    413: "The body is too large.",
    422: "The request, or the document in it, is wrong; `errors` says where.",
    500: "A fault of ours; it is logged under `request_id`.",
    503: "The database, or a part of the service, does not answer.",
}

Responses = dict[int | str, dict[str, Any]]  # the shape that FastAPI takes


def problems(*statuses: int) -> Responses:
    """Document problem answers of these statuses, and those that any route may give."""
    return {
        status: {
            "description": _SAID.get(status, HTTPStatus(status).phrase),
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": _REFS.format(model=ProblemDocument.__name__)}}
            },
        }
        for status in sorted({*statuses, 500, 503})
    }


def answers(description: str, media_type: str, example: str | None = None) -> dict[str, Any]:
    """Document a successful answer that is no JSON."""
    content: dict[str, Any] = {"schema": {"type": "string"}}
    if example is not None:
        content["example"] = example
    return {"description": description, "content": {media_type: content}}


class DocumentedApp(FastAPI):
    """A FastAPI app whose OpenAPI document knows the shape of a problem document."""

    @override
    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        document = super().openapi()
        schemas = document["components"]["schemas"]
        shape = ProblemDocument.model_json_schema(ref_template=_REFS)
        for name, inner in shape.pop("$defs").items():
            schemas.setdefault(name, inner)
        schemas[ProblemDocument.__name__] = shape
        return document
