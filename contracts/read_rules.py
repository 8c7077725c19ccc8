"""``quality`` entries -> ``Rule``: what is compared with what, and whether it can be judged."""

import re
from collections.abc import Mapping
from typing import Final

from contracts.document import read_text
from contracts.errors import InvalidContract
from contracts.model import Rule, Scalar, Threshold
from contracts.nodes import Node
from contracts.notes import Notes, guess
from contracts.read_cron import read_cron
from contracts.values import Dimension, Json, Severity
from contracts.words import GREAT_EXPECTATIONS, METRICS, SEVERITIES, UNITS, severity

OPERATORS: Final = (
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
)
_COMPARED: Final = {"library", "sql"}
_OF_COLUMNS: Final = {"nullValues", "missingValues", "invalidValues"}


def read_rules(parent: Node, notes: Notes, *, of_column: bool) -> tuple[Rule, ...]:
    """The rules of an object or of a column (``of_column``), in document order."""
    ids: set[str] = set()
    rules = []
    for node in parent["quality"].items():
        rule = _read_rule(node, notes, of_column=of_column)
        if rule.id is not None and rule.id in ids:
            notes.error(
                "duplicate-id", f"{rule.pointer}/id", f"another rule here has the id {rule.id!r}"
            )
        ids.add(rule.id or "")
        rules.append(rule)
    return tuple(rules)


def _read_rule(node: Node, notes: Notes, *, of_column: bool) -> Rule:
    kind = _type(node)
    rule_id, name = node["id"].text(), node["name"].text()
    if not rule_id and not name:
        message = "give the rule an id, or changing it starts a new history"
        notes.warn("rule-without-id", node.pointer, message)
    return Rule(
        pointer=node.pointer,
        type=kind,
        id=rule_id or None,
        name=name or None,
        description=node["description"].text() or "",
        metric=node["metric"].text(),
        arguments=node["arguments"].mapping(),
        query=node["query"].text(),
        engine=node["engine"].text(),
        implementation=node["implementation"].value,
        threshold=_threshold(node, notes, kind) if kind in _COMPARED else None,
        dimension=_dimension(node),
        severity=_severity(node, notes),
        misfit=_misfit(node, notes, of_column=of_column),
        cron=read_cron(node, notes),
    )


def _type(node: Node) -> str:
    """The stated type; else library, the standard's default, if it has a metric; else text."""
    stated = node["type"].text()
    return stated or ("library" if "metric" in node else "text")


def _severity(node: Node, notes: Notes) -> Severity:
    word = node["severity"].text()
    if word is None or not word.strip():
        return Severity.HIGH
    known = severity(word)
    if known is None:
        message = (
            f"{word[:80]!r} is no severity, high is taken: write one of {', '.join(SEVERITIES)}"
        )
        notes.warn("unknown-severity", f"{node.pointer}/severity", message)
    return known or Severity.HIGH


def _dimension(node: Node) -> Dimension | None:
    word = node["dimension"].text()
    return Dimension(word) if word in set(Dimension) else None


def _threshold(node: Node, notes: Notes, kind: str) -> Threshold | None:
    """What the measured value is held against; None when that is not clear."""
    stated = [word for word in OPERATORS if word in node]
    if len(stated) != 1:
        return None  # the standard's schema has said so
    operator = stated[0]
    bound = node[operator]
    value = _ends(bound, notes) if operator.endswith("Between") else _single(bound, notes, kind)
    unit = (node["unit"].text() or "rows").strip()
    return Threshold(operator=operator, value=value, unit=UNITS.get(unit.lower(), unit))


def _single(bound: Node, notes: Notes, kind: str) -> Scalar:
    if isinstance(bound.value, list | dict):
        notes.error("wrong-type", bound.pointer, "must be a single value to compare with")
        return None
    if bound.number() is None and kind == "library":
        notes.error("wrong-type", bound.pointer, "must be a number: rows are counted")
    return bound.value


def _ends(bound: Node, notes: Notes) -> tuple[float | int, float | int]:
    ends = bound.value if isinstance(bound.value, list) else []
    numbers = [number for number in (Node(end).number() for end in ends) if number is not None]
    low, high = (numbers[0], numbers[-1]) if numbers else (0, 0)
    if low > high:
        notes.error(
            "empty-range", bound.pointer, f"nothing lies between {low} and {high}: smaller first"
        )
    return low, high


def _misfit(node: Node, notes: Notes, *, of_column: bool) -> str:
    """Why the rule can never be judged; a warning, for the promise may be meant for people."""
    kind, found = _type(node), ""
    if kind == "library":
        found = _metric_misfit(node, of_column=of_column)
    elif kind == "sql":
        found = "" if node["query"].said().strip() else "the query is empty"
    elif is_great_expectations(node["engine"].text()):
        named = expectation(node["implementation"].value)
        found = "" if named else "no expectation 'type' is named"
    if found:
        notes.warn("rule-cannot-run", node.pointer, f"this rule can never be judged: {found}")
    return found


def _metric_misfit(node: Node, *, of_column: bool) -> str:
    metric, unit = node["metric"].said(), node["unit"].said("rows").strip()
    if metric not in METRICS:
        return f"metric {metric[:80]!r} is not known{guess(metric, METRICS)}"
    misplaced = _misplaced(node, metric, of_column=of_column)
    if misplaced or unit.lower() in UNITS:
        return misplaced
    return f"unit {unit[:80]!r} is neither rows nor percent"


def _misplaced(node: Node, metric: str, *, of_column: bool) -> str:
    """Why a metric means nothing where it stands."""
    if of_column:
        return "rowCount belongs on an object, not on a column" if metric == "rowCount" else ""
    if metric in _OF_COLUMNS:
        return f"{metric} belongs on a column"
    if metric == "duplicateValues" and not node["arguments"]["properties"].texts():
        return "duplicateValues of an object needs arguments.properties"
    return ""


def is_great_expectations(engine: str | None) -> bool:
    """Whether a custom rule is for Great Expectations, in any of the spellings in use."""
    return (engine or "").strip().lower() in GREAT_EXPECTATIONS


def expectation(implementation: Json) -> tuple[str, Mapping[str, Json]] | None:
    """Type (snake case) and arguments of an expectation; None when it names no type.

    Args:
        implementation: ``{"type": ..., "kwargs": {...}}``; ``expectation_type`` and names such as
            ``ExpectColumnToExist`` are understood too. Text is read by the rules of documents
            first.
    """
    if isinstance(implementation, str):
        implementation = _from_text(implementation)
    if not isinstance(implementation, Mapping):
        return None
    name = implementation.get("type") or implementation.get("expectation_type")
    if not isinstance(name, str):
        return None
    kwargs = implementation.get("kwargs")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip()).lower()
    return snake, kwargs if isinstance(kwargs, Mapping) else {}


def _from_text(text: str) -> Json:
    """What a text in YAML or JSON says; None when it cannot be read or is faulty."""
    try:
        document = read_text(text)
    except InvalidContract:
        return None
    return None if document.problems else document.value
