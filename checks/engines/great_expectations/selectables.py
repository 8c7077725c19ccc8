"""Relations, and what Great Expectations makes of them, as SQLAlchemy selects from them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from checks.dataset import Relation, Table

SCHEMA: Final = "relations"
"""What the schema of every relation is called before GX."""

_BIND: Final = re.compile(r"(?<![:\w\\]):(?=\w)")


def relation_names(tables: Iterable[Table]) -> Mapping[Relation, str]:
    """What each relation is called before GX, where two of them could come to share a name.

    GX joins names by dashes, writes those of schemas small, and remembers verdicts by what results.
    """
    relations = (each for table in tables for each in (table.judged, table.typed))
    return {each: f"relation{at}" for at, each in enumerate(dict.fromkeys(relations))}


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
