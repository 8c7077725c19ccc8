"""Why a clause about a schema failed, in one sentence."""

from collections.abc import Sequence
from typing import Final

from checks.dataset import Table
from checks.engines.pandera.build import extra_columns
from checks.engines.pandera.keys import Broken
from checks.model import Finding
from checks.wording import counted, listed, missing_column, repeated, share
from contracts.clause import Clause, Kind

_BROKEN: Final = {
    Kind.REQUIRED: ("is null", "are null"),
    Kind.TYPE: ("cannot be read", "cannot be read"),
    Kind.ENUM: ("holds", "hold"),
    Kind.MIN_LENGTH: ("is", "are"),
    Kind.MAX_LENGTH: ("is", "are"),
    Kind.PATTERN: ("does not match", "do not match"),
}
_SIDES: Final = {
    Kind.MINIMUM: "below",
    Kind.MAXIMUM: "above",
    Kind.EXCLUSIVE_MINIMUM: "not above",
    Kind.EXCLUSIVE_MAXIMUM: "not below",
}


def of_column(clause: Clause, table: Table, failed: Finding) -> str:
    """The reason of a clause about the cells of one column, or about its being there."""
    count, rows = failed.failed_rows or 0, failed.rows or 0
    if clause.kind is Kind.COLUMN_PRESENT:
        return missing_column(clause.column or "", table.name, table.columns)
    if clause.kind is Kind.EXTRA_COLUMNS:
        return f"there are columns beside those named: {listed(extra_columns(clause, table))}"
    if failed.unit == "type":
        return f"the column is {failed.measured}, not {_article(clause)}"
    return f"{share(count, rows, _BROKEN.get(clause.kind, ('is', 'are')))}{_rest(clause)}"


def of_tuples(clause: Clause, found: Broken | None, missing: int, failed: Finding) -> str:
    """The reason of a clause about tuples: ``missing`` rows lack a cell of theirs."""
    rows = failed.rows or 0
    told = [share(missing, rows, ("lacks", "lack")) + " a part of the key"] if missing else []
    if found is not None and clause.kind is Kind.RELATIONSHIP:
        whole = f"{found.tuples:,} different {'value' if found.tuples == 1 else 'values'}"
        where = f"{clause.arguments['to_schema']}.{_joined(clause.arguments['to_columns'])}"
        told = [f"{share(found.rows, rows, ('is', 'are'))} not found in {where} ({whole})"]
    elif found is not None and found.rows:
        told.append(repeated(found.tuples, found.rows))
    return "; ".join(told)


def _rest(clause: Clause) -> str:
    """How the sentence about failing rows goes on."""
    stated = clause.arguments.get("value")
    match clause.kind:
        case Kind.TYPE:
            return f" as {_article(clause)}"
        case Kind.ENUM:
            return f" a value other than {_values(clause)}"
        case Kind.MIN_LENGTH | Kind.MAX_LENGTH:
            than = "shorter" if clause.kind is Kind.MIN_LENGTH else "longer"
            return f" {than} than {counted(int(str(stated)), 'letter')}"
        case Kind.PATTERN:
            return f" {stated}"
        case _:
            return f" {_SIDES[clause.kind]} {stated}" if clause.kind in _SIDES else ""


def _article(clause: Clause) -> str:
    logical = str(clause.arguments["logical_type"])
    return f"an {logical}" if logical[0] in "aeio" else f"a {logical}"


def _values(clause: Clause) -> str:
    values = clause.arguments["values"]
    return listed([str(value) for value in values] if isinstance(values, Sequence) else [])


def _joined(names: object) -> str:
    if isinstance(names, Sequence) and not isinstance(names, str):
        return ", ".join(str(name) for name in names)
    return str(names)
