"""Errors -> problem documents (RFC 9457). The one place that knows which error is which status."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from access.errors import Forbidden, Unauthenticated
from api.errors import (
    AlreadyCreated,
    BadInput,
    Changed,
    CrossSite,
    NotAcceptable,
    NotReadable,
    NotReady,
    TooManyStreams,
)
from contracts.errors import InvalidContract
from contracts.instants import instant
from contracts.problems import Problem
from contracts.values import Json
from incidents.errors import IncidentError, ReasonMissing
from products.errors import InvalidConnection
from runs.errors import InvalidTimetable
from store.errors import StoreConflict, StoreFull, StoreUnavailable, UnknownRevision
from usecases.errors import Conflict, Gone, KeyReused, NotFound, NotYet, QueueFull, StillWorking

_LOG: Final = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/problem+json"
_NO_JSON: Final = "json-invalid"
_PHRASES: Final = {413: "Content Too Large", 422: "Unprocessable Content"}  # as of RFC 9110
EXPECTED: Final[tuple[type[Exception], ...]] = (
    InvalidContract,
    InvalidTimetable,
    InvalidConnection,
    Unauthenticated,
    Forbidden,
    NotFound,
    NotYet,
    Conflict,
    Gone,
    KeyReused,
    StillWorking,
    QueueFull,
    AlreadyCreated,
    TooManyStreams,
    IncidentError,
    StoreUnavailable,
    StoreConflict,
    UnknownRevision,
    BadInput,
    Changed,
    CrossSite,
    NotAcceptable,
    NotReadable,
    NotReady,
    RequestValidationError,
    HTTPException,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An error as it is told outside.

    Attributes:
        code: Stable, hyphenated name; ``type`` of the document is built from it.
        detail: What happened this time, for people; never internals.
        extra: Further members of the document, such as ``errors``.
        headers: What the answer must carry beside.
    """

    status: int
    code: str
    detail: str
    extra: dict[str, Json] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The status in words, such as ``Not Found``."""
        return phrase(self.status)


@singledispatch
def describe(error: Exception) -> Trouble:
    """Say what ``error`` is to whoever asked; an unexpected one is a 500 without its text."""
    return Trouble(
        status=500, code="internal-error", detail="something went wrong on our side; it is logged"
    )


@describe.register
def _(error: InvalidContract) -> Trouble:
    return Trouble(
        status=422,
        code="invalid-contract",
        detail=f"the document is no valid contract: {_counted(len(error.problems))} found",
        extra={"errors": [_located(found) for found in error.problems]},
    )


@describe.register
def _(error: InvalidTimetable) -> Trouble:
    return Trouble(status=422, code="invalid-timetable", detail=str(error))


@describe.register
def _(error: BadInput) -> Trouble:
    errors = [_entry(fault.code, fault.pointer, fault.detail) for fault in error.faults]
    return Trouble(status=422, code="invalid-input", detail=str(error), extra={"errors": errors})


@describe.register
def _(error: InvalidConnection) -> Trouble:
    errors = [_entry("bad-connection", flaw.pointer, flaw.message) for flaw in error.flaws]
    return Trouble(status=422, code="invalid-input", detail=str(error), extra={"errors": errors})


@describe.register
def _(error: RequestValidationError) -> Trouble:
    errors = [_refused(found, error.body) for found in error.errors()]
    detail = f"the request has {_counted(len(errors))}"
    return Trouble(status=422, code="invalid-request", detail=detail, extra={"errors": errors})


@describe.register
def _(error: Unauthenticated) -> Trouble:
    return Trouble(
        status=401,
        code="unauthenticated",
        detail=str(error),
        headers={"WWW-Authenticate": 'Bearer realm="assay"'},
    )


@describe.register
def _(error: Forbidden) -> Trouble:
    return Trouble(status=403, code="forbidden", detail=str(error))


@describe.register
def _(error: Changed) -> Trouble:
    headers = {"ETag": error.tag} if error.tag else {}
    return Trouble(status=412, code="precondition-failed", detail=str(error), headers=headers)


@describe.register
def _(error: NotAcceptable) -> Trouble:
    return Trouble(
        status=406,
        code="not-acceptable",
        detail=str(error),
        extra={"offers": list(error.offers)},
    )


@describe.register
def _(error: NotReadable) -> Trouble:
    headers = {"Accept": "application/json"}
    return Trouble(status=415, code="unsupported-media-type", detail=str(error), headers=headers)


@describe.register
def _(error: CrossSite) -> Trouble:
    return Trouble(status=403, code="cross-site", detail=str(error))


@describe.register
def _(error: NotFound) -> Trouble:
    return Trouble(status=404, code="not-found", detail=str(error))


@describe.register
def _(error: NotYet) -> Trouble:
    return Trouble(status=422, code="not-yet", detail=str(error))


@describe.register
def _(error: Conflict) -> Trouble:
    return Trouble(status=409, code=error.code, detail=str(error))


@describe.register
def _(error: Gone) -> Trouble:
    return Trouble(status=410, code=error.code, detail=str(error))


@describe.register
def _(error: KeyReused) -> Trouble:
    return Trouble(status=422, code="idempotency-key-reused", detail=str(error))


@describe.register
def _(error: StillWorking) -> Trouble:
    headers = {"Retry-After": "1"}
    return Trouble(status=409, code="still-working", detail=str(error), headers=headers)


@describe.register
def _(error: QueueFull) -> Trouble:
    return Trouble(
        status=429,
        code="queue-full",
        detail=str(error),
        extra={"waiting": error.waiting},
        headers={"Retry-After": "30"},
    )


@describe.register
def _(error: AlreadyCreated) -> Trouble:
    headers = {"Location": error.location} if error.location else {}
    return Trouble(status=409, code="already-created", detail=str(error), headers=headers)


@describe.register
def _(error: TooManyStreams) -> Trouble:
    headers = {"Retry-After": "10"}
    return Trouble(status=503, code="too-many-streams", detail=str(error), headers=headers)


@describe.register
def _(error: IncidentError) -> Trouble:
    return Trouble(status=409, code="incident-state", detail=str(error))


@describe.register
def _(error: ReasonMissing) -> Trouble:
    errors = [_entry("no-reason", "/reason", str(error))]
    return Trouble(status=422, code="invalid-input", detail=str(error), extra={"errors": errors})


@describe.register
def _(error: StoreConflict) -> Trouble:
    return Trouble(
        status=409,
        code="store-conflict",
        detail="what is recorded stands against it; read again and retry",
    )


@describe.register
def _(error: StoreFull) -> Trouble:
    _LOG.error("the database has no room: %s", error)
    return Trouble(
        status=503,
        code="disk-full",
        detail="the disk of the database is full, so nothing was written; reading goes on, and so "
        "does writing once whoever runs the service has made room",
        headers={"Retry-After": "30"},
    )


@describe.register(StoreUnavailable)
@describe.register(UnknownRevision)
def _(error: StoreUnavailable | UnknownRevision) -> Trouble:
    _LOG.error("the database cannot be used: %s", error)
    return Trouble(
        status=503,
        code="store-unavailable",
        detail="the database cannot be used now; the log says why",
        headers={"Retry-After": "5"},
    )


@describe.register
def _(error: NotReady) -> Trouble:
    silent = {part: None if at is None else instant(at) for part, at in error.silent.items()}
    return Trouble(
        status=503,
        code="not-ready",
        detail=str(error),
        extra={"silent": silent},
        headers={"Retry-After": "5"},
    )


@describe.register
def _(error: HTTPException) -> Trouble:
    return Trouble(
        status=error.status_code,
        code=phrase(error.status_code).lower().replace(" ", "-"),
        detail=str(error.detail),
        headers=dict(error.headers or {}),
    )


def document(trouble: Trouble, request: Request) -> JSONResponse:
    """Answer ``request`` with ``trouble`` as a problem document."""
    body: dict[str, Json] = {
        "type": f"urn:assay:problem:{trouble.code}",
        "title": trouble.title,
        "status": trouble.status,
        "detail": trouble.detail,
        "instance": request.url.path,
        "request_id": request.state.request_id,
        **trouble.extra,
    }
    return JSONResponse(
        body, status_code=trouble.status, media_type=MEDIA_TYPE, headers=trouble.headers
    )


def phrase(status: int) -> str:
    """Return a status in words, as of RFC 9110."""
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def _located(found: Problem) -> dict[str, Json]:
    return {
        "code": found.code,
        "pointer": found.pointer,
        "line": found.line,
        "column": found.column,
        "severity": found.severity.value,
        "detail": found.message,
    }


def _refused(found: Mapping[str, Any], body: object) -> dict[str, Json]:
    """One entry of what was found wrong: a place in the body, or below ``/query``, ``/path`` ..."""
    code = str(found["type"]).replace("_", "-")
    where, *parts = found["loc"]
    if code == _NO_JSON:
        return _not_json(str(body), int(parts[0]), str(found["ctx"]["error"]))
    names = parts if where == "body" else [where, *parts]
    return _entry(code, "".join(f"/{_escaped(name)}" for name in names), str(found["msg"]))


def _not_json(text: str, offset: int, why: str) -> dict[str, Json]:
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    entry = _entry(_NO_JSON, "", f"the body is no JSON: {why}")
    return {**entry, "line": line, "column": column}


def _entry(code: str, pointer: str, detail: str) -> dict[str, Json]:
    return {
        "code": code,
        "pointer": pointer,
        "line": None,
        "column": None,
        "severity": "error",
        "detail": detail,
    }


def _counted(number: int) -> str:
    return "1 problem" if number == 1 else f"{number} problems"


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
