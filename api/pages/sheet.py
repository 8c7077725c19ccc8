"""A contract's document -> its promise sheet: all that is promised, in sentences, and where."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from api.pages.promises import description, promise, term
from contracts.clause import Clause, Kind
from contracts.clauses import clauses
from contracts.document import load
from contracts.errors import InvalidContract
from contracts.model import Contract, Schema
from contracts.notes import Notes
from contracts.read import read
from contracts.tree import Document
from contracts.values import Json

_KEPT: Final = 64
_UNSHOWN_TOOLS: Final = {"webhook"}  # an address that opens something is no address to show
_LINKED: Final = {"https", "http", "mailto"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise. ``line`` counts from 1; ``people``: nobody can judge it but people."""

    words: str
    clause: Clause
    line: int
    people: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A column, and what is promised of it."""

    name: str
    description: str
    line: int
    terms: tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An object: its columns, and what is promised of it as a whole."""

    name: str
    description: str
    line: int
    rules: tuple[Promise, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Where to ask. ``url`` is empty where it is no address for people."""

    channel: str
    tool: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A contract as its readers see it; ``levels`` are promises about the product as a whole."""

    contract: Contract
    parts: tuple[Part, ...]
    levels: tuple[Promise, ...]
    support: tuple[Support, ...]
    count: int


class Sheets:
    """The newest sheets read, by hash of the document: a version never changes once published."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._held: OrderedDict[str, Sheet | None] = OrderedDict()

    def get(self, sha256: str, body: Callable[[], bytes]) -> Sheet | None:
        """Return the sheet of a document; ``body`` is asked for its bytes on first use only."""
        if sha256 not in self._held:
            self._held[sha256] = read_sheet(body())
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return self._held[sha256]


SHEETS: Final = Sheets()


def read_sheet(body: bytes) -> Sheet | None:
    """Return the sheet of a published document; None where it can be read no more."""
    try:
        document = load(body)
    except InvalidContract:
        return None
    contract = read(document, Notes(document))
    told = [_promise(clause, document) for clause in clauses(contract)]
    return Sheet(
        contract=contract,
        parts=tuple(_part(schema, told, document) for schema in contract.schemas),
        levels=tuple(one for one in told if one.clause.schema is None),
        support=tuple(_support(channel) for channel in contract.support),
        count=len(told),
    )


def _promise(clause: Clause, document: Document) -> Promise:
    words = term(clause) if clause.column else str(promise(clause))
    return Promise(
        words=description(clause) or words,
        clause=clause,
        line=_line(document, clause.pointer),
        people=clause.kind is Kind.TEXT,
    )


def _part(schema: Schema, told: Sequence[Promise], document: Document) -> Part:
    own = [one for one in told if one.clause.schema == schema.physical_name]
    by_column: dict[str, list[Promise]] = {}
    for one in own:
        if one.clause.column is not None:
            by_column.setdefault(one.clause.column, []).append(one)
    descriptions = {column.physical_name: column.description for column in schema.columns}
    return Part(
        name=schema.physical_name,
        description=schema.description,
        line=_line(document, schema.pointer),
        rules=tuple(one for one in own if one.clause.column is None),
        entries=tuple(
            Entry(
                name=name,
                description=descriptions.get(name, ""),
                line=max(one.line for one in terms[:2]),
                terms=_said(terms),
            )
            for name, terms in by_column.items()
        ),
    )


def _said(terms: Sequence[Promise]) -> tuple[Promise, ...]:
    """Leave out that a column exists where more is promised of it."""
    more = tuple(one for one in terms if one.clause.kind is not Kind.COLUMN_PRESENT)
    return more or tuple(terms)


def _support(channel: Mapping[str, Json]) -> Support:
    tool, url = str(channel.get("tool") or ""), str(channel.get("url") or "")
    shown = tool.casefold() not in _UNSHOWN_TOOLS and _scheme(url) in _LINKED
    return Support(channel=str(channel.get("channel") or ""), tool=tool, url=url if shown else "")


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:  # such as brackets that do not close
        return ""


def _line(document: Document, pointer: str) -> int:
    return document.place(pointer)[0]
