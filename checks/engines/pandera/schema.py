"""A Pandera schema whose backend counts in the database: exact counts, one scan, no row leaves it.

Pandera's own ibis backend asks one query per check, pulls the whole boolean column of a failing
one and fails every check of an empty table. This one is registered for a subclass of the schema
class only, so the stock schema stays as it is. It raises Pandera's own ``SchemaErrors``; each error
in it has an exact count.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_, or_
from types import MappingProxyType
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

from checks.dataset import Dialect
from checks.engines.pandera.compiler import any_at, count
from checks.engines.pandera.keys import Key
from checks.engines.pandera.tally import Tally
from checks.errors import CheckError, UnjudgeableClause

DELIVERED: Final = "delivered"
"""Key in a column's metadata: name of the column in which NULL means missing."""

EXTREMES: Final = "extremes"
"""Likewise: by name of a check, the column's least or greatest cell: breaks it if any does."""

_ROW: Final = "row{}"


class CountedError(SchemaError):
    """A broken rule with its exact count, or a rule that could not be judged, with what was raised.

    Attributes:
        about: The column, empty for a check or a key, and the name of the rule: the check's or the
            key's, or ``column``, ``dtype``, ``nullable``.
        count: Rows that broke it; None where rows do not apply or nothing could be told.
        raised: What kept it from being judged; None when it was.
    """

    def __init__(
        self,
        schema: "pa.Column | CountingSchema",
        reason: SchemaErrorReason,
        about: tuple[str, str],
        *,
        count: int | None = None,
        raised: Exception | None = None,
    ) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # pandera's
            schema,
            None,
            f"{schema.name}: {about[1]}",
            check=about[1],
            reason_code=reason,
            column_name=about[0] or None,
        )
        self.about = about
        self.count = count
        self.raised = raised


class CountingSchema(pa.DataFrameSchema):
    """A schema over an ibis table, with rules about tuples of its cells: ``keys``.

    ``tally`` runs what validation asks and keeps the answers. ``extra`` are the columns that are
    there and that a rule, by its name, does not allow.
    """

    def __init__(
        self,
        columns: dict[str, pa.Column],
        *,
        checks: Sequence[pa.Check] = (),
        keys: Sequence[Key] = (),
        extra: Mapping[str, Sequence[str]] = MappingProxyType({}),
        name: str,
        tally: Tally,
    ) -> None:
        super().__init__(columns, checks=list(checks), name=name)
        self.keys = tuple(keys)
        self.extra = extra
        self.tally = tally


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A rule that a row keeps or breaks; ``owner`` is the part of the schema that states it.

    Attributes:
        extreme: The cell that breaks it if any does, where there is such a one.
    """

    owner: pa.Column | CountingSchema
    about: tuple[str, str]
    reason: SchemaErrorReason
    violation: Callable[[ir.Table], ir.BooleanValue]
    extreme: ir.Scalar | None = None

    def asked(self, table: ir.Table, dialect: Dialect) -> ir.Scalar:
        """What to ask of it first: how many rows break it, or whether any does.

        PostgreSQL takes longer to compare all cells than to look at one that is asked for anyway;
        it counts only where a bound is broken. To DuckDB another scan would be dearer.
        """
        broken = self.violation(table)
        if self.extreme is None or dialect is Dialect.DUCKDB:
            return count(table, broken, dialect)
        return any_at(self.extreme, broken)

    def error(self, answer: object) -> CountedError | None:
        """What is wrong, given the count of rows that break it or what counting them raised."""
        if isinstance(answer, Exception):
            reason = SchemaErrorReason.CHECK_ERROR
            return CountedError(self.owner, reason, self.about, raised=answer)
        rows = int(str(answer or 0))  # of no rows the count may be NULL
        return CountedError(self.owner, self.reason, self.about, count=rows) if rows else None


class CountingBackend(DataFrameSchemaBackend):
    """Judges a ``CountingSchema``: one aggregate for all row rules, one statement for all keys."""

    @override
    def validate(  # type: ignore[override]  # registered for this schema class alone
        self, check_obj: ir.Table, schema: CountingSchema, **_: Any
    ) -> ir.Table:
        """Return the table when every rule holds; all of it is always judged, whatever is asked.

        Raises:
            SchemaErrors: holds one ``CountedError`` per rule that does not, or could not be judged;
                a key with missing cells and repeated tuples has one for each.
        """
        present = {
            name: column for name, column in schema.columns.items() if name in check_obj.columns
        }
        errors: list[SchemaError] = [
            *_absent(schema, present),
            *_unwanted(schema),
            *_wrong_types(present),
            *_broken(check_obj, schema.tally, [*_column_rules(present), *_table_rules(schema)]),
            *_tuples(schema),
        ]
        if errors:
            raise SchemaErrors(schema=schema, schema_errors=errors, data=check_obj)
        return check_obj

    @override
    def failure_cases_metadata(
        self, _schema_name: str, schema_errors: list[SchemaError]
    ) -> FailureCaseMetadata:
        """Count the errors by reason; the rows behind them are sampled elsewhere."""
        counts: dict[str, int] = {}
        for error in schema_errors:
            reason = error.reason_code.name
            counts[reason] = counts.get(reason, 0) + 1
        return FailureCaseMetadata(failure_cases=None, message=dict(counts), error_counts=counts)


def violation(check: pa.Check, name: str | None, table: ir.Table) -> ir.BooleanValue:
    """True of a row that breaks ``check``, of its cell ``name`` or as a whole.

    Of a cell that is NULL a check says NULL, as SQL's comparisons do: it is neither broken nor
    kept, and not counted, unless the check looks at those cells too.
    """
    if check._check_fn is None:  # noqa: SLF001 - pandera has no public way to build a check without running it
        raise UnjudgeableClause(f"{check} has no function")
    kept = check._check_fn(IbisData(table, name), **check._check_kwargs)  # noqa: SLF001 - see above
    broken = ~_one(kept)
    return broken if check.ignore_na else broken.fill_null(True)  # noqa: FBT003 - ibis' own signature


def _one(kept: Any) -> ir.BooleanValue:  # noqa: ANN401 - a check function may return a column or a table
    """The outcome of a check function as one column: built-in checks project a table of them."""
    if isinstance(kept, bool):
        return ibis.literal(kept)
    if not isinstance(kept, ir.Table):
        return kept
    project = kept.op()
    if not isinstance(project, ops.Project):
        raise UnjudgeableClause("the check does not judge row by row")
    return reduce(and_, (value.to_expr() for value in project.values.values()))


def _absent(schema: CountingSchema, present: Mapping[str, pa.Column]) -> Iterator[CountedError]:
    reason = SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME
    for name, column in schema.columns.items():
        if column.required and name not in present:
            yield CountedError(column, reason, (name, "column"))


def _unwanted(schema: CountingSchema) -> Iterator[CountedError]:
    for name, columns in schema.extra.items():
        if columns:
            yield CountedError(schema, SchemaErrorReason.COLUMN_NOT_IN_SCHEMA, ("", name))


def _wrong_types(present: Mapping[str, pa.Column]) -> Iterator[CountedError]:
    for name, column in present.items():
        if column.dtype is not None and not column.dtype.check(column.dtype):
            yield CountedError(column, SchemaErrorReason.WRONG_DATATYPE, (name, "dtype"))


def _column_rules(present: Mapping[str, pa.Column]) -> Iterator[_Rule]:
    for name, column in present.items():
        known = column.metadata or {}
        extremes: Mapping[str, ir.Scalar] = known.get(EXTREMES, {})
        if not column.nullable:
            delivered: str = known.get(DELIVERED, name)
            yield _Rule(
                owner=column,
                about=(name, "nullable"),
                reason=SchemaErrorReason.SERIES_CONTAINS_NULLS,
                violation=partial(_missing, [delivered]),
            )
        for check in column.checks:
            yield _Rule(
                owner=column,
                about=("", str(check.name)),
                reason=SchemaErrorReason.DATAFRAME_CHECK,
                violation=partial(violation, check, name),
                extreme=extremes.get(str(check.name)),
            )


def _table_rules(schema: CountingSchema) -> Iterator[_Rule]:
    for check in schema.checks:
        yield _Rule(
            owner=schema,
            about=("", str(check.name)),
            reason=SchemaErrorReason.DATAFRAME_CHECK,
            violation=partial(violation, check, None),
        )
    for key in schema.keys:
        if key.whole:
            yield _Rule(
                owner=schema,
                about=("", key.name),
                reason=SchemaErrorReason.SERIES_CONTAINS_NULLS,
                violation=partial(_missing, key.whole),
            )


def _missing(names: Sequence[str], table: ir.Table) -> ir.BooleanValue:
    return reduce(or_, (table[name].isnull() for name in names))


def _broken(table: ir.Table, tally: Tally, rules: Sequence[_Rule]) -> Iterator[CountedError]:
    named = {_ROW.format(number): rule for number, rule in enumerate(rules)}
    asked: dict[str, ir.Scalar] = {}
    raised: dict[str, object] = {}
    for name, rule in named.items():
        try:
            asked[name] = rule.asked(table, tally.dialect)
        except (CheckError, IbisError, TypeError, ValueError) as error:
            raised[name] = error
    first = tally.ask(table, {**tally.beside, **asked})
    uncounted = {
        name: count(table, rule.violation(table), tally.dialect)
        for name, rule in named.items()
        if first.get(name) is True
    }
    answers = {**first, **raised, **tally.ask(table, uncounted)}
    errors = (rule.error(answers[name]) for name, rule in named.items())
    yield from (error for error in errors if error is not None)


def _tuples(schema: CountingSchema) -> Iterator[CountedError]:
    for name, found in schema.tally.look(schema.keys).items():
        if isinstance(found, Exception):
            yield CountedError(schema, SchemaErrorReason.CHECK_ERROR, ("", name), raised=found)
        elif found.rows:
            yield CountedError(schema, SchemaErrorReason.DUPLICATES, ("", name), count=found.rows)


# The built-in checks: pandera registers them only with schemas that have no backend of their own.
register_ibis_backends()
CountingSchema.register_backend(ibis.Table, CountingBackend)
