"""Ibis expressions over unbound tables -> SQL text, in the dialect of a session."""

from collections.abc import Mapping
from typing import Any, Final

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import sqlglot
from sqlglot import exp

from checks.dataset import Dialect, Relation
from checks.plugins import load

_COMPILERS: Final[dict[str, str]] = {
    Dialect.DUCKDB: "ibis.backends.sql.compilers.duckdb:compiler",
    Dialect.POSTGRES: "ibis.backends.sql.compilers.postgres:compiler",
}


@ibis.udf.agg.builtin  # type: ignore[untyped-decorator]  # ibis ships no types
def count_if(truth: bool) -> int:  # type: ignore[empty-body]  # noqa: FBT001 - DuckDB's own function
    """How many rows ``truth`` is true of."""


def count(frame: ir.Table, truth: ir.BooleanValue, dialect: Dialect) -> ir.Scalar:
    """How many rows of ``frame`` ``truth`` is true of; DuckDB is slower with FILTER by a fifth.

    Cells that are missing are what is left of all rows: those that are there cost least to count.
    """
    what = truth.op()
    if isinstance(what, ops.IsNull):
        return frame.count() - what.arg.to_expr().count()
    return count_if(truth) if dialect is Dialect.DUCKDB else frame.count(where=truth)


def any_at(extreme: ir.Scalar, truth: ir.BooleanValue) -> ir.Scalar:
    """Whether ``truth`` about one column is true of its least or greatest cell, ``extreme``."""
    aggregate = extreme.op()
    return truth.op().replace({aggregate.arg: aggregate}).to_expr()


def statement(expression: ir.Table, relation: Relation, dialect: Dialect) -> str:
    """A SELECT of ``expression``, which reads the table of the same name and place as ``relation``.

    Where another SELECT stands for the relation, it takes the table's place.

    Raises:
        IbisError: the dialect has no words for it.
    """
    return str(_tree(expression, relation, dialect).sql(dialect=dialect.value))


def conditions(
    frame: ir.Table, truths: Mapping[str, ir.BooleanValue], relation: Relation, dialect: Dialect
) -> Mapping[str, str]:
    """Each of ``truths`` about a row of ``frame`` as a condition over ``relation``'s columns."""
    if not truths:
        return {}
    named = {f"t{at}": truth for at, truth in enumerate(truths.values())}
    tree = _tree(frame.select(**named), relation, dialect)
    told = [each.unalias() for each in tree.selects]
    for column in (column for each in told for column in each.find_all(exp.Column)):
        column.set("table", None)
    return {
        name: str(each.sql(dialect=dialect.value)) for name, each in zip(truths, told, strict=True)
    }


def _tree(expression: ir.Table, relation: Relation, dialect: Dialect) -> Any:  # noqa: ANN401 - sqlglot's expressions
    compiler = load("compiler", _COMPILERS, dialect.value)
    tree = compiler.to_sqlglot(expression.unbind())
    if relation.select is not None:
        stored = (relation.schema, relation.name)
        for table in [each for each in tree.find_all(exp.Table) if (each.db, each.name) == stored]:
            stands = sqlglot.parse_one(relation.select, read=dialect.value)
            table.replace(exp.Subquery(this=stands, alias=table.args.get("alias")))
    return tree
