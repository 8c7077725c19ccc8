"""Identities of clauses: places by names, which stay the same from version to version."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from contracts.model import Rule, Sla
from contracts.tree import escape
from contracts.values import Json
from contracts.words import METRICS

_HASH_LENGTH: Final = 8
_SPECIAL_KINDS: Final = {"sql": "sql", "text": "text", "custom": "custom"}


class Keys:
    """Gives out keys, each only once.

    An ordinal follows a key that is taken: ``.../quality/fresh``, ``.../quality/fresh/2``. A ``/``
    inside a name is escaped, so that no name looks like a key with an ordinal; where the text of an
    SLA still does, it moves on.
    """

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._next: dict[str, int] = {}

    def give(self, wanted: str) -> str:
        """``wanted``, or ``wanted`` with the first free ordinal."""
        key = wanted
        while key in self._used:
            ordinal = self._next.get(wanted, 2)
            self._next[wanted] = ordinal + 1
            key = f"{wanted}/{ordinal}"
        self._used.add(key)
        return key


def place(*names: str) -> str:
    """A key from the names that lead to a place."""
    return "".join(f"/{escape(name)}" for name in names)


def rule_name(rule: Rule) -> str:
    """The last part of a rule's key: id, else name, else its kind and a hash of what it looks at.

    The threshold is no part of the hash: a promise that is tightened is still the same promise.
    """
    if rule.id or rule.name:
        return str(rule.id or rule.name)
    kind = _SPECIAL_KINDS.get(rule.type)
    if kind is None:
        known = METRICS.get(rule.metric or "")
        kind = known.value if known else "rule"
    looked_at = [rule.metric, rule.arguments, rule.query, rule.engine, rule.implementation]
    if rule.type == "text":
        looked_at.append(rule.description)
    return f"{kind}-{_digest(looked_at)}"


def sla_names(sla: Sla) -> tuple[str, ...]:
    """The last parts of a service level's key."""
    if sla.id:
        return (sla.id,)
    return (sla.property, sla.element) if sla.element else (sla.property,)


def relationship_name(entry: Mapping[str, Json]) -> str:
    """The last part of a relationship's key: its id, else what it leads from (if stated) and to."""
    if isinstance(entry.get("id"), str) and entry["id"]:
        return str(entry["id"])
    ends = [_listed(entry[side]) for side in ("from", "to") if side in entry]
    return "->".join(ends) or "relationship"


def _listed(end: Json) -> str:
    return ",".join(map(str, end)) if isinstance(end, list | tuple) else str(end)


def _digest(value: Json) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]
