"""What to write instead: the slips that new authors make most, and the standard's own way."""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from contracts.read_rules import OPERATORS
from contracts.tree import Plain

Path: TypeAlias = tuple[str | int, ...]
_SHOWN: Final = 40
_OPTIONS: Final = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format", "timezone"),
        *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    }
)
_IN_COLUMN: Final = {
    **dict.fromkeys(_OPTIONS, "write it below 'logicalTypeOptions'"),
    **dict.fromkeys(
        ("type", "dataType", "data_type"),
        "write 'logicalType', such as 'logicalType: string'; a database's own word for it is the "
        "'physicalType'",
    ),
    **dict.fromkeys(
        ("nullable", "notNull", "not_null"), "write 'required: true' where no cell may be empty"
    ),
    **dict.fromkeys(("pii", "sensitive"), "write 'classification: confidential'"),
    **dict.fromkeys(
        ("references", "foreignKey", "foreign_key"),
        "write 'relationships:' and below it '- to: customers.id'",
    ),
    **dict.fromkeys(("columns", "fields"), "write 'properties'"),
    **dict.fromkeys(("values", "allowedValues"), "write 'enum:' and below it '- value: a'"),
}
_IN_OBJECT: Final = {
    **dict.fromkeys(("columns", "fields"), "write 'properties'"),
    "type": "write 'physicalType', such as 'physicalType: table'",
}
_IN_OPTIONS: Final = {
    "enum": "write it beside 'logicalTypeOptions', each value as '- value: a'",
    "required": "write it beside 'logicalTypeOptions', as 'required: true'",
}
_IN_RULE: Final = {
    **dict.fromkeys(OPERATORS, "write 'metric' or 'query' beside it: what is compared"),
    "rule": "write 'metric', such as 'metric: nullValues'",
    **dict.fromkeys(("validValues", "missingValues", "properties"), "write it below 'arguments'"),
    **dict.fromkeys(("threshold", "operator"), "write an operator, such as 'mustBe: 0'"),
}
_IN_CONTRACT: Final = {
    "quality": "write it below an entry of 'schema', or below a column of it",
    **dict.fromkeys(
        ("columns", "fields", "properties"), "write 'properties' below an entry of 'schema'"
    ),
    **dict.fromkeys(("tables", "models", "dataset"), "write 'schema'"),
    "sla": "write 'slaProperties'",
    "title": "write 'name'",
    "uuid": "write 'id'",
    "owner": "write 'team:' and below it 'members:' with '- username: ann@example.org' and "
    "'role: owner'",
    **dict.fromkeys(
        ("schedule", "cron"),
        "write 'customProperties:' and below it '- property: assaySchedule' with its 'value'",
    ),
}
_BEGINNINGS: Final = {
    "schema": "name",
    "properties": "name",
    "servers": "server",
    "slaProperties": "property",
    "customProperties": "property",
    "quality": "metric",
    "relationships": "to",
    "support": "channel",
    "members": "username",
    "team": "username",
    "enum": "value",
}
"""By list: the key with which an entry of it begins."""
_SAMPLES: Final = {"metric": "nullValues", "to": "customers.id"}
_BELOW: Final = {"description": "purpose", "team": "name"}
"""By mapping: the key below which a bare text would stand."""
_TYPES: Final = {
    **dict.fromkeys(("int", "bigint", "smallint", "tinyint", "long", "int64", "int32"), "integer"),
    **dict.fromkeys(("varchar", "text", "str", "char", "uuid", "nvarchar"), "string"),
    **dict.fromkeys(("float", "double", "decimal", "numeric", "real"), "number"),
    **dict.fromkeys(("datetime", "timestamptz", "timestamp_tz", "timestamp_ntz"), "timestamp"),
    **dict.fromkeys(("json", "jsonb", "struct", "record"), "object"),
    "list": "array",
    "bool": "boolean",
}
_FORMATS: Final = frozenset({"csv", "parquet", "json"})
_NEEDED: Final = {"apiVersion": "v3.1.0", "kind": "DataContract"}


def remedy(code: str, path: Path, value: Plain) -> str:
    """Return what to write in place of ``value`` at ``path``; empty where nothing is known."""
    advise = _BY_CODE.get(code)
    return advise(path, value) if advise else ""


def foreign(document: Plain) -> str:
    """Return how to bring over a document of another format; empty for one of this standard."""
    if not isinstance(document, dict) or "schema" in document:
        return ""
    if "dataContractSpecification" in document:
        return (
            "this is a Data Contract Specification, and contracts are read in the Open Data "
            "Contract Standard v3: write 'apiVersion: v3.1.0', 'kind: DataContract', 'id', "
            "'version' and 'name' (from 'info'), 'models' as 'schema', its 'fields' as "
            "'properties' and their 'type' as 'logicalType'; each entry of these begins with "
            "'- name:'"
        )
    if isinstance(document.get("dataset"), list):
        return (
            "this is the standard before v3: write 'apiVersion: v3.1.0', 'id' for 'uuid', "
            "'schema' for 'dataset', 'name' for 'table' and 'column', 'properties' for 'columns'"
        )
    return ""


def _of_unknown_key(path: Path, _value: Plain) -> str:
    *above, key = path
    if not above and str(key).startswith("assay"):
        return f"write 'customProperties:' and below it '- property: {key}' with its 'value'"
    return _known_at(tuple(above)).get(str(key), "")


def _known_at(above: Path) -> Mapping[str, str]:
    """The slips of a place, by key."""
    names = [part for part in above if isinstance(part, str)]
    match names:
        case []:
            return _IN_CONTRACT
        case ["schema"]:
            return _IN_OBJECT
        case [*_, "logicalTypeOptions"]:
            return _IN_OPTIONS
        case [*_, "quality"]:
            return _IN_RULE
        case ["schema", *_, "properties" | "items" | "key" | "value"]:
            return _IN_COLUMN
        case _:
            return {}


def _of_wrong_type(path: Path, value: Plain) -> str:
    match path[-2:]:
        case (str(name), int()):
            return _entry_of(name, value)
        case (*_, str(name)):
            return _whole_of(name, value)
        case _:
            return ""


def _whole_of(name: str, value: Plain) -> str:
    """How the whole of a list or a mapping is written."""
    if name == "tags":
        return f"write [{_shown(value) or 'pii'}]"
    if name in _BELOW and isinstance(value, str):
        return f"write '{_BELOW[name]}: {_shown(value) or '...'}' below it"
    if name in _BEGINNINGS and not isinstance(value, int | float):
        return _entries_of(name, value)
    return ""


def _entry_of(name: str, value: Plain) -> str:
    """How one entry of a list is written that is no mapping."""
    if name == "quality" and isinstance(value, str):
        return "write '- metric: nullValues' and below it an operator, such as 'mustBe: 0'"
    meant = isinstance(value, str) or name == "enum"
    if name not in _BEGINNINGS or not meant or not _shown(value):
        return ""
    return f"write '- {_BEGINNINGS[name]}: {_shown(value)}'"


def _entries_of(name: str, value: Plain) -> str:
    """How the entries of a list are written that is no list."""
    begins = _BEGINNINGS[name]
    sample = _shown(_named(value, begins)) or _SAMPLES.get(begins, "...")
    rest = " with its 'value'" if begins == "property" else ""
    return f"begin each entry with '- ', such as '- {begins}: {sample}'{rest}"


def _named(value: Plain, begins: str) -> Plain:
    """What the first entry is called: a mapping has it as a member, or as its first key."""
    if not isinstance(value, dict):
        return value
    if begins in value or not value:
        return value.get(begins)
    key, inner = next(iter(value.items()))
    return key if begins == "property" or isinstance(inner, dict) else None


def _of_unknown_value(path: Path, value: Plain) -> str:
    word = str(value).strip().lower()
    if path[-1:] == ("logicalType",):
        known = _TYPES.get(re.sub(r"\s*\(.*", "", word))
        return f"write '{known}', and {_shown(value)!r} as 'physicalType'" if known else ""
    if path[:1] == ("servers",) and path[-1] == "type" and word in _FORMATS:
        return f"write 'type: local' and 'format: {word}'"
    return ""


def _of_missing_key(path: Path, value: Plain) -> str:
    if path or not isinstance(value, dict):
        return ""
    lines = [f"'{key}: {word}'" for key, word in _NEEDED.items() if key not in value]
    return f"write {' and '.join(lines)}" if lines else ""


def _shown(value: Plain) -> str:
    """A short plain value as it stands in the document; empty for any other."""
    text = str(value) if isinstance(value, str | int | float) else ""
    text = text.lower() if isinstance(value, bool) else text
    return text if len(text) <= _SHOWN and text.isprintable() else ""


_BY_CODE: Final[Mapping[str, Callable[[Path, Plain], str]]] = {
    "unknown-key": _of_unknown_key,
    "wrong-type": _of_wrong_type,
    "unknown-value": _of_unknown_value,
    "missing-key": _of_missing_key,
}
