"""How long a text a query may make, and how long it may search it: neither is stopped by the clock.

A database looks at its clock between rows, and never while it makes or searches one text: doubled
25 times, or held against another of its length, one keeps it busy for hours.
"""

from collections.abc import Collection, Iterator
from math import prod
from typing import Final

from sqlglot import exp

from checks.dataset import Dialect
from checks.errors import RefusedQuery
from checks.sql_names import folded

_CELL: Final = 100
"""Letters of a cell, and values in a group: not what they are, but what a rule is planned for."""
_GROUP: Final = 10_000
_NUMBER: Final = 40
_LONGEST: Final = 10_000_000
_MOST_WORK: Final = 1_000_000_000
_ROUNDS: Final = 64

_SMALL: Final = (
    exp.Predicate, exp.Connector, exp.Not, exp.Count, exp.Length, exp.StrPosition, exp.Sum,
    exp.Avg, exp.Boolean, exp.Null, exp.MD5, exp.SHA, exp.SHA2,
)  # fmt: skip
_LONGEST_OF: Final = (
    exp.Coalesce, exp.Case, exp.If, exp.Greatest, exp.Least, exp.Nullif, exp.Query, exp.Subquery,
)  # fmt: skip
_AS_LONG: Final = (
    exp.Lower, exp.Upper, exp.Initcap, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Cast,
    exp.TryCast, exp.Max, exp.Min, exp.AnyValue, exp.First, exp.Last, exp.SplitPart, exp.Paren,
    exp.Distinct, exp.Order, exp.Ordered, exp.Filter, exp.Window, exp.Translate, exp.Reverse,
    exp.RegexpExtract, exp.Split, exp.StringToArray, exp.Unnest, exp.Explode, exp.Bracket,
)  # fmt: skip
_JOINED: Final = (exp.DPipe, exp.Concat, exp.ConcatWs)
_GATHERED: Final = (
    exp.GroupConcat, exp.ArrayAgg, exp.List, exp.JSONArrayAgg, exp.JSONObjectAgg,
    exp.JSONBObjectAgg,
)  # fmt: skip
_GATHERED_BY_NAME: Final = frozenset({"json_agg", "jsonb_agg", "list"})
_SEARCHED: Final = (exp.Like, exp.ILike, exp.SimilarTo, exp.Glob, exp.RegexpLike, exp.RegexpILike)
_MATCHED_AGAIN: Final = (exp.RegexpExtractAll, exp.RegexpCount, exp.RegexpSplit)
"""They begin a search anew behind each match, and may look at the whole rest each time."""


def bounded(tree: exp.Expression, columns: Collection[str], dialect: Dialect) -> None:
    """Make sure that ``tree`` makes no text of millions of letters, and searches none for as many.

    Args:
        tree: A query that was found harmless otherwise.
        columns: Names of the columns of all that it may read; empty where they are not known.
        dialect: Whose SQL it is.

    Raises:
        RefusedQuery: it might.
    """
    sizes = _Sizes(tree, columns, dialect)
    for node in tree.walk():
        told = node.sql(dialect=dialect.value)[:60] if sizes.beyond(node) else ""
        if told:
            raise RefusedQuery(f"{told} might make, or search, too long a text: keep texts short")


class _Sizes:
    """How many letters what a query makes may have, about: cells are taken for short."""

    def __init__(self, tree: exp.Expression, columns: Collection[str], dialect: Dialect) -> None:
        self._dialect = dialect
        quoted = (exp.to_identifier(name, quoted=True) for name in columns)
        self._columns = {folded(name, dialect) for name in quoted}
        self._relations = {
            folded(name, dialect)
            for node in tree.find_all(exp.Table, exp.TableAlias)
            if isinstance(name := node.this, exp.Identifier)
        }
        self._known: dict[str, float] = {}
        self._unnamed = float(_CELL)
        self._sizes: dict[int, float] = {}
        self._nodes = [*tree.walk()]
        self._settle(tree)

    def beyond(self, node: exp.Expression) -> bool:
        """Whether ``node`` makes too long a text, or looks for one in another for too long."""
        if not isinstance(node, exp.Condition | exp.Func | exp.DPipe | exp.Column):
            return False
        return self._of(node) > _LONGEST or self._work(node) > _MOST_WORK

    def _settle(self, tree: exp.Expression) -> None:
        """Follow names from where they are given to where they are read, round by round."""
        given = [*self._given(tree)]
        again = any(each.args.get("recursive") for each in tree.find_all(exp.With))
        for _ in range(len(given) + (_ROUNDS if again else 1)):
            self._measure()
            before = dict(self._known), self._unnamed
            for name, value in given:
                size = min(self._of(value), 2.0 * _LONGEST)
                if name is None:
                    self._unnamed = max(self._unnamed, size)
                else:
                    self._known[name] = max(self._known.get(name, _CELL), size)
            if before == (self._known, self._unnamed):
                break
        self._measure()

    def _measure(self) -> None:
        """Sizes of all nodes by what is known of names; the inner ones first, so none nests."""
        self._sizes.clear()
        for node in reversed(self._nodes):
            self._of(node)

    def _given(self, tree: exp.Expression) -> Iterator[tuple[str | None, exp.Expression]]:
        """Every name that the query gives, and what it stands for; None for what has none."""
        yield from self._given_by_selects(tree)
        for alias in tree.find_all(exp.TableAlias):
            yield from self._given_by_alias(alias)

    def _given_by_selects(
        self, tree: exp.Expression
    ) -> Iterator[tuple[str | None, exp.Expression]]:
        for select in tree.find_all(exp.Select):
            names = [self._name(each) for each in _first(select).expressions]
            unnamed = [None] * (len(select.expressions) - len(names))
            for name, each in zip([*names, *unnamed], select.expressions, strict=False):
                if name is not None or _is_read_by_name(select):
                    yield name, each.unalias()

    def _given_by_alias(self, alias: exp.TableAlias) -> Iterator[tuple[str, exp.Expression]]:
        parts = alias.parent.find_all(exp.Select, exp.Tuple, exp.Unnest) if alias.parent else ()
        values = [each.unalias() for part in parts for each in part.expressions]
        for column in alias.columns:
            name = column.this if isinstance(column, exp.ColumnDef) else column
            yield from ((folded(name, self._dialect), value) for value in values)

    def _name(self, each: exp.Expression) -> str | None:
        """What a column of a query is called, where that was said."""
        if not isinstance(each, exp.Alias | exp.Column):
            return None
        name = each.args.get("alias") if isinstance(each, exp.Alias) else each.this
        return folded(name, self._dialect) if isinstance(name, exp.Identifier) else None

    def _of(self, node: object) -> float:
        if not isinstance(node, exp.Expression):
            return 0.0
        if id(node) not in self._sizes:
            self._sizes[id(node)] = self._computed(node)
        return self._sizes[id(node)]

    def _computed(self, node: exp.Expression) -> float:
        if isinstance(node, exp.Column | exp.PositionalColumn):
            return self._of_column(node)
        if isinstance(node, exp.Literal):
            return float(len(node.name))
        if isinstance(node, _SMALL):
            return float(_NUMBER)
        if isinstance(node, exp.Binary) and not isinstance(node, exp.DPipe | exp.Dot):
            return float(_NUMBER)
        if isinstance(node, exp.Select):
            return max((self._of(each.unalias()) for each in node.expressions), default=0.0)
        return self._of_call(node, [self._of(each) for each in node.iter_expressions()])

    def _of_call(self, node: exp.Expression, parts: list[float]) -> float:
        longest = max(parts, default=0.0)
        if isinstance(node, _LONGEST_OF):
            return longest
        if isinstance(node, exp.Pad):
            return float(node.args["expression"].name)
        if isinstance(node, exp.Replace | exp.RegexpReplace):
            return self._of(node.this) * max(1.0, self._of(node.args.get("replacement")))
        if isinstance(node, _GATHERED) or node.name.lower() in _GATHERED_BY_NAME:
            return max(longest, 1.0) * _GROUP
        if isinstance(node, _AS_LONG):
            return longest
        return sum(parts) if isinstance(node, _JOINED) else 2 * sum(parts)

    def _of_column(self, column: exp.Expression) -> float:
        """A name of the query's own may stand for a whole row, and any for what was given none."""
        name = self._name(column)
        unknown = name is None or (self._columns and name not in {*self._known, *self._columns})
        if unknown or name in self._relations:
            return self._unnamed + sum(self._known.values())
        return max(self._known.get(name or "", _CELL), self._unnamed)

    def _work(self, node: exp.Expression) -> float:
        """Letters that are looked at, when ``node`` finds one text nearly everywhere in another."""
        if isinstance(node, _MATCHED_AGAIN) or _replaces_all(node):
            return self._of(node.this) ** 2
        if isinstance(node, (*_JOINED, *_LONGEST_OF, *_GATHERED)):
            return 0.0
        if isinstance(node, (*_SEARCHED, exp.Func)):
            return prod(sorted(map(self._of, node.iter_expressions()))[-2:])
        return 0.0


def _is_read_by_name(select: exp.Select) -> bool:
    """Whether others may read its columns: it stands in a FROM or a WITH."""
    return isinstance(_whole(select).parent, exp.From | exp.Join | exp.CTE | exp.Lateral)


def _whole(select: exp.Select) -> exp.Expression:
    """What ``select`` is a part of, such as a UNION."""
    whole: exp.Expression = select
    while isinstance(whole.parent, exp.SetOperation | exp.Subquery):
        whole = whole.parent
    return whole


def _first(select: exp.Select) -> exp.Select:
    """The SELECT that names the columns of what ``select`` is a part of."""
    whole = _whole(select)
    while isinstance(whole, exp.SetOperation | exp.Subquery):
        whole = whole.this
    return whole if isinstance(whole, exp.Select) else select


def _replaces_all(node: exp.Expression) -> bool:
    return isinstance(node, exp.RegexpReplace) and bool(node.args.get("modifiers"))
