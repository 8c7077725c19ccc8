"""What the OpenAPI document says beyond what handlers say themselves."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from typing_extensions import override

from api.idempotency import describe_keys
from api.illustrations import illustrate
from api.models.problem import ProblemDocument
from api.problems import MEDIA_TYPE, phrase

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
    {"name": "events", "description": "What happened, for programs that follow."},
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
    410: "What lay behind the cursor is kept no more.",
    400: "The request cannot be read at all.",
    406: "There is no form of it that `Accept` wants.",
    412: "It is not what `If-Match` or `If-None-Match` expects; read it again.",
    413: "The body is too large.",
    415: "The body is said to be something else than JSON in UTF-8.",
    422: "The request, or the document in it, is wrong; `errors` says where.",
    500: "A fault of ours; it is logged under `request_id`.",
    503: "The database, or a part of the service, does not answer.",
}
_TOLD: Final = {
    400: ("bad-request", "an address holds no null character"),
    401: ("unauthenticated", "a token is needed: 'Authorization: Bearer assay_...'"),
    403: ("forbidden", "viewer 'vera' may not publish in 'sales'"),
    404: ("not-found", "there is no product 'sales.orders'"),
    406: ("not-acceptable", "there is application/json here, but 'Accept: text/csv' wants neither"),
    409: ("store-conflict", "what is recorded stands against it; read again and retry"),
    412: ("precondition-failed", "connection 'warehouse' is not what the request expects"),
    413: ("content-too-large", "a body may hold 256 KB at most"),
    415: ("unsupported-media-type", "the body must be 'Content-Type: application/json' in UTF-8"),
    422: ("invalid-request", "the request has 1 problem"),
    500: ("internal-error", "something went wrong on our side; it is logged"),
    503: ("store-unavailable", "the database cannot be used now; the log says why"),
}
_ENTRY: Final = {
    "code": "greater-than-equal",
    "pointer": "/query/limit",
    "line": None,
    "column": None,
    "severity": "error",
    "detail": "Input should be greater than or equal to 1",
}

Responses = dict[int | str, dict[str, Any]]  # the shape that FastAPI takes


def problems(*statuses: int) -> Responses:
    """Document problem answers of these statuses, and those that any route may give."""
    return {
        status: {
            "description": _SAID.get(status, HTTPStatus(status).phrase),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": _REFS.format(model=ProblemDocument.__name__)},
                    "example": _example(status),
                }
            },
        }
        for status in sorted({*statuses, 400, 500, 503})
    }


def _example(status: int) -> dict[str, Any]:
    code, detail = _TOLD.get(status, (HTTPStatus(status).phrase.lower().replace(" ", "-"), ""))
    shown: dict[str, Any] = {
        "type": f"urn:assay:problem:{code}",
        "title": phrase(status),
        "status": status,
        "detail": detail or _SAID.get(status, ""),
        "instance": "/api/v1/products/sales.orders",
        "request_id": "5a0f6f9c2d1e4b37",
    }
    return {**shown, "errors": [_ENTRY]} if status == HTTPStatus.UNPROCESSABLE_ENTITY else shown


_FORMS: Final[dict[str, dict[str, Any]]] = {
    "application/yaml": {"$ref": _REFS.format(model="ContractDocument")},
    "text/event-stream": {},  # what an event holds is said in words
}


def answers(description: str, media_type: str, example: str | None = None) -> dict[str, Any]:
    """Document a successful answer that is no JSON."""
    content: dict[str, Any] = {"schema": _FORMS.get(media_type, {"type": "string"})}
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
        describe_keys(document, problems(409, 422))
        illustrate(document)
        return document
