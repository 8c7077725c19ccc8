"""Relations, and what Great Expectations makes of them, as SQLAlchemy selects from them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from checks.dataset import Relation, Table

_BIND: Final = re.compile(r"(?<![:\w\\]):(?=\w)")


def schema_names(tables: Iterable[Table]) -> Mapping[str, str]:
    """By catalog schema: what it is called before GX, which writes names of schemas small."""
    schemas = (each.schema for table in tables for each in (table.judged, table.typed))
    return {schema: f"schema{at}" for at, schema in enumerate(dict.fromkeys(schemas))}


def literal_sql(query: str) -> str:
    """``query`` for ``sqlalchemy.text``, to which ``:name``, even in quotes, is a parameter."""
    return _BIND.sub(r"\\:", query)


def selected(relation: Relation) -> sa.Select[Any]:
    """All columns of ``relation``."""
    whole: sa.FromClause
    if relation.select is None:
        whole = sa.table(relation.name, schema=relation.schema)
    else:
        whole = sa.text(literal_sql(relation.select)).columns().subquery(relation.name)
    return sa.select(sa.text("*")).select_from(whole)


def source(records: sa.FromClause | sa.SelectBase) -> sa.FromClause:
    """What follows FROM: a query stands there as one inside."""
    return records.subquery() if isinstance(records, sa.SelectBase) else records
