"""The names a file gives its columns, read before the database makes each of them its own."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import BinaryIO, Final, TextIO

from checks.dataset import Session
from checks.errors import UnreachableData

_FOLDED: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_PARTING: Final = (";", "\t", "|", ",")
_LONGEST: Final = 1_000_000
_UNREADABLE: Final = (OSError, EOFError, TypeError, ValueError, csv.Error, zlib.error)


def csv_names(file: Path, *, delimiter: str, encoding: str) -> tuple[str, ...]:
    """The cells of the first line of ``file`` that is not empty; none where it cannot be read."""
    try:
        with _text(file, encoding) as text:
            lines = iter(lambda: text.readline(_LONGEST), "")
            return next(_records(islice(lines, 1000), delimiter), ())
    except _UNREADABLE:  # the database tells it better
        return ()


def parquet_names(session: Session, file: str) -> tuple[str, ...]:
    """The names of the columns of a Parquet file; ``file`` is an SQL literal.

    Raises:
        CheckError: it cannot be read.
    """
    rows = session.run(f"SELECT name, num_children FROM parquet_schema({file})").rows  # noqa: S608 - a literal
    names: list[str] = []
    inner = 0
    for name, children in rows[1:]:  # the first is the root of the tree
        if not inner:
            names.append(str(name))
        inner = max(inner - 1, 0) + int(str(children or 0))
    return tuple(names)


def refuse_repeated(file: str, names: Sequence[str]) -> None:
    """Refuse names of which the database would rename one: it ignores case.

    Raises:
        UnreachableData: two of ``names`` are one to it.
    """
    seen: dict[str, str] = {}
    for name in names:
        if name and name == seen.get(folded := name.translate(_FOLDED)):
            raise UnreachableData(f"{file} names the column {name!r} {_often(names, name)}")
        if name and folded in seen:
            raise UnreachableData(
                f"{file} names the columns {seen[folded]!r} and {name!r}: "
                "SQL ignores case and cannot tell them apart"
            )
        seen[folded] = name


def hint(names: Sequence[str], delimiter: str) -> str:
    """A question about the delimiter, where the names of the columns hold another; else empty."""
    counts = {sign: sum(name.count(sign) for name in names) for sign in _PARTING}
    likely = max(_PARTING, key=lambda sign: (sign != delimiter, counts[sign]))
    if len(names) != 1 or not counts[likely]:
        return ""
    sign = "tab" if likely == "\t" else repr(likely)
    return f"is its delimiter {sign}? say so in the server's customProperties: delimiter"


def mixed_ends(file: Path) -> bool:
    """Whether some lines of ``file`` end in CRLF and others in LF alone; those in quotes do not."""
    ends: set[bool] = set()
    quoted = False
    try:
        with _bytes(file) as lines:
            while line := lines.readline(_LONGEST):
                quoted ^= line.count(b'"') % 2 == 1
                if line.endswith(b"\n") and not quoted:
                    ends.add(line.endswith(b"\r\n"))
    except _UNREADABLE:
        return False
    return len(ends) > 1


def _bytes(file: Path) -> BinaryIO:
    return gzip.open(file) if _zipped(file) else file.open("rb")  # type: ignore[return-value]  # reads as one


def _text(file: Path, encoding: str) -> TextIO:
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    if _zipped(file):
        return gzip.open(file, "rt", encoding=encoding, newline="")
    return file.open(encoding=encoding, newline="")


def _zipped(file: Path) -> bool:
    return file.name.lower().endswith(".gz")


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[str, ...]]:
    """Records as tuples of trimmed cells; a delimiter of several signs parts without quotes."""
    if len(delimiter) > 1:
        cells = ([cell.strip('"') for cell in line.split(delimiter)] for line in lines)
        yield from (_trimmed(record) for record in cells if record != [""])
        return
    yield from (_trimmed(record) for record in csv.reader(lines, delimiter=delimiter) if record)


def _trimmed(record: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in record)


def _often(names: Sequence[str], name: str) -> str:
    count = names.count(name)
    return "twice" if count == 2 else f"{count} times"  # noqa: PLR2004 - has a word of its own
