"""Applies row filters: which rules a filter narrows, and the relation that they are put to then."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from checks.dataset import Dataset, Dialect, Relation, Table, quote
from checks.errors import CheckError, RefusedQuery
from checks.evidence import row_name
from checks.narrowing import Narrowed
from checks.selection import RowFilter
from checks.sql import fill, harmless
from checks.wording import fault
from contracts.clause import Clause, Kind

_OF_ROWS: Final = frozenset(
    {
        Kind.TYPE,
        Kind.REQUIRED,
        Kind.ENUM,
        Kind.PATTERN,
        Kind.FORMAT,
        Kind.MIN_LENGTH,
        Kind.MAX_LENGTH,
        Kind.MINIMUM,
        Kind.MAXIMUM,
        Kind.EXCLUSIVE_MINIMUM,
        Kind.EXCLUSIVE_MAXIMUM,
        Kind.MULTIPLE_OF,
        Kind.MIN_ITEMS,
        Kind.MAX_ITEMS,
        Kind.MIN_PROPERTIES,
        Kind.MAX_PROPERTIES,
        Kind.REQUIRED_MEMBERS,
        Kind.NULL_VALUES,
        Kind.MISSING_VALUES,
        Kind.INVALID_VALUES,
        Kind.ROW_COUNT,
    }
)
_OF_THE_WHOLE: Final = ("unique", "othertable", "tableco", "columntoexist")
"""In names of expectations: about repeats, another object, or columns and not their cells."""

_WITHIN_A_ROW: Final = "expectselectcolumnvaluestobeuniquewithinrecord"
_PLAIN: Final = frozenset(
    {
        exp.Count, exp.CountIf, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Stddev, exp.StddevSamp,
        exp.StddevPop, exp.Variance, exp.VariancePop,
    }
)  # fmt: skip
"""Aggregates that tell nothing of which rows are alike."""

_NOT_PLAIN: Final = (
    exp.Subquery, exp.SetOperation, exp.Window, exp.Distinct, exp.Lateral, exp.Unnest,
    exp.Anonymous, exp.AnonymousAggFunc,
)  # fmt: skip
_PARTS: Final = frozenset({"expressions", "from_", "where"})


def narrow(dataset: Dataset, clauses: Sequence[Clause], filters: Sequence[RowFilter]) -> Narrowed:
    """Apply ``filters`` to ``dataset``; of several on one object a row must fit all.

    Args:
        dataset: All rows.
        clauses: Whatever will be asked of it.
        filters: On objects of it.
    """
    tables, refused, hidden = _applied(dataset, filters)
    about = [
        (each, each.schema)
        for each in clauses
        if each.schema is not None and each.schema in hidden and of_rows(each, dataset)
    ]
    return Narrowed(
        whole=dataset,
        rows=replace(dataset, tables=tables),
        clauses={each.key: _careful(each, hidden[schema]) for each, schema in about},
        refused={each.key: refused[schema] for each, schema in about if schema in refused},
    )


def _applied(
    dataset: Dataset, filters: Sequence[RowFilter]
) -> tuple[dict[str, Table], dict[str, str], dict[str, tuple[str, ...]]]:
    """Return by object: its rows, why a filter of it is refused, and what must not be shown."""
    tables = dict(dataset.tables)
    refused: dict[str, str] = {}
    hidden: dict[str, tuple[str, ...]] = {}
    for each in filters:
        table = tables.get(each.schema)
        if table is None:  # not opened: whatever is asked of it says so
            continue
        found = _tried(dataset, table, each)
        hidden[each.schema] = (*hidden.get(each.schema, ()), *each.sensitive_columns)
        if isinstance(found, str):
            refused[each.schema] = found
        else:
            tables[each.schema] = found
    return tables, refused, hidden


def _careful(clause: Clause, hidden: Sequence[str]) -> Clause:
    """The clause, with what its filter may touch among what must not be shown."""
    return replace(clause, sensitive_columns=(*clause.sensitive_columns, *hidden))


def of_rows(clause: Clause, dataset: Dataset) -> bool:
    """Whether ``clause`` is about rows one by one, or counts and measures of them alone."""
    if clause.kind is Kind.SQL:
        return _plain(str(clause.arguments["query"]), clause, dataset)
    if clause.kind is not Kind.EXPECTATION:
        return clause.kind in _OF_ROWS
    name = str(clause.arguments["type"]).replace("_", "").lower()
    kwargs = clause.arguments.get("kwargs")
    stated = kwargs if isinstance(kwargs, Mapping) else {}
    if queries := [str(value) for key, value in stated.items() if "query" in key]:
        return all(_plain(query, clause, dataset) for query in queries)
    return name == _WITHIN_A_ROW or not any(word in name for word in _OF_THE_WHOLE)


def _plain(query: str, clause: Clause, dataset: Dataset) -> bool:
    """Whether ``query`` goes through its own object row by row, and nothing else."""
    table = clause.schema or ""
    stated = query.replace("{batch}", quote(table))
    try:
        filled = fill(stated, table=table, column=clause.column)
        tree = sqlglot.parse_one(filled, read=dataset.session.dialect.value)
    except (SqlglotError, RefusedQuery, RecursionError):
        return False  # whoever judges it says what is wrong with it
    return isinstance(tree, exp.Select) and _counts(tree) and _reads_only(tree, table)


def _counts(tree: exp.Select) -> bool:
    """Whether it has but the parts of a plain count, sum or extreme over rows."""
    parts = {name for name, at in tree.args.items() if at}
    aggregates = {type(each) for each in tree.find_all(exp.AggFunc)}
    return parts <= _PARTS and aggregates <= _PLAIN and not tree.find(*_NOT_PLAIN)


def _reads_only(tree: exp.Select, name: str) -> bool:
    tables = [*tree.find_all(exp.Table)]
    named = [table.name.lower() for table in tables]
    return named == [name.lower()] and not any(table.args.get("joins") for table in tables)


def _tried(dataset: Dataset, table: Table, asked: RowFilter) -> Table | str:
    """The table with fewer rows, or why the filter cannot be applied."""
    try:
        narrowed = _narrowed(dataset, table, asked.expression)
        dataset.session.run(f"SELECT 1 FROM {narrowed.judged} LIMIT 0")  # noqa: S608 - written anew
    except CheckError as error:
        told = error.reason if isinstance(error, RefusedQuery) else None
        why = told or fault(error, masked=bool(asked.sensitive_columns))
        return f"the filter {asked.expression!r} cannot be applied: {why}"
    return narrowed


def _narrowed(dataset: Dataset, table: Table, expression: str) -> Table:
    """The table with the rows that ``expression`` is true of.

    Raises:
        RefusedQuery: it is no harmless condition.
    """
    stated = f"SELECT * FROM {quote(table.name)} WHERE ({expression}\n)"  # noqa: S608 - what is guarded next
    typed = {name: each.typed for name, each in dataset.tables.items()}
    columns = {name: list(each.columns) for name, each in dataset.tables.items()}
    dialect = dataset.session.dialect

    def fewer(relation: Relation) -> Relation:
        tables = {**typed, table.name: relation}
        select = harmless(stated, tables=tables, dialect=dialect, columns=columns)
        return replace(relation, select=select)

    judged = fewer(table.judged)
    _only_filters(stated, dialect)
    number = f"row_number() OVER () AS {quote(row_name(table))}"
    counted = replace(table.judged, select=f"SELECT {number}, * FROM {table.judged}")  # noqa: S608 - quoted names
    return replace(
        table,
        judged=judged,
        typed=judged if table.typed == table.judged else fewer(table.typed),
        numbered=fewer(table.numbered or counted),
    )


def _only_filters(query: str, dialect: Dialect) -> None:
    """Make sure that what stands in the parentheses of ``query`` is one condition, and no more."""
    tree = sqlglot.parse_one(query, read=dialect.value)
    where = tree.args.get("where")
    parts = {name for name, part in tree.args.items() if part}
    if parts != _PARTS or where is None or not isinstance(where.this, exp.Paren):
        raise RefusedQuery("it is no single condition")
