"""Stand-ins for what the commands talk to."""

import json
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx2

Document: TypeAlias = dict[str, Any]  # whatever JSON holds: tests look inside freely


@dataclass(frozen=True)
class Ended:
    """A command that ended: its status and all that it wrote."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What it wrote, as JSON."""
        return json.loads(self.out)


@dataclass
class FakeService:
    """Answers by method and path, the last one again and again; remembers what it was asked."""

    answers: dict[tuple[str, str], list[httpx2.Response]] = field(default_factory=dict)
    requests: list[httpx2.Request] = field(default_factory=list)
    fault: Exception | None = None

    def says(self, method: str, path: str, document: object = None, *, status: int = 200) -> None:
        """Queue an answer."""
        content = b"" if document is None else json.dumps(document).encode()
        answer = httpx2.Response(status, content=content)
        whole = path if path.startswith("/health") else f"/api/v1{path}"
        self.answers.setdefault((method, whole), []).append(answer)

    def streams(self, path: str, text: str, *, media_type: str = "text/event-stream") -> None:
        """Queue an answer that is a stream of server-sent events."""
        headers = {"Content-Type": media_type}
        answer = httpx2.Response(200, content=text.encode(), headers=headers)
        self.answers.setdefault(("GET", f"/api/v1{path}"), []).append(answer)

    def breaks(self, method: str, path: str, fault: Exception) -> None:
        """Queue a connection that is lost."""
        answer = httpx2.Response(200, extensions={"fault": fault})
        self.answers.setdefault((method, f"/api/v1{path}"), []).append(answer)

    def refuses(
        self, method: str, path: str, status: int, code: str = "not-found", detail: str = "no",
        errors: list[Document] | None = None,
    ) -> None:  # fmt: skip
        """Queue a problem document."""
        document: Document = {
            "type": f"urn:assay:problem:{code}",
            "status": status,
            "detail": detail,
        }
        self.says(method, path, document | ({"errors": errors} if errors else {}), status=status)

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        self.requests.append(request)
        if self.fault is not None:
            raise self.fault
        queued = self.answers.get((request.method, request.url.path))
        if not queued:
            raise AssertionError(f"nobody expected {request.method} {request.url}")
        answer = queued.pop(0) if len(queued) > 1 else queued[0]
        if fault := answer.extensions.get("fault"):
            raise fault
        media_type = answer.headers.get("Content-Type")
        headers = {"Content-Type": media_type} if media_type else {}
        return httpx2.Response(answer.status_code, content=answer.content, headers=headers)


def run_document(**changes: object) -> Document:
    """A run as the API shows it."""
    return {
        "id": 7,
        "product": "sales.orders",
        "contract": {"id": "orders", "version": "1.2.0"},
        "trigger": "api",
        "state": "queued",
        "outcome": None,
        "interval": {"start": "2026-11-20T09:00:00Z", "end": "2026-11-20T09:00:00Z"},
        "attempt": 0,
        "created": "2026-11-20T09:00:00Z",
        "started": None,
        "finished": None,
        "counts": {},
        "seconds": {},
        "error": "",
    } | changes


def result_document(**changes: object) -> Document:
    """A result as the API and ``check`` show it."""
    return {
        "clause": "/schema/orders/properties/amount/minimum",
        "pointer": "/schema/0/properties/1/logicalTypeOptions/minimum",
        "kind": "minimum",
        "schema": "orders",
        "column": "amount",
        "engine": "pandera",
        "outcome": "passed",
        "severity": "high",
        "blocking": True,
        "dimension": "conformity",
        "measured": None,
        "unit": None,
        "threshold": "at least 0",
        "description": "",
        "rows": 4,
        "failed_rows": 0,
        "reason": "",
        "evidence": None,
    } | changes


def score_document(**changes: object) -> Document:
    """A score as the API shows it."""
    return {
        "quality": 56.2,
        "low": 41.0,
        "high": 60.0,
        "uncapped": 91.0,
        "cap": "",
        "assurance": 0.95,
        "dimensions": [
            {"dimension": "conformity", "value": 56.2, "clauses": 3, "failing": 1},
            {"dimension": "timeliness", "value": None, "clauses": 1, "failing": 0},
        ],
        "clauses": 4,
        "failing": 1,
        "lost": {},
        "model": "1",
    } | changes


def incident_document(**changes: object) -> Document:
    """An incident as the API shows it."""
    return {
        "id": 3,
        "product": "sales.orders",
        "kind": "breach",
        "state": "triggered",
        "open": True,
        "title": "2 clauses of sales.orders fail",
        "opened_at": "2026-11-20T08:00:00Z",
        "resolved_at": None,
        "acknowledged_by": None,
        "reason": "",
    } | changes


def token_document(**changes: object) -> Document:
    """A token as the API shows it."""
    return {
        "id": 2,
        "name": "orders-team",
        "role": "producer",
        "domain": "sales",
        "prefix": "assay_abcdefgh",
        "created_at": "2026-11-20T08:00:00Z",
        "expires_at": None,
        "revoked_at": None,
    } | changes
