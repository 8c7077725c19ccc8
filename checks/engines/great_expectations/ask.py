"""A clause -> the expectation that judges it, and the view it is put to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import great_expectations.expectations as gxe
from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.core.expect_table_row_count_to_be_between import (
    ExpectTableRowCountToBeBetween,
)
from great_expectations.expectations.expectation import Expectation

from checks.dataset import Relation, Table, quote
from checks.engines.great_expectations.expectations import (
    ExpectQueryScalarToBe,
    ExpectRepeatedValuesToBe,
    literal_sql,
)
from checks.errors import UnjudgeableClause
from checks.sql import fill, harmless
from contracts.clause import Clause, Kind
from contracts.values import Json

CLAUSE: Final = "clause"
"""Key in an expectation's ``meta``, for the clause's key: results do not keep the suite's order."""

_NAMED: Final = ("Expect", "Unexpected")
_CORE: Final[Mapping[str, type[Expectation]]] = {
    name.lower(): value
    for name, value in vars(gxe).items()
    if name.startswith(_NAMED) and isinstance(value, type) and issubclass(value, Expectation)
}
_OURS_ALONE: Final = frozenset(
    {"meta", "id", "result_format", "catch_exceptions", "rendered_content"}
)
_ELSEWHERE: Final = frozenset({"expectqueryresultstomatchcomparison"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An expectation, put to ``relation``."""

    clause: Clause
    relation: Relation
    expectation: Expectation


def ask(clause: Clause, tables: Mapping[str, Table]) -> Asked:
    """The expectation that judges ``clause``; ``tables`` are the objects that its query may read.

    Raises:
        RefusedQuery: the query is not one harmless SELECT.
        UnjudgeableClause: the arguments make no expectation.
    """
    table = tables[clause.schema or ""]
    relation = table.judged if clause.kind is Kind.NULL_VALUES else table.typed
    try:
        expectation = _ASKED[clause.kind](clause, tables)
    except (TypeError, KeyError, ValueError) as error:
        raise UnjudgeableClause(_first_problem(error)) from error
    return Asked(clause=clause, relation=relation, expectation=expectation)


def columns_of(clause: Clause) -> list[str]:
    """The columns whose values together must not repeat: the clause's own, or those it lists."""
    if clause.column is not None:
        return [clause.column]
    columns = clause.arguments.get("columns")
    if not isinstance(columns, Sequence) or isinstance(columns, str) or not columns:
        raise UnjudgeableClause("needs a column, or a list of columns")
    return [str(column) for column in columns]


def _null_values(clause: Clause, tables: Mapping[str, Table]) -> Expectation:
    there = tables[clause.schema or ""].columns[clause.column or ""]
    return ExpectColumnValuesToNotBeNull(column=there.delivered, meta=_meta(clause))


def _duplicate_values(clause: Clause, _: Mapping[str, Table]) -> Expectation:
    return ExpectRepeatedValuesToBe(
        column_list=columns_of(clause),
        operator=str(clause.arguments["operator"]),
        value=clause.arguments["value"],
        unit=str(clause.arguments.get("unit") or "rows"),
        meta=_meta(clause),
    )


def _row_count(clause: Clause, _: Mapping[str, Table]) -> Expectation:
    return ExpectTableRowCountToBeBetween(min_value=0, meta=_meta(clause))


def _sql(clause: Clause, tables: Mapping[str, Table]) -> Expectation:
    stated = str(clause.arguments["query"])
    query = fill(stated, table=clause.schema or "", column=clause.column)
    return ExpectQueryScalarToBe(
        query=harmless(query, tables=tables),
        operator=str(clause.arguments["operator"]),
        value=clause.arguments["value"],
        meta=_meta(clause),
    )


def _expectation(clause: Clause, tables: Mapping[str, Table]) -> Expectation:
    class_ = _named(str(clause.arguments["type"]))
    kwargs = _kwargs(clause)
    if clause.column is not None and "column" in class_.__fields__:
        kwargs.setdefault("column", clause.column)
    confined: dict[str, Any] = {
        key: _confined(key, value, clause, tables) for key, value in kwargs.items()
    }
    return class_(**confined, meta=_meta(clause))


def _named(stated: str) -> type[Expectation]:
    """The expectation of that name, be it spelt ``expect_x_y`` or ``ExpectXY``."""
    name = stated.replace("_", "").lower()
    if name not in _CORE or name in _ELSEWHERE:
        raise UnjudgeableClause(f"no expectation {stated!r} that looks at one data source")
    return _CORE[name]


def _confined(key: str, value: Json, clause: Clause, tables: Collection[str]) -> Json:
    """The argument, made to read nothing but ``tables``: a query is written anew."""
    if "query" in key:
        return _rows_query(str(value), clause, tables)
    if key == "other_table_name" and value not in tables:
        raise UnjudgeableClause(f"no object {value!r}; there are {', '.join(sorted(tables))}")
    return value


def _kwargs(clause: Clause) -> dict[str, Any]:
    kwargs: Json = clause.arguments.get("kwargs") or {}
    if not isinstance(kwargs, Mapping):
        raise UnjudgeableClause(f"kwargs must be a mapping, not {kwargs!r}")
    if taken := sorted(_OURS_ALONE & set(kwargs)):
        raise UnjudgeableClause(f"{', '.join(taken)} cannot be set by a contract")
    return dict(kwargs)


def _rows_query(query: str, clause: Clause, tables: Collection[str]) -> str:
    """The query written anew; ``{batch}`` becomes the object's view, since all of it is the batch.

    GX prints a line for a query without ``{batch}``: so there is one, in a comment.
    """
    stated = query.replace("{batch}", quote(clause.schema or ""))
    checked = harmless(fill(stated, table=clause.schema or "", column=clause.column), tables=tables)
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


_ASKED: Final[Mapping[Kind, Callable[[Clause, Mapping[str, Table]], Expectation]]] = {
    Kind.NULL_VALUES: _null_values,
    Kind.DUPLICATE_VALUES: _duplicate_values,
    Kind.ROW_COUNT: _row_count,
    Kind.SQL: _sql,
    Kind.EXPECTATION: _expectation,
}
