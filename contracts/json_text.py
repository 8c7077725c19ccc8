"""JSON text (RFC 8259) -> ``Document``, by a scanner that keeps positions."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from contracts.errors import InvalidContract
from contracts.tree import Document, Place, Plain, Tree, usable_text
from contracts.yaml_text import MAX_DIGITS, finite

_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*+(?:
      (?P<sign>[{}\[\],:])
    | (?P<string>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")
    | (?P<number>-?(?:0|[1-9][0-9]*+)(?P<fraction>(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?))
    | (?P<word>(?:true|false|null)\b)
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_WORDS: Final[dict[str, Plain]] = {"true": True, "false": False, "null": None}


class _Next(Enum):
    """What may come next."""

    VALUE = auto()
    VALUE_OR_END = auto()
    KEY = auto()
    KEY_OR_END = auto()
    COLON = auto()
    COMMA_OR_END = auto()
    NOTHING = auto()


_VALUES: Final = {_Next.VALUE, _Next.VALUE_OR_END}
_WANTED: Final = {
    _Next.VALUE: "a value",
    _Next.VALUE_OR_END: "a value or ']'",
    _Next.KEY: "a key in double quotes",
    _Next.KEY_OR_END: "a key in double quotes or '}'",
    _Next.COLON: "':'",
    _Next.COMMA_OR_END: "',' or the closing bracket",
    _Next.NOTHING: "the end of the text",
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    whole: bool
    place: Place


def read_json(text: str) -> Document:
    """Read one JSON text.

    Raises:
        InvalidContract: The text is not JSON, or no object.
    """
    return _Reader(text).read()


class _Reader:
    """Walks the tokens of a text and grows a tree from them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(match.end() for match in re.finditer(r"\n", text))]
        self._tree = Tree()
        self._open: list[str] = []
        self._next = _Next.VALUE

    def read(self) -> Document:
        """The whole document."""
        for token in self._tokens():
            if token.kind == "string":
                self._string(token)
            elif token.kind == "sign":
                self._sign(token)
            else:
                self._scalar(token)
        return self._tree.finish()

    def _tokens(self) -> Iterator[_Token]:
        position = 0
        while True:
            match = _TOKEN.match(self._text, position)
            if match is None:
                rest = self._text[position:].lstrip(" \t\r\n")
                raise self._unexpected(self._place(len(self._text) - len(rest)))
            kind = str(match.lastgroup)
            start = match.start(kind)
            if kind == "end":
                if self._next is not _Next.NOTHING:
                    raise self._unexpected(self._place(start))
                return
            yield _Token(kind, match[kind], not match["fraction"], self._place(start))
            position = match.end()

    def _sign(self, token: _Token) -> None:
        sign = token.text
        if sign in "{[" and self._next in _VALUES:
            self._begin(sign, token.place)
        elif sign in "}]" and self._may_close(sign):
            self._tree.close()
            self._open.pop()
            self._after_value()
        elif (sign, self._next) == (",", _Next.COMMA_OR_END):
            self._next = _Next.KEY if self._open[-1] == "{" else _Next.VALUE
        elif (sign, self._next) == (":", _Next.COLON):
            self._next = _Next.VALUE
        else:
            raise self._unexpected(token.place)

    def _begin(self, sign: str, place: Place) -> None:
        self._tree.open({} if sign == "{" else [], place)
        self._open.append(sign)
        self._next = _Next.KEY_OR_END if sign == "{" else _Next.VALUE_OR_END

    def _may_close(self, sign: str) -> bool:
        empty = _Next.KEY_OR_END if sign == "}" else _Next.VALUE_OR_END
        opened = "{" if sign == "}" else "["
        return self._open[-1:] == [opened] and self._next in {empty, _Next.COMMA_OR_END}

    def _string(self, token: _Token) -> None:
        value = str(json.loads(token.text))
        if not usable_text(value):
            self._tree.note(
                "bad-character", token.place, "text must not hold NUL or half a character"
            )
            value = ""
        if self._next in {_Next.KEY, _Next.KEY_OR_END}:
            self._tree.key(value, token.place)
            self._next = _Next.COLON
        else:
            self._value(value, token.place)

    def _scalar(self, token: _Token) -> None:
        if token.kind == "word":
            self._value(_WORDS[token.text], token.place)
            return
        try:
            self._value(_number(token), token.place)
        except ValueError as error:
            self._tree.note("bad-number", token.place, str(error))
            self._value(0, token.place)

    def _value(self, value: Plain, place: Place) -> None:
        if self._next not in _VALUES:
            raise self._unexpected(place)
        self._tree.scalar(value, place)
        self._after_value()

    def _after_value(self) -> None:
        self._next = _Next.COMMA_OR_END if self._open else _Next.NOTHING

    def _unexpected(self, place: Place) -> InvalidContract:
        return self._tree.fatal(
            "json-syntax", place, f"not JSON: here must be {_WANTED[self._next]}"
        )

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


def _number(token: _Token) -> int | float:
    if len(token.text) > MAX_DIGITS:
        raise ValueError(f"must be a number of at most {MAX_DIGITS} digits")
    return int(token.text) if token.whole else finite(token.text)
