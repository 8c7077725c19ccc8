"""What Great Expectations says about an expectation -> a finding."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from checks.errors import CheckError
from checks.evidence import plain, sensitive_names, shape
from checks.model import Cell, Evidence, Finding, Outcome
from checks.threshold import broken, holds, number, percent
from checks.wording import MASK, fault, repeated, share
from contracts.clause import Clause, Kind

_STOPPED: Final = re.compile(r"stopped after [\d.e+-]+ s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One validation result: ``details`` is GX's ``result``; ``exceptions`` what it raised on the way."""

    success: bool
    details: Mapping[str, Any]
    exceptions: tuple[str, ...]

    @classmethod
    def of(cls, result: Any) -> "Said":  # noqa: ANN401 - ExpectationValidationResult carries no types
        """Read a validation result."""
        return cls(
            success=bool(result.success),
            details=result.result or {},
            exceptions=tuple(_messages(result.exception_info or {})),
        )


def answer(clause: Clause, said: Said) -> Finding:
    """The finding, without rows that it would take another query to see."""
    if said.exceptions:
        return _errored(clause, said.exceptions[0])
    try:
        return _ANSWERS[clause.kind](clause, said)
    except (CheckError, KeyError, TypeError, ValueError) as error:
        return _errored(clause, str(error))


def _errored(clause: Clause, message: str) -> Finding:
    stopped = _STOPPED.search(message)
    masked = bool(sensitive_names(clause))
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
    nulls = int(said.details["unexpected_count"] or 0)  # GX sums no rows to None
    rows = int(said.details["element_count"])
    reason = share(nulls, rows, ("is null", "are null"))
    return _judged(clause, nulls, rows, failed=nulls, reason=reason, whole=rows)


def _duplicate_values(clause: Clause, said: Said) -> Finding:
    values, rows = int(said.details["values"]), int(said.details["unexpected_count"])
    reason = repeated(values, rows)
    measured = said.details["observed_value"]
    total = int(said.details["element_count"])
    return _judged(clause, measured, total, failed=rows, reason=reason)


def _judged(
    clause: Clause,
    count: float,
    rows: int,
    *,
    failed: int,
    reason: str,
    whole: int | None = None,
) -> Finding:
    """Hold a count against the clause's threshold; ``whole``: it is still to be made a share of that."""
    operator, value = str(clause.arguments["operator"]), clause.arguments["value"]
    in_percent = clause.arguments.get("unit") == "percent"
    measured = percent(int(count), whole) if in_percent and whole is not None else count
    unit = "percent" if in_percent else "rows" if whole is not None else "values"
    if holds(measured, operator, value):
        return Finding(
            outcome=Outcome.PASSED, measured=measured, unit=unit, rows=rows, failed_rows=0
        )
    if in_percent or (operator, value) not in {("mustBe", 0), ("mustBeLessOrEqualTo", 0)}:
        sign = " %" if in_percent else ""
        reason += f": {number(measured)}{sign} {broken(operator, value, unit=sign)}"
    return Finding(
        outcome=Outcome.FAILED, measured=measured, unit=unit, rows=rows, failed_rows=failed, reason=reason
    )  # fmt: skip


def _row_count(clause: Clause, said: Said) -> Finding:
    rows = int(said.details["observed_value"])
    operator, value = str(clause.arguments["operator"]), clause.arguments["value"]
    if holds(rows, operator, value):
        return Finding(outcome=Outcome.PASSED, measured=rows, unit="rows", rows=rows)
    reason = f"row count {number(rows)} {broken(operator, value)}"
    return Finding(outcome=Outcome.FAILED, measured=rows, unit="rows", rows=rows, reason=reason)


def _sql(clause: Clause, said: Said) -> Finding:
    measured = said.details["observed_value"]
    hidden = bool(sensitive_names(clause))
    shown: Cell = MASK if hidden else plain(measured)
    if said.success:
        return Finding(outcome=Outcome.PASSED, measured=shown)
    operator, value = str(clause.arguments["operator"]), clause.arguments["value"]
    told = MASK if hidden else number(measured)
    reason = f"the query returned {told}, which {broken(operator, value)}"
    return Finding(outcome=Outcome.FAILED, measured=shown, reason=reason)


def _expectation(clause: Clause, said: Said) -> Finding:
    details = said.details
    failed, rows = details.get("unexpected_count"), details.get("element_count")
    observed = details.get("observed_value", failed)
    hidden = bool(_named(clause) & sensitive_names(clause)) and observed is not failed
    shown: Cell = MASK if hidden and observed is not None else plain(observed)
    outcome = Outcome.PASSED if said.success else Outcome.FAILED
    kept = said.success
    return Finding(
        outcome=outcome,
        measured=shown,
        rows=rows if isinstance(rows, int) else None,
        failed_rows=0 if kept and isinstance(failed, int) else failed,
        reason="" if kept else _why(failed, rows, shown, str(clause.arguments["type"])),
        evidence=None if kept else _unexpected(clause, details),
    )


def _why(failed: object, rows: object, shown: Cell, type_: str) -> str:
    name = type_ if "_" in type_ else re.sub(r"(?<!^)(?=[A-Z])", "_", type_).lower()
    words = name.replace("_", " ")
    if isinstance(failed, int) and isinstance(rows, int):
        return share(failed, rows, ("breaks", "break")) + f" “{words}”"
    seen = "" if shown is None else f": observed {shown}"
    return f"does not hold: {words}{seen}"


def _unexpected(clause: Clause, details: Mapping[str, Any]) -> Evidence | None:
    """The unexpected values that GX lists: of one column, or of several as mappings or tuples."""
    values: Sequence[Any] = details.get("partial_unexpected_list") or ()
    columns = _columns(clause)
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


def _columns(clause: Clause) -> list[str]:
    kwargs = clause.arguments.get("kwargs")
    named = kwargs if isinstance(kwargs, Mapping) else {}
    several = named.get("column_list")
    if isinstance(several, Sequence) and not isinstance(several, str):
        return [str(column) for column in several]
    pair = [str(named[key]) for key in ("column_A", "column_B") if key in named]
    own = named.get("column", clause.column)
    return pair or ([str(own)] if own else [])


def _named(clause: Clause) -> frozenset[str]:
    return frozenset(_columns(clause)) or sensitive_names(clause)


_ANSWERS: Final[Mapping[Kind, Callable[[Clause, Said], Finding]]] = {
    Kind.NULL_VALUES: _null_values,
    Kind.DUPLICATE_VALUES: _duplicate_values,
    Kind.ROW_COUNT: _row_count,
    Kind.SQL: _sql,
    Kind.EXPECTATION: _expectation,
}
