"""A Pandera schema whose backend counts in the database: exact counts, one scan, no row leaves it.

Pandera's own ibis backend asks one query per check, pulls the whole boolean column of a failing
one and fails every check of an empty table. This one is registered for a subclass of the schema
class only, so the stock schema stays as it is. It raises Pandera's own ``SchemaErrors``; each error
in it has an exact count.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_
from typing import Any, Final

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandera.ibis as pa
from ibis.common.exceptions import IbisError
from pandera.api.ibis.types import IbisData
from pandera.backends.ibis.container import DataFrameSchemaBackend
from pandera.backends.ibis.register import register_ibis_backends
from pandera.errors import FailureCaseMetadata, SchemaError, SchemaErrorReason, SchemaErrors
from typing_extensions import override

from checks.engines.pandera.tally import Tally
from checks.errors import CheckError, UnjudgeableClause

DELIVERED: Final = "delivered"
"""Key in a column's metadata: name of the column in which NULL means missing."""


class CountedError(SchemaError):
    """A broken rule with its exact count, or a rule that could not be judged, with what was raised.

    Attributes:
        rule: Name of the rule: the check's, or ``column``, ``dtype``, ``nullable``, ``unique``.
        count: Rows that broke it; None where rows do not apply or nothing could be told.
        raised: What kept it from being judged; None when it was.
    """

    def __init__(
        self,
        schema: pa.Column,
        reason: SchemaErrorReason,
        rule: str,
        *,
        count: int | None = None,
        raised: Exception | None = None,
    ) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # pandera's
            schema,
            None,
            f"{schema.name}: {rule}",
            check=rule,
            reason_code=reason,
            column_name=schema.name,
        )
        self.rule = rule
        self.count = count
        self.raised = raised


class CountingSchema(pa.DataFrameSchema):
    """A schema over an ibis table; ``tally`` runs what validation asks and keeps the answers."""

    def __init__(self, columns: dict[str, pa.Column], *, name: str, tally: Tally) -> None:
        super().__init__(columns, name=name)
        self.tally = tally


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    column: pa.Column
    name: str
    reason: SchemaErrorReason
    violation: Callable[[ir.Table], ir.BooleanValue]


class CountingBackend(DataFrameSchemaBackend):
    """Judges a ``CountingSchema``: one aggregate for all row rules, one more per unique column."""

    @override
    def validate(  # type: ignore[override]  # registered for this schema class alone
        self, check_obj: ir.Table, schema: CountingSchema, **_: Any
    ) -> ir.Table:
        """Return the table when every rule holds; all of it is always judged, whatever is asked.

        Raises:
            SchemaErrors: holds one ``CountedError`` per rule that does not, or could not be judged.
        """
        present = {
            name: column for name, column in schema.columns.items() if name in check_obj.columns
        }
        errors: list[SchemaError] = [
            *_absent(schema, present),
            *_wrong_types(present),
            *_broken(check_obj, schema.tally, present),
            *_repeated(check_obj, schema.tally, present),
        ]
        if errors:
            raise SchemaErrors(schema=schema, schema_errors=errors, data=check_obj)
        return check_obj

    @override
    def failure_cases_metadata(
        self, schema_name: str, schema_errors: list[SchemaError]
    ) -> FailureCaseMetadata:
        """Count the errors by reason; the rows behind them are sampled elsewhere."""
        counts: dict[str, int] = {}
        for error in schema_errors:
            reason = error.reason_code.name
            counts[reason] = counts.get(reason, 0) + 1
        return FailureCaseMetadata(failure_cases=None, message=dict(counts), error_counts=counts)


def _absent(schema: CountingSchema, present: Mapping[str, pa.Column]) -> Iterator[CountedError]:
    reason = SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME
    for name, column in schema.columns.items():
        if column.required and name not in present:
            yield CountedError(column, reason, "column")


def _wrong_types(present: Mapping[str, pa.Column]) -> Iterator[CountedError]:
    for column in present.values():
        if column.dtype is not None and not column.dtype.check(column.dtype):
            yield CountedError(column, SchemaErrorReason.WRONG_DATATYPE, "dtype")


def _broken(
    table: ir.Table, tally: Tally, present: Mapping[str, pa.Column]
) -> Iterator[CountedError]:
    rules = [rule for name, column in present.items() for rule in _rules(name, column)]
    asked: dict[str, ir.Scalar] = {}
    raised: dict[str, Exception] = {}
    for number, rule in enumerate(rules):
        try:
            asked[f"r{number}"] = table.count(where=rule.violation(table))
        except (CheckError, IbisError, TypeError, ValueError) as error:
            raised[f"r{number}"] = error
    counts = tally.ask(table, {**tally.beside, **asked})
    for number, rule in enumerate(rules):
        answer = raised.get(f"r{number}", counts.get(f"r{number}"))
        if isinstance(answer, Exception):
            yield CountedError(rule.column, SchemaErrorReason.CHECK_ERROR, rule.name, raised=answer)
        elif answer:
            yield CountedError(rule.column, rule.reason, rule.name, count=int(str(answer)))


def _rules(name: str, column: pa.Column) -> Iterator[_Rule]:
    delivered: str = (column.metadata or {}).get(DELIVERED, name)
    if not column.nullable:
        yield _Rule(
            column=column,
            name="nullable",
            reason=SchemaErrorReason.SERIES_CONTAINS_NULLS,
            violation=lambda table: table[delivered].isnull(),
        )
    for check in column.checks:
        yield _Rule(
            column=column,
            name=str(check.name),
            reason=SchemaErrorReason.DATAFRAME_CHECK,
            violation=partial(violation, check, name),
        )


def violation(check: pa.Check, name: str, table: ir.Table) -> ir.BooleanValue:
    """True of a row whose cell ``name`` breaks ``check``; a NULL does only if it is looked at."""
    if check._check_fn is None:  # noqa: SLF001 - pandera has no public way to build a check without running it
        raise UnjudgeableClause(f"{check} has no function")
    kept = check._check_fn(IbisData(table, name), **check._check_kwargs)  # noqa: SLF001 - see above
    broken = (~_one(kept)).fill_null(False)  # noqa: FBT003 - ibis' own signature
    return broken & table[name].notnull() if check.ignore_na else broken


def _one(kept: Any) -> ir.BooleanValue:  # noqa: ANN401 - a check function may return a column or a table
    """The outcome of a check function as one column: built-in checks project a table of them."""
    if not isinstance(kept, ir.Table):
        return kept
    project = kept.op()
    if not isinstance(project, ops.Project):
        raise UnjudgeableClause("the check does not judge row by row")
    return reduce(and_, (value.to_expr() for value in project.values.values()))


def _repeated(
    table: ir.Table, tally: Tally, present: Mapping[str, pa.Column]
) -> Iterator[CountedError]:
    for name, column in present.items():
        if not column.unique:
            continue
        again = _again(table, name)
        sums = {"rows": again["repeats"].sum().fill_null(0), "values": again.count()}
        answers = tally.ask(again, {f"{what}:{name}": value for what, value in sums.items()})
        rows = answers[f"rows:{name}"]
        if isinstance(rows, Exception):
            yield CountedError(column, SchemaErrorReason.CHECK_ERROR, "unique", raised=rows)
        elif rows:
            reason = SchemaErrorReason.SERIES_CONTAINS_DUPLICATES
            yield CountedError(column, reason, "unique", count=int(str(rows)))


def _again(table: ir.Table, name: str) -> ir.Table:
    """The values of a column that occur more than once, and how often."""
    groups = table.filter(table[name].notnull()).group_by(value=table[name])
    counted = groups.aggregate(repeats=lambda rows: rows.count())
    return counted.filter(counted["repeats"] > 1)


# The built-in checks: pandera registers them only with schemas that have no backend of their own.
register_ibis_backends()
CountingSchema.register_backend(ibis.Table, CountingBackend)
