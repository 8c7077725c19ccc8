"""Rules about tuples of cells: those that repeat, and those that another object lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from checks.dataset import Dialect, Relation, quote

SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A rule about the tuples of ``columns``; one with a NULL in it is not looked at.

    Attributes:
        name: Name of the rule, which no other of the table has.
        whole: Columns of the table in which, beside that, a NULL breaks the rule.
        to: Where each tuple must be found, among ``to_columns``; None: no tuple may repeat.
    """

    name: str
    columns: tuple[str, ...]
    whole: tuple[str, ...] = ()
    to: Relation | None = None
    to_columns: tuple[str, ...] = ()

    def broken(self, judged: Relation, dialect: Dialect) -> str:
        """A SELECT of the tuples that break it, as ``c0``, ``c1`` ..., and of their rows: ``n``."""
        cells = [f"{quote(column)} AS c{at}" for at, column in enumerate(self.columns)]
        whole = " AND ".join(f"{quote(column)} IS NOT NULL" for column in self.columns)
        own = f"SELECT {', '.join(cells)} FROM {judged} WHERE {whole}"  # noqa: S608 - quoted names
        grouped = ", ".join(self._names)
        tuples = f"SELECT {grouped}, count(*) AS n FROM ({own}) AS own"  # noqa: S608 - our own names
        if self.to is None:
            return f"{tuples} GROUP BY {grouped} HAVING count(*) > 1"
        absent = _ABSENT[dialect](self, self.to)
        return f"{tuples} WHERE {absent} GROUP BY {grouped}"

    @property
    def _names(self) -> list[str]:
        return [f"c{at}" for at in range(len(self.columns))]

    def listed(self, to: Relation) -> str:
        """For DuckDB: not in the list of targets; it would join the wrong way round for EXISTS."""
        cells = ", ".join(quote(column) for column in self.to_columns)
        whole = " AND ".join(f"{quote(column)} IS NOT NULL" for column in self.to_columns)
        return f"({', '.join(self._names)}) NOT IN (SELECT {cells} FROM {to} WHERE {whole})"  # noqa: S608 - quoted names

    def joined(self, to: Relation) -> str:
        """For PostgreSQL: no target exists; a list would be gone through for each row if long."""
        cells = [f"{quote(column)} AS p{at}" for at, column in enumerate(self.to_columns)]
        same = " AND ".join(f"target.p{at} = own.c{at}" for at in range(len(cells)))
        target = f"SELECT {', '.join(cells)} FROM {to}"  # noqa: S608 - quoted names
        return f"NOT EXISTS (SELECT 1 FROM ({target}) AS target WHERE {same})"  # noqa: S608 - our own names


_ABSENT: Final = {Dialect.DUCKDB: Key.listed, Dialect.POSTGRES: Key.joined}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What a key's question found.

    Attributes:
        tuples: How many different tuples break the rule.
        rows: How many rows hold one of them.
        first: The first 20 of the tuples, in order.
    """

    tuples: int
    rows: int
    first: tuple[tuple[object, ...], ...]


def question(keys: Sequence[Key], judged: Relation, dialect: Dialect) -> str:
    """One statement that looks at all ``keys``; ``read`` takes its one row."""
    parts: list[str] = []
    told: list[str] = []
    for at, key in enumerate(keys):
        cells = ", ".join(f"c{place}" for place in range(len(key.columns)))
        parts.append(f"k{at} AS MATERIALIZED ({key.broken(judged, dialect)})")
        parts.append(f"s{at} AS (SELECT {cells} FROM k{at} ORDER BY {cells} LIMIT {SHOWN})")  # noqa: S608 - our own names
        told += [f"(SELECT count(*) FROM k{at})", f"(SELECT coalesce(sum(n), 0) FROM k{at})"]  # noqa: S608 - our own names
        told += [
            f"(SELECT array_agg(c{place} ORDER BY {cells}) FROM s{at})"  # noqa: S608 - our own names
            for place in range(len(key.columns))
        ]
    return f"WITH {', '.join(parts)} SELECT {', '.join(told)}"


def read(keys: Sequence[Key], row: Sequence[object]) -> Mapping[str, Broken]:
    """What each key's part of the answer to ``question`` says, by the key's name."""
    found: dict[str, Broken] = {}
    at = 0
    for key in keys:
        tuples, rows, *cells = row[at : at + 2 + len(key.columns)]
        at += 2 + len(key.columns)
        whole = all(isinstance(cell, list) for cell in cells)
        first = tuple(zip(*cells, strict=True)) if whole else ()
        found[key.name] = Broken(tuples=int(str(tuples)), rows=int(str(rows)), first=first)
    return found
