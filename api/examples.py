"""A schema of the OpenAPI document -> an example that fits it, all from one story."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]  # JSON Schema, as FastAPI writes it

_REF: Final = "#/components/schemas/"
_DEPTH: Final = 12  # of shapes within shapes
_INSTANT: Final = "2026-11-20T06:00:21Z"
_BY_FORMAT: Final = {"date-time": _INSTANT, "binary": ""}
_BY_TYPE: Final[dict[str, object]] = {
    "string": "text",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "null": None,
}
_KEYS: Final = {"lost": "/schema/orders/properties/amount/minimum", "seconds": "total"}
_ENTRIES: Final = {"columns": "column", "offending": "column", "masked": "hidden"}
_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
# By the name of a member: what it says in the story of `sales.orders`.
_STORY: Final[dict[str, object]] = {
    "acknowledged_by": None,
    "actor": "olga",
    "assurance": 0.98,
    "attempt": 1,
    "attempts": 1,
    "blocking": True,
    "cap": "",
    "clause": "/schema/orders/properties/amount/minimum",
    "clauses": 19,
    "code": "no-owner",
    "column": "amount",
    "contract": "orders",
    "created": True,
    "cron": "0 6 * * *",
    "current": True,
    "dead_letters": 0,
    "description": "An order is never below zero.",
    "detail": "3 of 150,040 rows are below 0",
    "document": "/api/v1/contracts/orders/versions/1.2.0/document",
    "domain": "sales",
    "errored": 0,
    "error": "",
    "evidence": None,
    "every_seconds": None,
    "expires_at": None,
    "hidden": "email",
    "id": 4711,
    "evidence_shown": False,
    "executable": 18,
    "failed_rows": 3,
    "failing": 1,
    "fingerprint": "5f1d7a0c9be2",
    "good": False,
    "high": 96.4,
    "instance": "/api/v1/products/sales.orders",
    "key": "sales.orders",
    "kind": "minimum",
    "line": 12,
    "lost": 3.6,
    "lost_runs": 0,
    "low": 96.4,
    "measured": 3,
    "message": "say who answers for it: add `team` with a member whose role is `owner`",
    "model": "1",
    "name": "orders",
    "next": None,
    "open": True,
    "open_incidents": 1,
    "outcome": "failed",
    "owner": "olga@example.org",
    "paused": False,
    "page": "/products/sales.orders",
    "pointer": "/schema/0/properties/1",
    "prefix": "assay_4xQm9TzK",
    "product": "sales.orders",
    "published_by": "orders-team",
    "purpose": "One row per confirmed order.",
    "quality": 96.4,
    "reason": "",
    "request_id": "5a0f6f9c2d1e4b37",
    "resolved_at": None,
    "revoked_at": None,
    "role": "producer",
    "rows": 150040,
    "run": 4711,
    "schema": "orders",
    "scorecard": "/api/v1/products/sales.orders/scorecard",
    "seconds": 1.84,
    "secret": "assay_4xQm9TzK...",
    "segment": "",
    "severity": "high",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "state": "done",
    "subject": "sales.orders is in trouble",
    "target": "olga@example.org",
    "threshold": "at least 0",
    "timezone": "UTC",
    "title": "orders.amount is below 0",
    "uncapped": 96.4,
    "unit": "rows",
    "value": 96.4,
    "version": "1.2.0",
}


def example_of(schema: Schema, shapes: Mapping[str, Schema]) -> object:
    """Return an example that fits ``schema``; ``shapes`` are those that it may refer to by name."""
    return _Story(shapes).tell(schema)


class _Story:
    def __init__(self, shapes: Mapping[str, Schema]) -> None:
        self._shapes = shapes

    def tell(self, schema: Schema, name: str = "", depth: int = 0) -> object:
        """What ``schema`` says under the member ``name``."""
        whole = self._resolved(schema)
        told = self._told(schema, whole, name)
        if told is not _NOTHING or depth > _DEPTH:
            return None if told is _NOTHING else told
        if "properties" in whole:
            members: Mapping[str, Schema] = whole["properties"]
            return {key: self.tell(inner, key, depth + 1) for key, inner in members.items()}
        if whole.get("type") == "array":
            return self._entries(whole, name, depth)
        if whole.get("type") == "object":
            return self._mapping(whole, name, depth)
        return _BY_FORMAT.get(whole.get("format", ""), _BY_TYPE.get(whole.get("type", ""), "text"))

    def _told(self, schema: Schema, whole: Schema, name: str) -> object:
        """What is said without looking inside: by the member itself, by the story, by its shape."""
        if schema.get("examples"):
            return schema["examples"][0]
        story = _STORY.get(name, _NOTHING)
        if any(_fits(story, self._resolved(option)) for option in _options(schema)):
            return story
        return _said(whole)

    def _entries(self, whole: Schema, name: str, depth: int) -> object:
        inner = whole.get("items", {})
        return [self.tell(inner, _ENTRIES.get(name, name), depth + 1)] if inner else []

    def _mapping(self, whole: Schema, name: str, depth: int) -> object:
        inner = whole.get("additionalProperties")
        if not isinstance(inner, dict) or not inner:
            return {}
        names = self._resolved(whole.get("propertyNames", {})).get("enum", [_KEYS.get(name, name)])
        return {names[0]: self.tell(inner, name, depth + 1)}

    def _resolved(self, schema: Schema) -> Schema:
        """``schema`` without references and choices: of several, the first that is not null."""
        found = schema
        while True:
            beside = {key: value for key, value in found.items() if key not in _CHOICES}
            if "$ref" in found:
                found = {**self._shapes[found["$ref"].removeprefix(_REF)], **beside}
            elif any(word in found for word in ("anyOf", "oneOf", "allOf")):
                found = {**self._chosen(found), **beside}
            else:
                return found

    @staticmethod
    def _chosen(schema: Schema) -> Schema:
        among = next(schema[word] for word in ("anyOf", "oneOf", "allOf") if word in schema)
        chosen: Schema = next((one for one in among if one.get("type") != "null"), among[0])
        return chosen


_NOTHING: Final = object()
_CHOICES: Final = frozenset(("$ref", "anyOf", "oneOf", "allOf", "title"))


def _options(schema: Schema) -> Sequence[Schema]:
    """What ``schema`` leaves to choose from; itself where there is no choice."""
    found: Sequence[Schema] = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return found


def _said(schema: Schema) -> object:
    """What a shape itself says; ``_NOTHING`` when it leaves that open."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    words = schema.get("enum")
    return words[0] if words else _NOTHING


def _fits(told: object, schema: Schema) -> bool:
    if "enum" in schema:
        return told in schema["enum"]
    if told is None:
        return bool(schema.get("type") == "null")
    return not schema.get("format") and _is_of(told, schema) and _is_short(told, schema)


def _is_of(told: object, schema: Schema) -> bool:
    """Whether it is of the schema's type: to Python a boolean is a number, too."""
    kind = _KINDS.get(schema.get("type", ""))
    if kind is None or not isinstance(told, kind):
        return False
    return not isinstance(told, bool) or bool(schema["type"] == "boolean")


def _is_short(told: object, schema: Schema) -> bool:
    longest: int | None = schema.get("maxLength")
    return longest is None or not isinstance(told, str) or len(told) <= longest
