"""What a database says of files, memory and itself, in an owner's words, without a line of data."""

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
_LOST: Final = "the connection to the database was lost"
_SERVER: Final = "the database server"
_CONNECTING: Final = re.compile(
    r"connection (?:failed|is bad|timeout expired)|failed to resolve host|connection to server"
)
_ADDRESS: Final = re.compile(
    r"(?:connection (?:failed|is bad): )?(?:connection to server .*? failed: )?(?:FATAL:\s+)?"
    r"([^\n]*).*",
    re.DOTALL,
)
_REFUSED: Final = (
    (re.compile(r"connection timeout expired|timed out|timeout expired"), "does not answer"),
    (re.compile(r"Connection refused"), "refuses connections at that host and port"),
    (re.compile(r"No route|unreachable|Network is down"), "cannot be reached at that host"),
    (
        re.compile(r"failed to resolve host|could not translate host name"),
        "has an unknown host name",
    ),
    (re.compile(r"No such file or directory"), "does not run here, or its socket is elsewhere"),
    (re.compile(r"no password supplied"), "asks for a password, and there is none"),
    (re.compile(r'no pg_hba.conf entry .*user "([^"]*)"'), "lets no user {0!r} in from here"),
    (re.compile(r"does not support SSL"), "offers no TLS, which is asked for"),
    (re.compile(r"certificate|SSL error"), "cannot prove who it is: see its certificate and ours"),
    (re.compile(r"too many (?:clients|connections)|connection slots"), "has no connection left"),
    (re.compile(r"closed the connection"), "closed the connection"),
)
_TOLD: Final = (
    (
        re.compile(r"canceling statement due to lock timeout"),
        "another session has locked the table",
    ),
    (re.compile(r"canceling statement due to user request"), "somebody cancelled it on the server"),
    (
        re.compile(r"canceling statement due to conflict with recovery"),
        "the server, a standby, cancelled it to go on with its replication",
    ),
    (
        re.compile(
            r"consuming input failed|sending query failed|the connection is (?:closed|lost)|"
            r"server closed the connection|terminating connection due to|SSL SYSCALL error"
        ),
        _LOST,
    ),
)


def plainly(text: str) -> str:
    """``text`` in plain words where it is a known complaint; otherwise as it is."""
    if line := _LINE.search(text):
        return _broken_line(line[1], text)
    for pattern, words in _WHOLE:
        if found := pattern.search(text):
            return words.format(*found.groups())
    if _CONNECTING.match(text):
        return _unconnected(text)
    return next((words for pattern, words in _TOLD if pattern.match(text)), text)


def _unconnected(text: str) -> str:
    """Why there is no connection, without the address: that is the operator's to know."""
    for pattern, words in _REFUSED:
        if found := pattern.search(text):
            return f"{_SERVER} {words.format(*found.groups())}"
    return _ADDRESS.sub(r"\1", text, count=1)


def _broken_line(line: str, text: str) -> str:
    """DuckDB shows the line itself; what it says of it comes after, so the last match counts."""
    files = _FILE.findall(text)
    place = f"{PurePath(files[-1]).name} line {line}" if files else f"line {line}"
    for pattern, words in _WHY:
        if found := pattern.findall(text):
            last = found[-1]
            return f"{place} {words.format(*last if isinstance(last, tuple) else ())}"
    return f"{place} cannot be read"
