"""Which rows to show for a failed clause about a schema."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Final

import pandera.ibis as pa
from sqlglot import exp

from checks.dataset import Dialect, Table, quote
from checks.engines.pandera.build import Built
from checks.engines.pandera.keys import Broken
from checks.engines.pandera.schema import violation
from checks.evidence import Sample, again
from contracts.clause import Clause, Kind

_OF_TUPLES: Final = frozenset({Kind.UNIQUE, Kind.PRIMARY_KEY, Kind.RELATIONSHIP})
_EXACT: Final = (int, str, Decimal, date)


def samples(failed: Sequence[tuple[Clause, int]], table: Table, built: Built) -> list[Sample]:
    """The rows behind each of some failed clauses, which stand beside their number."""
    broken = {
        clause.key: violation(check, clause.column, built.table)
        for clause, _ in failed
        if (check := _check(clause, built)) is not None
    }
    conditions = built.tally.conditions(built.table, broken)
    found = (
        _of_tuples(clause, table, built)
        if clause.kind in _OF_TUPLES
        else _of_column(clause, rows, table, conditions)
        for clause, rows in failed
    )
    return [sample for sample in found if sample is not None]


def _check(clause: Clause, built: Built) -> pa.Check | None:
    """The check that Pandera made for ``clause``; None where the schema alone tells."""
    column = built.schema.columns.get(clause.column or "")
    checks = column.checks if column else ()
    return next((check for check in checks if check.name == clause.key), None)


def _of_column(
    clause: Clause, rows: int, table: Table, conditions: Mapping[str, str]
) -> Sample | None:
    there = table.columns.get(clause.column or "")
    if there is None:
        return None
    missing = f"{quote(there.delivered)} IS NULL" if clause.kind is Kind.REQUIRED else None
    condition = conditions.get(clause.key, missing)
    typed = clause.kind is Kind.TYPE
    if condition is None:
        return None
    return Sample(
        clause=clause,
        condition=condition,
        offending=(there.name,),
        delivered=typed,
        numbered=typed,
        rows=rows,
    )


def _of_tuples(clause: Clause, table: Table, built: Built) -> Sample | None:
    key = next(key for key in built.schema.keys if key.name == clause.key)
    found = built.tally.broken.get(key.name)
    missing = [f"{quote(name)} IS NULL" for name in key.whole]
    listed = None
    apart = False
    if isinstance(found, Broken) and found.rows:
        listed = among(key.columns, found.first, built.tally.dialect)
        apart = listed is None and clause.kind is not Kind.RELATIONSHIP
    repeated = again(table, key.columns) if apart else listed
    conditions = [*missing, *filter(None, [repeated])]
    if not conditions:
        return None
    return Sample(
        clause=clause, condition=" OR ".join(conditions), offending=key.columns, apart=apart
    )


def among(
    columns: Sequence[str], values: Sequence[Sequence[object]], dialect: Dialect
) -> str | None:
    """A condition: the tuple of ``columns`` is one of ``values``; None where they have no literal.

    Floats have none: not every one of them is exactly what its text says.
    """
    if not values or not all(map(_exact, chain.from_iterable(values))):
        return None
    told = [[_literal(cell, dialect) for cell in one] for one in values]
    quoted = [quote(column) for column in columns]
    tuples = ", ".join(f"({', '.join(one)})" for one in told)
    whole = f"({', '.join(quoted)}) IN ({tuples})"
    if dialect is Dialect.DUCKDB or len(columns) == 1:
        return whole
    # PostgreSQL compares with one tuple after the other, but looks a single cell up.
    cells = map(_one_of, quoted, zip(*told, strict=True))
    return f"({' AND '.join([*cells, whole])})"


def _one_of(column: str, literals: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(dict.fromkeys(literals))})"


def _exact(cell: object) -> bool:
    if isinstance(cell, datetime):
        return cell.tzinfo is None
    return isinstance(cell, _EXACT)


def _literal(cell: object, dialect: Dialect) -> str:
    return str(exp.convert(cell).sql(dialect=dialect.value))
