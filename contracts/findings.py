"""Errors of a JSON Schema validator -> findings that an author of a contract can act on."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from jsonschema.exceptions import ValidationError

from contracts.notes import guess
from contracts.tree import Plain, escape

_TYPES: Final = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
    "null": "null",
    "number": "a number",
    "integer": "a whole number",
}
_SHOWN: Final = 60
_Stated: TypeAlias = Any  # a keyword's value or the instance: any JSON, as jsonschema gives it


_SAID: Final = {
    "unevaluatedProperties": "unknown-key",
    "additionalProperties": "unknown-key",
    "uniqueItems": "duplicate-item",
}
"""Keywords whose errors bring a message of ours (see ``contracts.standard``)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the standard does not allow. ``path`` leads from the root of the document."""

    code: str
    path: tuple[str | int, ...]
    message: str

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer."""
        return "".join(f"/{escape(str(part))}" for part in self.path)


def missing_type(value: Plain, path: tuple[str | int, ...]) -> Finding | None:
    """Options of a type that is not stated: there the schema's own words would mislead."""
    if isinstance(value, dict) and value.get("logicalTypeOptions") and "logicalType" not in value:
        message = "logicalTypeOptions needs a logicalType beside it"
        return Finding("missing-key", path, message)
    return None


def explain(error: ValidationError, base: tuple[str | int, ...] = ()) -> Iterator[Finding]:
    """What one error comes down to.

    Args:
        error: As the validator gives it; an error of alternatives holds those of its branches.
        base: Path of the part that was validated.
    """
    path = (*base, *error.absolute_path)
    if error.validator in {"oneOf", "anyOf"}:
        yield from _alternatives(error, base, path)
        return
    code, message = _describe(error)
    yield Finding(code, path, message)


def _alternatives(
    error: ValidationError, base: tuple[str | int, ...], path: tuple[str | int, ...]
) -> Iterator[Finding]:
    """The errors of the branch that the author most likely meant."""
    groups = _by_branch(error)
    if not groups:
        yield from _several(error, path)
    elif all(_misses(errors, "type") for errors in groups):
        yield Finding("wrong-type", path, _none_of_types(error, groups))
    elif all(_misses(errors, "required") for errors in groups):
        keys = [str(_stated(errors[0])[0]) for errors in groups]
        yield Finding("missing-key", path, f"needs one of {', '.join(keys)}")
    else:
        for part in min(groups, key=_distance):
            yield from explain(part, base)


def _by_branch(error: ValidationError) -> list[list[ValidationError]]:
    branches: dict[str | int, list[ValidationError]] = {}
    for part in error.context or ():
        branches.setdefault(part.relative_schema_path[0], []).append(part)
    return list(branches.values())


def _none_of_types(error: ValidationError, groups: Sequence[Sequence[ValidationError]]) -> str:
    wanted = dict.fromkeys(word for errors in groups for word in _wanted(errors))
    return f"must be {_or(wanted)}, not {_kind(error.instance)}"


def _misses(errors: Sequence[ValidationError], keyword: str) -> bool:
    return any(error.validator == keyword and not error.relative_path for error in errors)


def _distance(errors: Sequence[ValidationError]) -> tuple[bool, bool, int]:
    return _misses(errors, "type"), _misses(errors, "required"), len(errors)


def _wanted(errors: Sequence[ValidationError]) -> list[str]:
    return [_type_words(_stated(error)) for error in errors if error.validator == "type"]


def _several(error: ValidationError, path: tuple[str | int, ...]) -> Iterator[Finding]:
    """More than one branch fits; of what is no mapping, all do, and another error says so."""
    instance = _instance(error)
    if not isinstance(instance, dict):
        return
    needed = [branch.get("required", []) for branch in _stated(error)]
    keys = dict.fromkeys(key for names in needed for key in names if key in instance)
    words = f"only one of these may stand here: {', '.join(keys)}"
    yield Finding("several-forms", path, words if keys else "fits several forms of this place")


def _describe(error: ValidationError) -> tuple[str, str]:
    """Code and message of an error that is not about alternatives."""
    keyword, value, wanted = str(error.validator), error.instance, _stated(error)
    if keyword in _SAID:
        return _SAID[keyword], error.message
    if keyword in _BY_KEYWORD:
        code, words = _BY_KEYWORD[keyword]
        return code, words(value, wanted)
    if keyword == "pattern":
        form = error.schema.get("description", wanted) if isinstance(error.schema, dict) else wanted
        return "bad-pattern", f"{_show(value)} is not of this form: {form}"
    return "out-of-range", _range(keyword, wanted)


def _instance(error: ValidationError) -> _Stated:
    return error.instance


def _stated(error: ValidationError) -> _Stated:
    return error.validator_value


def _wrong_type(value: _Stated, wanted: _Stated) -> str:
    return f"must be {_type_words(wanted)}, not {_kind(value)}{_hint(value, wanted)}"


def _wrong_word(value: _Stated, wanted: _Stated) -> str:
    near = guess(value, [str(word) for word in wanted]) if isinstance(value, str) else ""
    return f"{_show(value)} is not one of {', '.join(map(str, wanted))}{near}"


def _missing(value: _Stated, wanted: _Stated) -> str:
    return f"needs {', '.join(repr(key) for key in wanted if key not in value)}"


def _not_here(_value: _Stated, _wanted: _Stated) -> str:
    return "must not have 'from' here: it is the column itself"


def _range(keyword: str, wanted: object) -> str:
    words: Mapping[str, str] = {
        "minimum": "must be at least {}",
        "maximum": "must be at most {}",
        "exclusiveMinimum": "must be more than {}",
        "minItems": "needs at least {} item(s)",
        "maxItems": "may hold at most {} items",
    }
    return words.get(keyword, f"breaks the rule {keyword} {{}}").format(wanted)


def _hint(value: object, wanted: object) -> str:
    if wanted == "boolean":
        return ": write true or false"
    if wanted == "string" and isinstance(value, int | float):
        return f": write it in quotes, '{_show(value)}'"
    return ""


def _type_words(wanted: _Stated) -> str:
    return _or([_TYPES[word] for word in ([wanted] if isinstance(wanted, str) else wanted)])


def _or(words: Iterable[str]) -> str:
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _kind(value: object) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case str():
            return f"the text {_show(value)}"
        case int() | float():
            return f"the number {_show(value)}"
        case list():
            return "a list"
        case _:
            return "a mapping"


def _show(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


_BY_KEYWORD: Final[Mapping[str, tuple[str, Callable[[_Stated, _Stated], str]]]] = {
    "type": ("wrong-type", _wrong_type),
    "enum": ("unknown-value", _wrong_word),
    "required": ("missing-key", _missing),
    "not": ("unknown-key", _not_here),
}
