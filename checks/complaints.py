"""What the database says of files and memory, in an owner's words, without a line of it."""

import re
from pathlib import PurePath
from typing import Final

_LINE: Final = re.compile(r"CSV Error on Line: (\d+)")
_FILE: Final = re.compile(r"\n\s+file = ([^\n]+)")
_SAY: Final = "say which in the server's customProperties: encoding"
MIXED: Final = "mixes line ends, CRLF and LF; write it with one of them"
_WHY: Final = (
    (re.compile(r"\nExpected Number of Columns: (\d+) Found: (\d+)"), "has {1} cells, not {0}"),
    (re.compile(r"\nValue with unterminated quote"), "holds a quote that does not close"),
    (re.compile(r"\nInvalid unicode"), f"is not in the encoding stated for the file: {_SAY}"),
    (re.compile(r"\nMaximum line size"), "is too long"),
)
_WHOLE: Final = (
    (
        re.compile(
            r'Error when sniffing file "(?:[^"]*/)?([^"]*)".*'
            r"Delimiter Candidates: '([^\n]*)'\n",
            re.DOTALL,
        ),
        (
            "{0} is no CSV with the delimiter {1!r}: rows differ in length, a quote does not "
            "close, or its encoding is another (customProperties: encoding)"
        ),
    ),
    (
        re.compile(
            r"state machine reached an invalid state.*\n\s+file = (?:[^\n]*/)?([^\n]*)", re.DOTALL
        ),
        "{0} breaks the rules of CSV, or " + MIXED,
    ),
    (
        re.compile(r"No magic bytes found at end of file '(?:[^']*/)?([^']*)'"),
        "{0} is no whole Parquet file",
    ),
    (
        re.compile(r"File '(?:[^']*/)?([^']*)' too small to be a Parquet file"),
        "{0} is no whole Parquet file",
    ),
    (
        re.compile(r"Out of Memory Error: .*/([\d.]+ \w+) used\)", re.DOTALL),
        "it takes more memory than the {0} that a run may use",
    ),
)


def plainly(text: str) -> str:
    """``text`` in plain words where it is a known complaint; otherwise as it is."""
    if line := _LINE.search(text):
        return _broken_line(line[1], text)
    for pattern, words in _WHOLE:
        if found := pattern.search(text):
            return words.format(*found.groups())
    return text


def _broken_line(line: str, text: str) -> str:
    """DuckDB shows the line itself; what it says of it comes after, so the last match counts."""
    files = _FILE.findall(text)
    place = f"{PurePath(files[-1]).name} line {line}" if files else f"line {line}"
    for pattern, words in _WHY:
        if found := pattern.findall(text):
            last = found[-1]
            return f"{place} {words.format(*last if isinstance(last, tuple) else ())}"
    return f"{place} cannot be read"
