"""The kinds of node that a producer's query may be made of. Calls are judged by their names."""

from typing import Final

from sqlglot import exp

from checks.dataset import Dialect

_PLAIN: Final = frozenset(
    {
        exp.Select, exp.Union, exp.Except, exp.Intersect, exp.Subquery, exp.With, exp.CTE,
        exp.From, exp.Join, exp.Lateral, exp.Table, exp.TableAlias, exp.Values, exp.Where,
        exp.Group, exp.Having, exp.Qualify, exp.Order, exp.Ordered, exp.Limit, exp.Offset,
        exp.Fetch, exp.LimitOptions, exp.Distinct, exp.GroupingSets, exp.Cube, exp.Rollup,
        exp.Window, exp.WindowSpec, exp.Filter, exp.WithinGroup, exp.IgnoreNulls,
        exp.RespectNulls, exp.Tuple, exp.Paren, exp.Alias, exp.Column, exp.Identifier,
        exp.Star, exp.Var, exp.Literal, exp.RawString, exp.HexString, exp.BitString, exp.Null,
        exp.Boolean, exp.DataType, exp.DataTypeParam, exp.ColumnDef, exp.Interval,
        exp.IntervalSpan, exp.Bracket, exp.Slice, exp.Kwarg, exp.PropertyEQ, exp.Not, exp.Neg,
        exp.BitwiseNot, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe,
        exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift,
        exp.BitwiseRightShift, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is,
        exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like, exp.ILike, exp.SimilarTo, exp.Escape, exp.In,
        exp.Between, exp.Any, exp.All, exp.AtTimeZone, exp.Collate, exp.JSONPath,
        exp.JSONPathRoot, exp.JSONPathKey, exp.JSONPathSubscript, exp.JSONPathWildcard,
        exp.JSONPathSlice, exp.JSONPathSelector, exp.JSONPathRecursive, exp.JSONKeyValue,
        exp.Overlaps, exp.Lambda,
    }
)  # fmt: skip
_DUCKDB: Final = frozenset(
    {
        exp.Dot, exp.Comprehension, exp.TableSample, exp.Glob,
        exp.PositionalColumn,
    }
)  # fmt: skip
_POSTGRES: Final = frozenset({exp.Heredoc})
NODES: Final = {Dialect.DUCKDB: _PLAIN | _DUCKDB, Dialect.POSTGRES: _PLAIN | _POSTGRES}
"""What a tree may hold beside calls: statements, settings, locks and such are none of these."""
