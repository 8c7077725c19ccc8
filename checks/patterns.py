"""Patterns of a contract, which are RE2's and searched for, in the words of other databases.

Source:
    The syntax of RE2: https://github.com/google/re2/wiki/Syntax. PostgreSQL's advanced regular
    expressions: section 9.7.3 of its manual.
"""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

import duckdb

_Ranges: TypeAlias = list[tuple[int, int]]
"""Characters, as pairs of a first and a last code point."""

_LAST: Final = 0x10FFFF
_LAST_ASCII: Final = 0x7F
_SURROGATES: Final = range(0xD800, 0xE000)
_LONGEST: Final = 1000
_MOST: Final = 255
"""PostgreSQL repeats no more often; what is repeated inside of a repetition counts here for each.

Beyond it PostgreSQL takes long to read a pattern: 12 s for ``((a?){15}){45}``.
"""

_DIGITS: Final = [(48, 57)]
_LETTERS: Final = [(65, 90), (97, 122)]
_WORD: Final = [*_DIGITS, *_LETTERS, (95, 95)]
_PERL: Final[dict[str, _Ranges]] = {
    "d": _DIGITS,
    "w": _WORD,
    "s": [(9, 10), (12, 13), (32, 32)],
}
_NAMED: Final[dict[str, _Ranges]] = {
    "alnum": [*_DIGITS, *_LETTERS],
    "alpha": _LETTERS,
    "ascii": [(0, 127)],
    "blank": [(9, 9), (32, 32)],
    "cntrl": [(0, 31), (127, 127)],
    "digit": _DIGITS,
    "graph": [(33, 126)],
    "lower": [(97, 122)],
    "print": [(32, 126)],
    "punct": [(33, 47), (58, 64), (91, 96), (123, 126)],
    "space": [(9, 13), (32, 32)],
    "upper": [(65, 90)],
    "word": _WORD,
    "xdigit": [(48, 57), (65, 70), (97, 102)],
}
_CONTROLS: Final = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_FOLDED: Final = {"k": 0x212A, "s": 0x17F}
"""Letters beyond ASCII that are an ASCII letter in another case: the kelvin sign, the long s."""

_BRACES: Final = re.compile(r"\{(?:0|[1-9][0-9]*)(?:,(?:0|[1-9][0-9]*)?)?\}")
_FLAGS: Final = re.compile(r"\(\?([is]+)\)")
_HEXADECIMAL: Final = re.compile(r"([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\}")
_INSIDE: Final = "[A-Za-z0-9_]"
_EDGE: Final = f"(?<={_INSIDE})(?!{_INSIDE})|(?<!{_INSIDE})(?={_INSIDE})"
_ASSERTIONS: Final = {"A": "^", "z": "$", "b": f"(?:{_EDGE})"}
"""Without ``\\B``, which RE2 finds inside of a character, too, between its bytes."""


def compiles(pattern: str) -> str | None:
    """What is wrong with ``pattern`` by RE2's rules; None when nothing is."""
    with duckdb.connect() as connection:
        try:
            connection.execute("SELECT regexp_matches('', ?)", [pattern]).fetchall()
        except (duckdb.Error, UnicodeError) as error:
            return str(error).removeprefix("Invalid Input Error: ")
    return None


def posix(pattern: str) -> str | None:
    r"""``pattern`` for PostgreSQL's ``~``; None where it might find something else there.

    It is in the common subset when it is made of characters, ``.``, classes and ranges of
    characters, ``\d``, ``\w`` and ``\s`` (ASCII, as RE2 has them), ``^``, ``$``, ``\A``, ``\z`` and
    ``\b``, groups, ``|`` and repetitions up to 255, with ``(?i)`` (over ASCII) or ``(?s)`` at its
    start.

    Source:
        Held equal to RE2 by a test over generated patterns and texts, on a real PostgreSQL.
    """
    try:
        return _Reader(pattern).whole()
    except _OutsideError:
        return None


class _OutsideError(Exception):
    """The pattern leaves the common subset, or is none."""


@dataclass(frozen=True, slots=True)
class _Set:
    """Characters: those in ``ranges``, or all but those."""

    ranges: _Ranges
    negated: bool = False

    def spelt(self) -> _Ranges:
        """The same as ranges alone."""
        if not self.negated:
            return self.ranges
        merged = _merged(self.ranges)
        starts = [1, *(last + 1 for _, last in merged)]
        ends = [*(first - 1 for first, _ in merged), _LAST]
        return [(low, high) for low, high in zip(starts, ends, strict=True) if low <= high]

    def folded(self) -> "_Set":
        """The same whether in capitals or not."""
        if any(last > _LAST_ASCII for _, last in self.ranges):
            raise _OutsideError
        points = (point for low, high in self.ranges for point in range(low, high + 1))
        cases = [case for point in points for case in _cases(chr(point))]
        return _Set([*self.ranges, *((case, case) for case in cases)], self.negated)

    def written(self) -> str:
        """The same for PostgreSQL."""
        merged = _merged(self.ranges)
        if not merged:
            return "."  # in PostgreSQL a line's end, too
        if not self.negated and len(merged) == 1 and merged[0][0] == merged[0][1]:
            return _literal(merged[0][0])
        told = "".join(
            _literal(low) if low == high else f"{_literal(low)}-{_literal(high)}"
            for low, high in merged
        )
        return f"[{'^' if self.negated else ''}{told}]"


def _cases(sign: str) -> list[int]:
    """Every way to write a letter of ASCII, and what folds to it; none of any other sign."""
    if not sign.isalpha():
        return []
    small = sign.lower()
    also = [_FOLDED[small]] if small in _FOLDED else []
    return [ord(small), ord(sign.upper()), *also]


def _merged(ranges: _Ranges) -> _Ranges:
    """The same characters in order, no range touching another."""
    merged: _Ranges = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _literal(point: int) -> str:
    """A character, safe outside and inside of brackets."""
    character = chr(point)
    if point > _LAST_ASCII or character.isalnum():
        return character
    return f"\\u{point:04X}"


def _counted(text: str) -> str | None:
    """The braces at the start of ``text``, when they are a repetition; else they are characters."""
    found = _BRACES.match(text)
    return found[0] if found else None


class _Reader:
    """Reads a pattern once, from left to right, and writes it anew."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > _LONGEST or "\0" in pattern:
            raise _OutsideError
        self._rest = pattern
        self._any_case = False
        self._any_character = False

    def whole(self) -> str:
        self._flags()
        told, _ = self._choice()
        if self._rest:
            raise _OutsideError
        return told

    def _flags(self) -> None:
        if found := _FLAGS.match(self._rest):
            self._any_case, self._any_character = "i" in found[1], "s" in found[1]
            self._rest = self._rest[found.end() :]

    def _choice(self) -> tuple[str, int]:
        """Branches, and how often what is in them is repeated at most."""
        branches = [self._branch()]
        while self._takes("|"):
            branches.append(self._branch())
        return "|".join(told for told, _ in branches), max(repeats for _, repeats in branches)

    def _branch(self) -> tuple[str, int]:
        told, most = "", 1
        while self._rest and self._rest[0] not in "|)":
            piece, repeats = self._piece()
            told, most = told + piece, max(most, repeats)
        return told, most

    def _piece(self) -> tuple[str, int]:
        if (assertion := self._assertion()) is not None:
            atom, inner = assertion, 0
        elif self._takes("("):
            atom, inner = self._group()
        else:
            atom, inner = self._characters().written(), 1
        sign, times = self._repetition()
        if not sign:
            return atom, max(inner, 1)
        if not inner or inner * times > _MOST:
            raise _OutsideError  # an assertion is not repeated in PostgreSQL
        return atom + sign, inner * times

    def _assertion(self) -> str | None:
        if self._rest[0] in "^$":
            return self._take()
        if self._rest[0] == "\\" and self._rest[1:2] in _ASSERTIONS:
            self._take()
            return _ASSERTIONS[self._take()]
        return None

    def _group(self) -> tuple[str, int]:
        if self._rest.startswith("?") and not self._takes("?:"):
            raise _OutsideError
        told, repeats = self._choice()
        if not self._takes(")"):
            raise _OutsideError
        return f"(?:{told})", repeats

    def _repetition(self) -> tuple[str, int]:
        """A sign of repetition and how often that is at most; greedy or not, as much is found."""
        sign, times = self._sign()
        if sign:
            self._takes("?")
            if self._sign()[0]:
                raise _OutsideError
        return sign, times

    def _sign(self) -> tuple[str, int]:
        if self._rest[:1] in {"*", "+", "?"}:
            return self._take(), 1
        counted = _counted(self._rest)
        if counted is None:
            return "", 1
        self._rest = self._rest[len(counted) :]
        low, comma, high = counted[1:-1].partition(",")
        least, most = int(low), int(high or low)
        if not least <= most <= _MOST:
            raise _OutsideError
        return f"{{{least}{comma}{most if high else ''}}}", max(most, 1)

    def _characters(self) -> "_Set":
        """The characters of which one stands here."""
        if self._rest[0] in "*+?" or _counted(self._rest):
            raise _OutsideError
        if self._takes("."):
            return _Set([] if self._any_character else [(10, 10)], negated=True)
        if self._takes("["):
            return self._class()
        return self._folded(self._group_of_perl() or self._one())

    def _class(self) -> "_Set":
        negated, first, ranges = bool(self._takes("^")), True, list[tuple[int, int]]()
        while first or not self._rest.startswith("]"):
            first = False
            ranges += self._item()
        self._take()
        return self._folded(_Set(ranges, negated=negated))

    def _item(self) -> _Ranges:
        if self._rest.startswith("[:"):
            name, closing, self._rest = self._rest[2:].partition(":]")
            found = _Set(_NAMED.get(name.removeprefix("^"), []), negated=name.startswith("^"))
            if not closing or not found.ranges:
                raise _OutsideError
            return found.spelt()
        if perl := self._group_of_perl():
            return perl.spelt()
        low = high = self._one().ranges[0][0]
        if self._rest.startswith("-") and not self._rest.startswith("-]"):
            self._take()
            high = self._one().ranges[0][0]
        if high < low:
            raise _OutsideError
        return [(low, high)]

    def _group_of_perl(self) -> "_Set | None":
        letter = self._rest[1:2]
        if not self._rest.startswith("\\") or letter.lower() not in _PERL:
            return None
        self._rest = self._rest[2:]
        return _Set(_PERL[letter.lower()], negated=letter.isupper())

    def _one(self) -> "_Set":
        """The one character that is written here, by itself or by an escape."""
        character = self._take()
        point = ord(character) if character != "\\" else self._escaped()
        if not 0 < point <= _LAST or point in _SURROGATES:
            raise _OutsideError
        return _Set([(point, point)])

    def _escaped(self) -> int:
        letter = self._take()
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter == "x":
            return self._hexadecimal()
        if not letter.isascii() or letter.isalnum():
            raise _OutsideError
        return ord(letter)

    def _hexadecimal(self) -> int:
        found = _HEXADECIMAL.match(self._rest)
        if found is None:
            raise _OutsideError
        self._rest = self._rest[found.end() :]
        return int(found[1] or found[2], 16)

    def _folded(self, found: "_Set") -> "_Set":
        return found.folded() if self._any_case else found

    def _take(self) -> str:
        """The next character, read."""
        if not self._rest:
            raise _OutsideError
        character, self._rest = self._rest[0], self._rest[1:]
        return character

    def _takes(self, sign: str) -> bool:
        """Whether ``sign`` comes next; it is read then."""
        if not self._rest.startswith(sign):
            return False
        self._rest = self._rest[len(sign) :]
        return True
