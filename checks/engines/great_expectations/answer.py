"""What Great Expectations says about an expectation -> a finding."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, SupportsInt

from checks.engines.great_expectations.expectations import NULL
from checks.engines.great_expectations.metrics import NO_ROW, SEVERAL_COLUMNS, SEVERAL_ROWS
from checks.errors import CheckError
from checks.evidence import plain, sensitive_names, shape
from checks.model import Cell, Evidence, Finding, Outcome
from checks.threshold import Number, broken, holds, number
from checks.wording import MASK, fault, repeated, share, short
from contracts.clause import Clause, Kind
from contracts.values import Json

_KEY: Final = re.compile(r"'\w+'")
_LISTED: Final = "partial_unexpected_list"
_BROKEN: Final = "unexpected_count"
_STOPPED: Final = re.compile(r"stopped after [\d.e+-]+ s")
_ELSEWHERE: Final = re.compile(r"No provider found for [\w.]+ using \w+$")
_NOT_IN_SQL: Final = (
    "Great Expectations judges this only where it has all data in memory, not by SQL: "
    "write it as a SQL rule, or another expectation"
)
_WITHOUT_CELLS: Final = frozenset({NULL, NO_ROW, SEVERAL_ROWS, SEVERAL_COLUMNS, _NOT_IN_SQL})
"""Reasons that may stand beside sensitive columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A validation result.

    Attributes:
        details: GX's ``result``.
        exceptions: What was raised.
        unknown: Whether a metric could not be told, so that it is worth asking otherwise.
        lists: Whether the rule is one that tells which cells broke it.
        condition: SQL that is true of the rows that broke the rule, when they are not listed.
    """

    success: bool
    details: Mapping[str, Any]
    exceptions: tuple[str, ...]
    unknown: bool = False
    lists: bool = False
    condition: str | None = None

    @classmethod
    def of(
        cls,
        result: Any,  # noqa: ANN401 - ExpectationValidationResult carries no types
        conditions: Mapping[str, str] = MappingProxyType({}),
    ) -> "Said":
        """Read a validation result; ``conditions`` are told by what is listed in their place."""
        details = _counted_details(result.result or {})
        info = result.exception_info or {}
        lists = _LISTED in details
        told = [cell for cell in details.get(_LISTED) or () if isinstance(cell, str)]
        condition = next((conditions[cell] for cell in told if cell in conditions), None)
        if condition is not None:
            del details[_LISTED]
        return cls(
            success=bool(result.success),
            details=details,
            exceptions=tuple(_messages(info)),
            unknown=any(isinstance(value, Mapping) for value in info.values()),
            lists=lists,
            condition=condition,
        )

    @property
    def stopped(self) -> bool:
        """Whether a statement took too long."""
        return any(_STOPPED.search(text) for text in self.exceptions)


def _counted_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details with a number of broken rows even where there are no rows: GX sums up to None."""
    empty = details.get("element_count") == 0 and _BROKEN in details
    return {**details, _BROKEN: 0} if empty else dict(details)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Threshold:
    """What the measured value of a clause must be."""

    operator: str
    value: Json
    in_percent: bool

    @classmethod
    def of(cls, clause: Clause) -> "_Threshold":
        """The threshold that a clause states."""
        return cls(
            operator=str(clause.arguments["operator"]),
            value=clause.arguments["value"],
            in_percent=clause.arguments.get("unit") == "percent",
        )

    @property
    def of_none(self) -> bool:
        """Whether it allows none at all, so that a count alone tells why it is broken."""
        at_most = self.operator in {"mustBe", "mustBeLessOrEqualTo"}
        return at_most and self.value == 0 and not self.in_percent

    def holds(self, measured: Number) -> bool:
        """Whether ``measured`` is what it must be."""
        return holds(measured, self.operator, self.value)

    def broken(self, measured: Number) -> str:
        """How ``measured`` stands to it, such as ``12 % is not less than 5 %``."""
        sign = " %" if self.in_percent else ""
        return f"{number(measured)}{sign} {broken(self.operator, self.value, unit=sign)}"

    def finding(
        self, measured: Number, *, unit: str, rows: int, failed: int, reason: str
    ) -> Finding:
        """The finding on a count of rows or values, or its share; ``reason`` tells of the count."""
        kept = Finding(
            outcome=Outcome.PASSED,
            measured=plain(measured),
            unit="percent" if self.in_percent else unit,
            rows=rows,
            failed_rows=0,
        )
        if self.holds(measured):
            return kept
        why = reason if self.of_none else f"{reason}: {self.broken(measured)}"
        return replace(kept, outcome=Outcome.FAILED, failed_rows=failed, reason=why)


def answer(clause: Clause, said: Said) -> Finding:
    """The finding, without rows that it would take another query to see."""
    if said.exceptions:
        return _errored(clause, said.exceptions[0])
    try:
        return _ANSWERS[clause.kind](clause, said)
    except (CheckError, KeyError, TypeError, ValueError) as error:
        return _errored(clause, str(error))


def _errored(clause: Clause, message: str) -> Finding:
    if _KEY.fullmatch(message) and not sensitive_names(clause):  # all that is left of a KeyError
        message = f"the arguments lack {message}"
    if _ELSEWHERE.match(message):
        message = _NOT_IN_SQL
    stopped = _STOPPED.search(message)
    masked = bool(sensitive_names(clause)) and message not in _WITHOUT_CELLS
    return Finding(
        outcome=Outcome.ERRORED, reason=stopped[0] if stopped else fault(message, masked=masked)
    )


def _messages(info: Mapping[str, Any]) -> Iterator[str]:
    """GX keeps one exception plainly, or several by the metric that raised them."""
    if info.get("raised_exception"):
        yield str(info.get("exception_message"))
    for value in info.values():
        if isinstance(value, Mapping):
            yield from _messages(value)


def _null_values(clause: Clause, said: Said) -> Finding:
    nulls, rows = int(said.details[_BROKEN]), int(said.details["element_count"])
    reason = share(nulls, rows, ("is null", "are null"))
    measured = said.details["observed_value"]
    threshold = _Threshold.of(clause)
    return threshold.finding(measured, unit="rows", rows=rows, failed=nulls, reason=reason)


def _duplicate_values(clause: Clause, said: Said) -> Finding:
    values, rows = int(said.details["values"]), int(said.details[_BROKEN])
    measured, total = said.details["observed_value"], int(said.details["element_count"])
    reason = repeated(values, rows)
    threshold = _Threshold.of(clause)
    return threshold.finding(measured, unit="values", rows=total, failed=rows, reason=reason)


def _row_count(clause: Clause, said: Said) -> Finding:
    rows = int(said.details["observed_value"])
    threshold = replace(_Threshold.of(clause), in_percent=False)
    kept = Finding(outcome=Outcome.PASSED, measured=rows, unit="rows", rows=rows)
    if threshold.holds(rows):
        return kept
    return replace(kept, outcome=Outcome.FAILED, reason=f"row count {threshold.broken(rows)}")


def _sql(clause: Clause, said: Said) -> Finding:
    measured = said.details["observed_value"]
    hidden = bool(sensitive_names(clause))
    shown: Cell = MASK if hidden else plain(measured)
    if said.success:
        return Finding(outcome=Outcome.PASSED, measured=shown)
    operator, value = str(clause.arguments["operator"]), clause.arguments["value"]
    told = MASK if hidden else number(measured)
    reason = short(f"the query returned {told}, which {broken(operator, value)}")
    return Finding(outcome=Outcome.FAILED, measured=shown, reason=reason)


def _expectation(clause: Clause, said: Said) -> Finding:
    details = said.details
    rows = _counted(details.get("element_count"))
    failed = None if rows is None else _counted(details.get(_BROKEN))  # else it counts values
    shown = _observed(clause, details)
    if said.success:
        none = None if failed is None else 0
        return Finding(outcome=Outcome.PASSED, measured=shown, rows=rows, failed_rows=none)
    words = _words(str(clause.arguments["type"]))
    if failed is not None and rows is not None:
        reason = share(failed, rows, ("breaks", "break")) + f" “{words}”"
    else:
        reason = f"does not hold: {words}" + ("" if shown is None else f": observed {shown}")
    return Finding(
        outcome=Outcome.FAILED,
        measured=shown,
        rows=rows,
        failed_rows=failed,
        reason=reason,
        evidence=_unexpected(clause, details),
    )


def _counted(told: object) -> int | None:
    """A number of rows, which GX tells in whatever type the database gave it."""
    return int(told) if isinstance(told, SupportsInt) else None


def _observed(clause: Clause, details: Mapping[str, Any]) -> Cell:
    """What GX observed, masked where it may be a sensitive cell; else how many rows broke it."""
    observed = details.get("observed_value")
    if "observed_value" not in details:
        return plain(details.get(_BROKEN))
    hidden = observed is not None and bool(_named(clause) & sensitive_names(clause))
    return MASK if hidden else plain(observed)


def _words(type_: str) -> str:
    """The name of an expectation, in either spelling, as words."""
    name = type_ if "_" in type_ else re.sub(r"(?<!^)(?=[A-Z])", "_", type_).lower()
    return name.replace("_", " ")


def _unexpected(clause: Clause, details: Mapping[str, Any]) -> Evidence | None:
    """The unexpected values that GX lists: of one column, or of several as mappings or tuples."""
    values: Sequence[Any] = details.get(_LISTED) or ()
    columns = named_columns(clause)
    if not values or not columns:
        return None
    rows = [_row(value, columns) for value in values]
    if any(len(row) != len(columns) for row in rows):
        return None
    return shape(columns, rows, clause, offending=columns)


def _row(value: Any, columns: Sequence[str]) -> tuple[object, ...]:  # noqa: ANN401 - whatever GX lists
    if len(columns) == 1:
        return (value,)
    if isinstance(value, Mapping):
        return tuple(value.get(column) for column in columns)
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def named_columns(clause: Clause) -> list[str]:
    """The columns that an expectation is about."""
    kwargs = clause.arguments.get("kwargs")
    named = kwargs if isinstance(kwargs, Mapping) else {}
    several = named.get("column_list")
    if isinstance(several, Sequence) and not isinstance(several, str):
        return [str(column) for column in several]
    pair = [str(named[key]) for key in ("column_A", "column_B") if key in named]
    own = named.get("column", clause.column)
    return pair or ([str(own)] if own else [])


def _named(clause: Clause) -> frozenset[str]:
    return frozenset(named_columns(clause)) or sensitive_names(clause)


_ANSWERS: Final[Mapping[Kind, Callable[[Clause, Said], Finding]]] = {
    Kind.NULL_VALUES: _null_values,
    Kind.DUPLICATE_VALUES: _duplicate_values,
    Kind.ROW_COUNT: _row_count,
    Kind.SQL: _sql,
    Kind.EXPECTATION: _expectation,
}
