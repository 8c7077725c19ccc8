"""Row filters: rules about rows see the rows that a filter is true of, all others see the whole.

A filter can never hide a duplicate: uniqueness, keys and relationships are judged on all rows, and
so is a query that may look at more than rows one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from checks.dataset import Dataset
from checks.plugins import load
from checks.selection import RowFilter
from contracts.clause import Clause

_FILTERS: Final = {"sql": "checks.filters:narrow"}  # loaded on first use: it reads SQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """A dataset under row filters.

    Attributes:
        whole: All rows.
        rows: The same, with fewer rows where there is a filter.
        clauses: By key: those that are put to ``rows``, as they are put.
        refused: By key of a clause among them whose filter cannot be applied: why.
    """

    whole: Dataset
    rows: Dataset
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    def parts(self, clauses: Sequence[Clause]) -> list[tuple[Dataset, list[Clause]]]:
        """What each of ``clauses`` is put to; those whose filter was refused are in no part."""
        whole = [each for each in clauses if each.key not in self.clauses]
        few = [
            self.clauses[each.key]
            for each in clauses
            if each.key in self.clauses and each.key not in self.refused
        ]
        return [(part, asked) for part, asked in ((self.whole, whole), (self.rows, few)) if asked]


def narrow(dataset: Dataset, clauses: Sequence[Clause], filters: Sequence[RowFilter]) -> Narrowed:
    """Apply ``filters``, if there are any; see ``checks.filters.narrow``."""
    if not filters:
        return Narrowed(whole=dataset, rows=dataset)
    narrowed: Narrowed = load("filter", _FILTERS, "sql")(dataset, clauses, filters)
    return narrowed
