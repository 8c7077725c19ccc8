"""A clause -> the expectation that judges it, and the relation it is put to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import great_expectations.expectations as gxe
from great_expectations.expectations.core.expect_table_row_count_to_be_between import (
    ExpectTableRowCountToBeBetween,
)
from great_expectations.expectations.expectation import Expectation

from checks.dataset import Dataset, Dialect, Relation, Table, quote
from checks.engines.great_expectations.aggregates import aggregate
from checks.engines.great_expectations.conditions import refuse_cut, refuse_parameters
from checks.engines.great_expectations.expectations import (
    ExpectAggregateToBe,
    ExpectCommonestToBeInSet,
    ExpectNullValuesToBe,
    ExpectQuantilesToBeBetween,
    ExpectQueryScalarToBe,
    ExpectRepeatedValuesToBe,
)
from checks.engines.great_expectations.selectables import literal_sql
from checks.errors import UnjudgeableClause
from checks.patterns import posix
from checks.sql import fill, harmless
from contracts.clause import Clause, Kind
from contracts.values import Json

CLAUSE: Final = "clause"
"""Key in an expectation's ``meta``, for the clause's key: results do not keep the suite's order."""

_NAMED: Final = ("Expect", "Unexpected")
_CORE: Final[Mapping[str, type[Expectation]]] = {
    **{
        name.lower(): value
        for name, value in vars(gxe).items()
        if name.startswith(_NAMED) and isinstance(value, type) and issubclass(value, Expectation)
    },
    "expectcolumnmostcommonvaluetobeinset": ExpectCommonestToBeInSet,
    "expectcolumnquantilevaluestobebetween": ExpectQuantilesToBeBetween,
}
_OURS_ALONE: Final = frozenset(
    {"meta", "id", "result_format", "catch_exceptions", "rendered_content"}
)
_ELSEWHERE: Final = frozenset({"expectqueryresultstomatchcomparison"})
_ABOUT_COLUMNS: Final = ("expectcolumntoexist", "expecttablecolumn")
_PATTERNS: Final = frozenset({"regex", "regex_list"})
_SETS: Final = "value_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An expectation, put to ``relation``; ``alone`` asks the same by a statement of its own."""

    clause: Clause
    relation: Relation
    expectation: Expectation
    alone: Expectation

    @property
    def shared(self) -> bool:
        """Whether it can be put together with others."""
        return not isinstance(self.expectation, ExpectQueryScalarToBe)


def ask(clause: Clause, dataset: Dataset) -> Asked:
    """The expectation that judges ``clause``.

    Raises:
        RefusedQuery: the query is not one harmless SELECT.
        UnjudgeableClause: the arguments make no expectation.
    """
    refuse_parameters(clause.arguments)
    try:
        return _ASKED[clause.kind](clause, dataset)
    except (TypeError, KeyError, ValueError) as error:
        raise UnjudgeableClause(_first_problem(error)) from error


def columns_of(clause: Clause) -> list[str]:
    """The columns whose values together must not repeat: the clause's own, or those it lists."""
    if clause.column is not None:
        return [clause.column]
    columns = clause.arguments.get("columns")
    if not isinstance(columns, Sequence) or isinstance(columns, str) or not columns:
        raise UnjudgeableClause("needs a column, or a list of columns")
    return [str(column) for column in columns]


def class_name(stated: str) -> str:
    """The name of an expectation as it is compared: ``expect_x_y`` and ``ExpectXY`` are one."""
    return stated.replace("_", "").lower()


def _null_values(clause: Clause, dataset: Dataset) -> Asked:
    table = _table(clause, dataset)
    expectation = ExpectNullValuesToBe(
        cells=table.columns[clause.column or ""].delivered,
        operator=str(clause.arguments["operator"]),
        value=clause.arguments["value"],
        unit=str(clause.arguments.get("unit") or "rows"),
        meta=_meta(clause),
    )
    return _put(clause, table.judged, expectation)


def _duplicate_values(clause: Clause, dataset: Dataset) -> Asked:
    expectation = ExpectRepeatedValuesToBe(
        column_list=columns_of(clause),
        operator=str(clause.arguments["operator"]),
        value=clause.arguments["value"],
        unit=str(clause.arguments.get("unit") or "rows"),
        meta=_meta(clause),
    )
    return _put(clause, _table(clause, dataset).judged, expectation)


def _row_count(clause: Clause, dataset: Dataset) -> Asked:
    expectation = ExpectTableRowCountToBeBetween(min_value=0, meta=_meta(clause))
    return _put(clause, _table(clause, dataset).judged, expectation)


def _sql(clause: Clause, dataset: Dataset) -> Asked:
    stated = str(clause.arguments["query"])
    query = fill(stated, table=clause.schema or "", column=clause.column)
    threshold: dict[str, Any] = {
        "operator": str(clause.arguments["operator"]),
        "value": clause.arguments["value"],
        "meta": _meta(clause),
    }
    alone = ExpectQueryScalarToBe(query=_harmless(query, dataset), **threshold)
    plain = aggregate(query, dataset.tables, dialect=dataset.session.dialect)
    if plain is None:
        return _put(clause, _table(clause, dataset).judged, alone)
    shared = ExpectAggregateToBe(expression=plain.expression, **threshold)
    return Asked(clause=clause, relation=plain.table.judged, expectation=shared, alone=alone)


def _expectation(clause: Clause, dataset: Dataset) -> Asked:
    stated = str(clause.arguments["type"])
    class_ = _named(stated)
    kwargs = _kwargs(clause)
    if clause.column is not None and "column" in class_.__fields__:
        kwargs.setdefault("column", clause.column)
    confined: dict[str, Any] = {
        key: _confined(key, value, clause, dataset) for key, value in kwargs.items()
    }
    table = _table(clause, dataset)
    about_columns = class_name(stated).startswith(_ABOUT_COLUMNS)
    relation = table.typed if about_columns else table.judged
    return _put(clause, relation, class_(**confined, meta=_meta(clause)))


def _put(clause: Clause, relation: Relation, expectation: Expectation) -> Asked:
    return Asked(clause=clause, relation=relation, expectation=expectation, alone=expectation)


def _table(clause: Clause, dataset: Dataset) -> Table:
    return dataset.tables[clause.schema or ""]


def _named(stated: str) -> type[Expectation]:
    """The expectation of that name, be it spelt ``expect_x_y`` or ``ExpectXY``."""
    name = class_name(stated)
    if name not in _CORE or name in _ELSEWHERE:
        raise UnjudgeableClause(f"no expectation {stated!r} that looks at one data source")
    return _CORE[name]


def _confined(key: str, value: Json, clause: Clause, dataset: Dataset) -> Json:
    """The argument, made to read nothing but the run's objects: a query is written anew."""
    if "query" in key:
        return _rows_query(str(value), clause, dataset)
    if key == "other_table_name" and value not in dataset.tables:
        known = ", ".join(sorted(dataset.tables))
        raise UnjudgeableClause(f"no object {value!r}; there are {known}")
    if key in _PATTERNS and dataset.session.dialect is Dialect.POSTGRES:
        return _posix(value)
    if key == _SETS and isinstance(value, list | tuple):
        return _distinct(value)
    if key == "quantile_ranges" and isinstance(value, Mapping):
        _refuse_unequal(value)
    return value


def _refuse_unequal(stated: Mapping[str, Json]) -> None:
    """GX judges as many quantiles as there are ranges, and passes over the rest."""
    lists = [stated.get("quantiles"), stated.get("value_ranges")]
    sizes = [len(each) for each in lists if isinstance(each, list | tuple)]
    if len({*sizes}) > 1:
        raise UnjudgeableClause(
            f"quantile_ranges: {sizes[0]} quantiles and {sizes[1]} value_ranges; "
            "each quantile needs its range"
        )


def _distinct(stated: Sequence[Json]) -> list[Json]:
    """Each value once, without NULL, which is never invalid: GX would count what it misses."""
    told: list[Json] = [each for each in stated if each is not None]
    try:
        return list(dict.fromkeys(told))
    except TypeError:  # a list or a mapping among them, which GX judges by itself
        return told


def _posix(stated: Json) -> Json:
    """A pattern, which is RE2's, in PostgreSQL's words; or several."""
    if isinstance(stated, list | tuple):
        return [_posix(each) for each in stated]
    translated = posix(str(stated))
    if translated is None:
        raise UnjudgeableClause(f"the pattern {stated!r} may mean something else in PostgreSQL")
    return translated


def _kwargs(clause: Clause) -> dict[str, Any]:
    kwargs: Json = clause.arguments.get("kwargs") or {}
    if not isinstance(kwargs, Mapping):
        raise UnjudgeableClause(f"kwargs must be a mapping, not {kwargs!r}")
    if taken := sorted(_OURS_ALONE & set(kwargs)):
        raise UnjudgeableClause(f"{', '.join(taken)} cannot be set by a contract")
    refuse_cut(kwargs.get("row_condition"))
    return dict(kwargs)


def _harmless(query: str, dataset: Dataset) -> str:
    tables = {name: table.typed for name, table in dataset.tables.items()}
    columns = {name: list(table.columns) for name, table in dataset.tables.items()}
    return harmless(query, tables=tables, dialect=dataset.session.dialect, columns=columns)


def _rows_query(query: str, clause: Clause, dataset: Dataset) -> str:
    """The query written anew; ``{batch}`` becomes the object's view, since all of it is the batch.

    GX prints a line for a query without ``{batch}``: so there is one, in a comment.
    """
    stated = query.replace("{batch}", quote(clause.schema or ""))
    checked = _harmless(fill(stated, table=clause.schema or "", column=clause.column), dataset)
    return literal_sql(checked).replace("{", "{{").replace("}", "}}") + " /* {batch} */"


def _meta(clause: Clause) -> dict[str, str]:
    return {CLAUSE: clause.key}


def _first_problem(error: Exception) -> str:
    """One line about wrong arguments: the first problem that pydantic has with each field."""
    problems = getattr(error, "errors", None)
    if not callable(problems):
        return f"{type(error).__name__}: {error}"
    told: dict[str, str] = {}
    for each in problems():
        place = ".".join(str(part) for part in each["loc"] if part != "__root__")
        told.setdefault(place, f"{place}: {each['msg']}" if place else each["msg"])
    return "; ".join(list(told.values())[:3])


_ASKED: Final[Mapping[Kind, Callable[[Clause, Dataset], Asked]]] = {
    Kind.NULL_VALUES: _null_values,
    Kind.DUPLICATE_VALUES: _duplicate_values,
    Kind.ROW_COUNT: _row_count,
    Kind.SQL: _sql,
    Kind.EXPECTATION: _expectation,
}
