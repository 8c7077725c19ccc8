"""Publish, read and lint contracts."""

import hashlib
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api import tags
from api.ask import Asked
from api.models.base import Listing
from api.models.contracts import ContractDocument, ContractVersion, LintAnswer, PublishedContract
from api.negotiation import choose
from api.openapi import Responses, answers, problems
from api.paging import After, Limit, listing
from contracts.filter import ContractFilter
from contracts.record import Version
from contracts.render import as_json, as_yaml
from usecases import documents
from usecases.history import document, list_contracts, list_versions
from usecases.lint import lint
from usecases.publish import Published, publish

router = APIRouter(prefix="/contracts", tags=["contracts"])

_EXAMPLE: Final = """\
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
domain: sales
dataProduct: orders
description: {purpose: One row per confirmed order.}
team: {name: checkout, members: [{username: checkout@example.org, role: owner}]}
servers:
  - server: deliveries
    type: local
    path: orders.parquet
    format: parquet
    customProperties: [{property: connection, value: warehouse}]
schema:
  - name: orders
    properties:
      - {name: order_id, logicalType: string, required: true, unique: true}
      - name: amount
        logicalType: number
        logicalTypeOptions: {minimum: 0}
customProperties:
  - {property: assaySchedule, value: 0 6 * * *}
"""
_TEXT: Final = {"schema": {"type": "string"}, "example": _EXAMPLE}
_JSON: Final = {
    "schema": {"type": "object"},
    "example": {"apiVersion": "v3.1.0", "kind": "DataContract", "id": "orders", "version": "1.0.0"},
}
_BODY: Final[dict[str, Any]] = {  # the shape of an OpenAPI fragment
    "requestBody": {
        "required": True,
        "description": "An ODCS 3.x document, YAML or JSON, UTF-8, at most 256 KB.",
        "content": {"application/yaml": _TEXT, "text/yaml": _TEXT, "application/json": _JSON},
    }
}
_AS_PUBLISHED: Final = answers("The document as YAML.", "application/yaml", _EXAMPLE)
_EITHER: Final[Responses] = {
    200: {
        "description": "About the version; or its document, for `Accept: application/yaml`.",
        "content": _AS_PUBLISHED["content"],
    }
}
_EITHER_FORM: Final[dict[str, Any]] = {  # the shape of an OpenAPI fragment
    "model": ContractDocument,
    "description": "The bytes as published; or what they say, in the form that `Accept` names.",
    "content": _AS_PUBLISHED["content"],
}
_JSON_WORD: Final = "application/json"
_YAML_WORD: Final = "application/yaml"
_OTHER: Final = {_JSON_WORD: _YAML_WORD, _YAML_WORD: _JSON_WORD}
Product = Annotated[str | None, Query(description="Only contracts of this product.")]
Domain = Annotated[str | None, Query(description="Only contracts of this domain's products.")]


async def _wanted(product: Product = None, domain: Domain = None) -> ContractFilter:
    return ContractFilter(product=product, domain=domain)


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]
Accept = Annotated[
    str, Header(description="Which form is wanted: `application/json` or `application/yaml`.")
]


@router.post(
    "",
    summary="Publish a contract version",
    status_code=201,
    response_model=PublishedContract,
    responses={
        200: {"model": PublishedContract, "description": "Exactly these bytes were there."},
        **problems(401, 403, 409, 413, 422),
    },
    openapi_extra=_BODY,
)
def publish_contract(asked: Asked, body: Body, response: Response) -> documents.Document:
    """Keep the document as the current version of its contract; product and schedule follow."""
    done = publish(asked.store, body, by=asked.by, clock=asked.clock)
    response.status_code = 201 if done.created else 200
    response.headers["Location"] = _path(done.version, version=True)
    return {**documents.published(done), "links": _links(done)}


@router.post(
    "/lint",
    summary="Say what is wrong with a document",
    response_model=LintAnswer,
    responses=problems(401, 413),
    openapi_extra=_BODY,
)
def lint_contract(asked: Asked, body: Body) -> documents.Document:
    """Read the document as publishing would, and keep nothing."""
    contract, found = lint(body)
    return {
        "valid": contract is not None,
        "problems": [documents.problem(problem) for problem in found],
    }


@router.get(
    "",
    summary="List contracts",
    response_model=Listing[ContractVersion],
    responses=problems(401, 422),
)
def read_contracts(
    asked: Asked,
    wanted: Annotated[ContractFilter, Depends(_wanted)],
    *,
    after: After = "",
    limit: Limit = 50,
) -> documents.Document:
    """Return the current version of each contract, by id; what is asked of it must all hold."""
    rows = list_contracts(asked.store, wanted, by=asked.by, after=after, limit=limit + 1)
    return listing(rows, limit, cursor=lambda row: row.contract_id, shape=documents.version)


@router.get(
    "/{contract_id}/versions/{version}/document",
    summary="Read a version's document",
    response_class=Response,
    responses={200: _EITHER_FORM, **problems(401, 404, 406, 422)},
)
def read_document(asked: Asked, contract_id: str, version: str, *, accept: Accept = "") -> Response:
    """Return the document exactly as it was published, or what it says in the other form.

    `Accept: application/json` and `application/yaml` choose; without a wish, or where both will
    do, the published bytes are given. Their ETag is their SHA-256, `sha256` of the version.
    """
    found, body = document(asked.store, contract_id, by=asked.by, version=version)
    other = _OTHER[found.media_type]
    wanted = choose(accept, (found.media_type, other))
    return _written(found, body, wanted)


@router.get(
    "/{contract_id}/versions/{version}",
    summary="Read a version",
    response_model=ContractVersion,
    responses={**_EITHER, **problems(401, 404, 406, 422)},
)
def read_version(
    asked: Asked, contract_id: str, version: str, *, accept: Accept = ""
) -> Response | documents.Document:
    """Return what is known about a version, or its bytes."""
    found, body = document(asked.store, contract_id, by=asked.by, version=version)
    return _told(found, body, accept)


@router.get(
    "/{contract_id}/versions",
    summary="List the versions of a contract",
    response_model=Listing[ContractVersion],
    responses=problems(401, 404, 422),
)
def read_versions(asked: Asked, contract_id: str) -> documents.Document:
    """Return all versions, newest first, on one page."""
    found = list_versions(asked.store, contract_id, by=asked.by)
    return {"items": [documents.version(row) for row in found], "next": None}


@router.get(
    "/{contract_id}",
    summary="Read a contract",
    response_model=ContractVersion,
    responses={**_EITHER, **problems(401, 404, 406, 422)},
)
def read_contract(
    asked: Asked, contract_id: str, *, accept: Accept = ""
) -> Response | documents.Document:
    """Return what is known about the current version, or its bytes."""
    found, body = document(asked.store, contract_id, by=asked.by)
    return _told(found, body, accept)


def _told(version: Version, body: bytes, accept: str) -> Response | documents.Document:
    """About the version as JSON, or its document as YAML."""
    if choose(accept, (_JSON_WORD, _YAML_WORD)) == _JSON_WORD:
        return documents.version(version)
    return _written(version, body, _YAML_WORD)


def _written(version: Version, body: bytes, media_type: str) -> Response:
    """The document in the form of ``media_type``: its bytes where they are that form already."""
    if media_type == version.media_type:
        shown, sha256 = body, version.sha256
    else:
        shown = as_json(body) if media_type == _JSON_WORD else as_yaml(body)
        sha256 = hashlib.sha256(shown).hexdigest()
    return Response(shown, media_type=media_type, headers={"ETag": tags.of_bytes(sha256)})


def _path(row: Version, *, version: bool) -> str:
    contract = f"/api/v1/contracts/{quote(row.contract_id, safe='')}"
    return f"{contract}/versions/{quote(row.version, safe='')}" if version else contract


def _links(done: Published) -> documents.Document:
    row = done.version
    product = f"/api/v1/products/{quote(row.product, safe='')}"
    return {
        "contract": _path(row, version=False),
        "document": f"{_path(row, version=True)}/document",
        "product": product,
        "scorecard": f"{product}/scorecard",
        "page": f"/products/{quote(row.product, safe='')}",
    }
