"""The Open Data Contract Standard's own JSON Schema, held against a document.

The schema is the one in the package ``open-data-contract-standard`` (3.2.0, dialect 2019-09). It is
prepared once: its faults are mended, references are put in place, and its recursion is cut, so that
each column is validated on its own. That bounds the time and the stack whatever the nesting; as
shipped, every level of nesting doubles the work.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, Final, TypeAlias

from jsonschema import Draft201909Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from contracts.findings import Finding, explain, missing_type
from contracts.notes import guess
from contracts.remedies import foreign, remedy
from contracts.tree import MAX_PROBLEMS, Plain

Fragment: TypeAlias = Any  # a piece of JSON Schema: mapping, list or scalar, as jsonschema takes it
Path: TypeAlias = tuple[str | int, ...]
_COLUMN: Final = "SchemaProperty"
_ITEM: Final = "SchemaItemProperty"
_ROOT: Final = "root"
_CUT: Final = {f"#/$defs/{_COLUMN}", f"#/$defs/{_ITEM}"}


def findings(document: Plain) -> list[Finding]:
    """What the standard's schema says against a document; at most ``MAX_PROBLEMS``."""
    told = foreign(document)
    if told:
        return [Finding("other-format", (), told)]
    found = islice(_distinct(_findings(document)), MAX_PROBLEMS)
    return [_with_remedy(finding, document) for finding in found]


def _with_remedy(finding: Finding, document: Plain) -> Finding:
    """The same finding, told what to write instead where that is known."""
    value: Fragment = document
    for part in finding.path:
        value = value[part]
    words = remedy(finding.code, finding.path, value)
    return replace(finding, message=f"{finding.message}: {words}") if words else finding


def _distinct(found: Iterator[Finding]) -> Iterator[Finding]:
    """Each finding once, although several parts of the schema may come to it."""
    seen: set[Finding] = set()
    for finding in found:
        if finding not in seen:
            seen.add(finding)
            yield finding


def _findings(document: Plain) -> Iterator[Finding]:
    for path, value, definition in _parts(document):
        lacking = missing_type(value, path)
        if lacking is not None:
            yield lacking
        hidden = (*path, "logicalTypeOptions") if lacking else None
        for error in _validators()[definition].iter_errors(value):
            for finding in explain(error, path):
                if hidden is None or finding.path[: len(hidden)] != hidden:
                    yield finding


def _parts(document: Plain) -> Iterator[tuple[Path, Plain, str]]:
    """The document, then every column, element of an array and side of a map in it, in order."""
    yield (), document, _ROOT
    objects = document.get("schema") if isinstance(document, dict) else None
    stack: list[tuple[Path, Plain, str]] = []
    for path, value in reversed(_list(objects, ("schema",))):
        below = value.get("properties") if isinstance(value, dict) else None
        stack += [(p, v, _COLUMN) for p, v in reversed(_list(below, (*path, "properties")))]
    while stack:
        path, value, definition = stack.pop()
        yield path, value, definition
        stack += reversed(_below(path, value))


def _below(path: Path, value: Plain) -> list[tuple[Path, Plain, str]]:
    if not isinstance(value, dict):
        return []
    columns = _list(value.get("properties"), (*path, "properties"))
    found: list[tuple[Path, Plain, str]] = [(p, v, _COLUMN) for p, v in columns]
    if "items" in value:
        found.append(((*path, "items"), value["items"], _ITEM))
    sides = value.get("map")
    if isinstance(sides, dict):
        found += [((*path, "map", n), sides[n], _ITEM) for n in ("key", "value") if n in sides]
    return found


def _list(value: Plain, path: Path) -> list[tuple[Path, Plain]]:
    items = value if isinstance(value, list) else []
    return [((*path, index), item) for index, item in enumerate(items)]


def mend(schema: dict[str, Fragment]) -> dict[str, Fragment]:
    """Put right, in place, what is wrong in the schema of 3.2.0.

    A column without ``logicalType`` was asked for ``map``, and its options for ``dimensions``,
    because two conditions lack ``required``. ``apiVersion`` is judged by ``contracts.read``
    instead: the list names versions of another form (2.x) and leaves out patch releases.
    """
    for branch in schema["$defs"]["SchemaBaseProperty"]["allOf"]:
        condition = branch.get("if", {})
        logical = condition.get("properties", {}).get("logicalType", {})
        if logical.get("const") in {"map", "vector"}:
            condition.setdefault("required", ["logicalType"])
    schema["properties"]["apiVersion"] = {"type": "string"}
    return schema


def shipped() -> dict[str, Fragment]:
    """The schema as the package holds it, a fresh copy."""
    file = resources.files("open_data_contract_standard").joinpath("schema.json")
    loaded: dict[str, Fragment] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


@cache
def _validators() -> Mapping[str, Draft201909Validator]:
    schema = mend(shipped())
    known: dict[str, Fragment] = {}
    definitions = schema.pop("$defs")
    judge = extend(  # type: ignore[no-untyped-call]  # its stub lacks annotations
        Draft201909Validator,
        {
            "unevaluatedProperties": _unknown_keys,
            "additionalProperties": _unknown_keys,
            "uniqueItems": _repeated_items,
            "if": _branch,
        },
    )
    roots = {
        _ROOT: _inline(schema, definitions, known),
        _COLUMN: _inline(definitions[_COLUMN], definitions, known),
        _ITEM: _inline(definitions[_ITEM], definitions, known),
    }
    return {name: judge(fragment) for name, fragment in roots.items()}


def _inline(fragment: Fragment, definitions: Fragment, known: dict[str, Fragment]) -> Fragment:
    """The same fragment, references replaced by what they mean, those to a column by nothing."""
    if isinstance(fragment, list):
        return [_inline(item, definitions, known) for item in fragment]
    if not isinstance(fragment, dict):
        return fragment
    own = {k: _inline(v, definitions, known) for k, v in fragment.items() if k != "$ref"}
    target = fragment.get("$ref")
    if target is None or target in _CUT:
        return own
    if target not in known:
        known[target] = _inline(_definition(target, definitions), definitions, known)
    return {**own, "allOf": [known[target], *own.get("allOf", [])]}


def _definition(target: str, definitions: Fragment) -> Fragment:
    found = definitions
    for segment in target.removeprefix("#/$defs/").split("/"):
        found = found[segment]
    return found


def _unknown_keys(
    validator: Fragment, allowed: Fragment, instance: Fragment, schema: Fragment
) -> Iterator[ValidationError]:
    """Keys that no part of the schema speaks of, one error each.

    A part counts although another fault in it was found: else one wrong value makes all its
    neighbours unknown.
    """
    if allowed is not False or not isinstance(instance, dict):
        return
    names = _spoken_of(validator, schema, instance)
    for key in instance:
        if key not in names:
            message = f"{key[:80]!r} is not a key of this place{guess(key, names)}"
            yield ValidationError(message, path=(key,))


def _spoken_of(validator: Fragment, schema: Fragment, instance: Fragment) -> set[str]:
    names = set(schema.get("properties", ()))
    parts = [part for word in ("allOf", "anyOf", "oneOf") for part in schema.get(word, ())]
    if "if" in schema:
        holds = _holds(validator, schema["if"], instance)
        parts.append(schema.get("then" if holds else "else", {}))
    return names.union(*(_spoken_of(validator, part, instance) for part in parts))


def _branch(
    validator: Fragment, condition: Fragment, instance: Fragment, schema: Fragment
) -> Iterator[ValidationError]:
    """What the branch that applies says."""
    chosen = "then" if _holds(validator, condition, instance) else "else"
    if chosen in schema:
        yield from validator.descend(instance, schema[chosen], schema_path=chosen)


def _holds(validator: Fragment, condition: Fragment, instance: Fragment) -> bool:
    """Whether a condition is met; those that only compare words need no validator."""
    if condition.keys() == {"anyOf"}:
        return any(_holds(validator, part, instance) for part in condition["anyOf"])
    if not isinstance(instance, dict) or not _compares_words(condition):
        return bool(validator.evolve(schema=condition).is_valid(instance))
    parts = condition.get("properties", {})
    if any(name not in instance for name in condition.get("required", ())):
        return False
    return all(instance.get(name, part["const"]) == part["const"] for name, part in parts.items())


def _compares_words(condition: Fragment) -> bool:
    """Whether a condition on a mapping asks for nothing but members of a certain value."""
    parts = condition.get("properties", {}).values()
    known = condition.keys() <= {"properties", "required"}
    return known and all(part.keys() == {"const"} for part in parts)


def _repeated_items(
    _validator: Fragment, unique: Fragment, instance: Fragment, _schema: Fragment
) -> Iterator[ValidationError]:
    """Items equal to an earlier one, in linear time."""
    if not unique or not isinstance(instance, list):
        return
    seen: dict[str, int] = {}
    for index, item in enumerate(instance):
        first = seen.setdefault(json.dumps(item, sort_keys=True), index)
        if first != index:
            yield ValidationError(f"is the same as item {first}", path=(index,))
