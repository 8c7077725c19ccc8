"""Refuses SQL that sqlglot reads or writes otherwise than DuckDB or PostgreSQL reads it.

Sqlglot binds IS as tightly as LIKE, writes some calls as operators, and drops arguments that it
does not know: what runs would not be what the producer asked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from checks.dataset import Dialect
from checks.errors import RefusedQuery

_OPERATORS: Final = {
    Dialect.DUCKDB: frozenset({"~", "~*", "~~", "~~*", "~~~", "^@", "@", "!"}),
    Dialect.POSTGRES: frozenset({"~~", "~~*", "^@", "@"}),
}
"""Written as something else, of another meaning or binding otherwise."""

_FLAGS: Final = 3
"""Of a function over regular expressions: where its flags stand, at the earliest."""

_OPENING: Final = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING: Final = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_LOOSE: Final = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Like, exp.ILike, exp.SimilarTo, exp.Glob, exp.Escape, exp.In, exp.Between, exp.Not,
)  # fmt: skip
_MATCH: Final = (exp.RegexpLike, exp.RegexpILike)
_TIGHT: Final = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Like, exp.ILike, exp.SimilarTo, exp.Glob, exp.Escape, exp.In, exp.Between, exp.Neg,
    exp.BitwiseNot, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe,
    exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift, exp.BitwiseRightShift,
    exp.JSONExtract, exp.JSONExtractScalar, exp.JSONBExtract, exp.JSONBExtractScalar,
    exp.JSONBContains, exp.ArrayContainsAll, exp.ArrayOverlaps, exp.Collate, exp.AtTimeZone,
)  # fmt: skip
_CHAINS: Final = (exp.And, exp.Or, exp.Add, exp.DPipe)
_OPERANDS: Final = frozenset({"this", "expression", "low", "high"})
_OPERATIONS: Final = (*_LOOSE, *_TIGHT, *_MATCH, exp.And, exp.Or)


def same_words(query: str, dialect: Dialect) -> None:
    """Make sure that no operator and no argument of ``query`` changes as it is read.

    Raises:
        RefusedQuery: one would.
    """
    tokens = _tokens(query, dialect)
    for token in tokens:
        if token.text in _OPERATORS[dialect] and token.token_type not in _TEXTS:
            raise RefusedQuery(f"write the operator {token.text} as a function, LIKE or NOT")
    for name, count in {*_calls(tokens)}:
        if _loses(name, count, dialect):
            raise RefusedQuery(f"{name[:60]} with {count} arguments is not allowed")


def same_order(tree: exp.Expression, dialect: Dialect) -> None:
    """Make sure that the operations of ``tree`` bind as they are written.

    Raises:
        RefusedQuery: one stands where it has to be put in parentheses.
    """
    for node in tree.find_all(*_LOOSE, *_MATCH):
        if _open(node, dialect):
            told = node.sql(dialect=dialect.value)[:60]
            raise RefusedQuery(f"it can be read in two ways: put {told} in parentheses")
    written = tree.sql(dialect=dialect.value, comments=False)
    if _bare(written, dialect) != _bare(_parted(tree, dialect), dialect):
        raise RefusedQuery("it can be read in two ways: put the parts of it in parentheses")


_TEXTS: Final = frozenset(
    {
        TokenType.STRING, TokenType.IDENTIFIER, TokenType.HEREDOC_STRING, TokenType.RAW_STRING,
        TokenType.NATIONAL_STRING, TokenType.BYTE_STRING, TokenType.UNICODE_STRING,
    }
)  # fmt: skip


def _tokens(query: str, dialect: Dialect) -> Sequence[Token]:
    try:
        return sqlglot.tokenize(query, read=dialect.value)
    except SqlglotError as error:
        raise RefusedQuery("it cannot be read as SQL") from error


@dataclass(slots=True)
class _Bracket:
    """One that is not closed yet: the name before it, and how many arguments it holds so far."""

    name: str
    count: int = 0


def _calls(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """Every name before a parenthesis, and how many arguments follow."""
    around: list[_Bracket] = []
    before = ""
    for token in tokens:
        kind = token.token_type
        if kind in _CLOSING:
            closed = around.pop() if around else _Bracket("")
            if closed.count and _WORD.fullmatch(closed.name):
                yield closed.name.lower(), closed.count
        elif around:
            around[-1].count = max(1, around[-1].count) + (kind is TokenType.COMMA)
        if kind in _OPENING:
            around.append(_Bracket(before if kind is TokenType.L_PAREN else ""))
        before = token.text


@lru_cache(maxsize=4_096)
def _loses(name: str, count: int, dialect: Dialect) -> bool:
    """Whether a call of ``name`` comes out with fewer than its ``count`` arguments."""
    marks = [f"zz{at}zz" for at in range(count)]
    if name.startswith("regexp_") and count > _FLAGS:
        marks[_FLAGS:] = ["'i'"] * (count - _FLAGS)  # flags pass as literals alone
    try:
        call = f"SELECT {name}({', '.join(marks)})"
        read = sqlglot.parse_one(call, read=dialect.value)
        written = read.sql(dialect=dialect.value, unsupported_level=ErrorLevel.IGNORE).lower()
    except (SqlglotError, ValueError, TypeError, AttributeError, LookupError):
        return False  # no plain call: such a form has a grammar of its own
    return any(written.count(mark) < marks.count(mark) for mark in marks)


def _open(node: exp.Expression, dialect: Dialect) -> bool:
    """Whether ``node`` and what is around it may bind the other way round."""
    if isinstance(node, _MATCH):
        if dialect is Dialect.DUCKDB:
            return False  # it is written as a call
        # PostgreSQL binds ~ no looser than ||
        return isinstance(node.expression, _TIGHT) or isinstance(node.parent, _TIGHT)
    around = node.parent
    if isinstance(around, exp.Escape) and isinstance(node, exp.Like | exp.ILike | exp.SimilarTo):
        return False
    if isinstance(around, exp.In):
        return node is around.this
    if dialect is Dialect.POSTGRES and isinstance(around, (*_MATCH, exp.Lambda)):
        return True  # what sqlglot takes for a lambda is the arrow of JSON there
    return isinstance(around, _TIGHT)


def _parted(tree: exp.Expression, dialect: Dialect) -> str:
    """``tree`` as text, with each operation inside of another in parentheses."""
    copy = tree.copy()
    for node in [*copy.find_all(*_OPERATIONS)]:
        if isinstance(node.parent, _OPERATIONS) and node.arg_key in _OPERANDS:
            if isinstance(node.parent, exp.Escape) or _chained(node):
                continue
            around = exp.Paren()
            node.replace(around)
            around.set("this", node)
    return copy.sql(dialect=dialect.value, comments=False)


def _chained(node: exp.Expression) -> bool:
    """Whether it is the first part of ``a OR b OR c``: in parentheses, a long one is too deep."""
    return node.arg_key == "this" and type(node) is type(node.parent) and isinstance(node, _CHAINS)


def _bare(text: str, dialect: Dialect) -> str:
    """What is read of ``text``, without its parentheses."""
    try:
        tree = sqlglot.parse_one(text, read=dialect.value)
    except SqlglotError as error:
        raise RefusedQuery("it can be read in two ways") from error
    for node in [*tree.find_all(exp.Paren)]:
        if node.parent is not None:
            node.replace(node.this)
    return repr(tree)
