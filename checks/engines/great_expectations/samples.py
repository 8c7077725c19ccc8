"""A failed clause -> which rows to show for it."""

from collections.abc import Mapping
from typing import Final

from checks.dataset import Table, quote
from checks.engines.great_expectations.answer import Said, named_columns
from checks.engines.great_expectations.ask import class_name, columns_of
from checks.evidence import Sample, again
from checks.model import Finding, Outcome
from contracts.clause import Clause, Kind

_REPEATING: Final = frozenset({"expectcolumnvaluestobeunique", "expectcompoundcolumnstobeunique"})


def sample(clause: Clause, finding: Finding, said: Said, table: Table) -> Sample | None:
    """The rows behind ``finding``; None where there are none, or no condition tells them."""
    if finding.outcome is not Outcome.FAILED or not finding.failed_rows:
        return None
    found = _condition(clause, said, table)
    if found is None or not all(name in table.columns for name in found[1]):
        return None
    condition, offending = found
    return Sample(
        clause=clause,
        condition=condition,
        offending=offending,
        apart=said.condition is None and clause.kind is not Kind.NULL_VALUES,
        rows=finding.failed_rows,
    )


def _condition(clause: Clause, said: Said, table: Table) -> tuple[str, tuple[str, ...]] | None:
    """What is true of the rows at fault, and the columns of their offending cells."""
    if clause.kind is Kind.NULL_VALUES:
        name = clause.column or ""
        return f"{quote(table.columns[name].delivered)} IS NULL", (name,)
    if clause.kind is Kind.DUPLICATE_VALUES:
        repeated = tuple(columns_of(clause))
        return again(table, repeated), repeated
    if clause.kind is not Kind.EXPECTATION:
        return None
    columns = tuple(dict.fromkeys(named_columns(clause)))
    if said.condition is not None:
        return said.condition, columns
    if _repeating(clause) and columns:
        return again(table, columns), columns
    return None


def _repeating(clause: Clause) -> bool:
    """Whether it asks, of all rows, that values do not repeat."""
    kwargs = clause.arguments.get("kwargs")
    whole = not isinstance(kwargs, Mapping) or not kwargs.get("row_condition")
    return whole and class_name(str(clause.arguments["type"])) in _REPEATING
