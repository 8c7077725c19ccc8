"""A drafted contract as YAML: what is promised and, in comments, how far the data keeps it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from checks.profile import ColumnProfile, ObjectProfile
from contracts.clause import Kind
from contracts.names import flaw_of_name
from contracts.values import Json
from usecases.placeholders import ADDRESS, DOMAIN, TEAM
from usecases.proposals import Proposal, is_key

_COMMENT: Final = 44  # where comments begin
_SHOWN: Final = 40
_PERSONAL: Final = (
    "email",
    "phone",
    "first_name",
    "last_name",
    "surname",
    "birth",
    "address",
    "ssn",
)
_BARE: Final = re.compile("[A-Za-z][A-Za-z0-9_./@-]*( [A-Za-z0-9_./@-]+)*")
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_KEY_PARTS: Final = (Kind.REQUIRED, Kind.UNIQUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a contract is drafted about.

    Attributes:
        name: What the product is called at first.
        path: Where the files lie, such as ``deliveries/{model}.csv``.
        profiles: One for each object.
    """

    name: str
    path: str
    profiles: tuple[ObjectProfile, ...]


def render(subject: Subject, proposals: Sequence[Proposal], *, keyed: bool = True) -> str:
    """Return a valid contract that promises what is kept, and mentions the rest in comments.

    Args:
        subject: What it is about.
        proposals: What could be promised.
        keyed: Whether a column that is required and unique may become the object's key.
    """
    lines = [*_head(subject), "schema:"]
    for profile in subject.profiles:
        ours = [each for each in proposals if each.candidate.schema == profile.name]
        lines += _object(profile, ours, key=_key(profile, ours) if keyed else None)
    lines += [
        "customProperties:",
        *_line("  - property: assaySchedule", ""),
        *_line('    value: "0 6 * * *"', "when it is judged: every day at six, UTC"),
    ]
    return "\n".join(lines) + "\n"


def _head(subject: Subject) -> Iterator[str]:
    """Who promises it, and where the data lies."""
    slug = re.sub(r"[^a-z0-9]+", "-", subject.name.lower()).strip("-") or "draft"
    yield from (
        "apiVersion: v3.2.0",
        "kind: DataContract",
        f"id: {_scalar(slug)}",
        f"name: {_scalar(slug if flaw_of_name(subject.name) else subject.name)}",
        "version: 0.1.0",
        "status: draft",
    )
    yield from _line(f"domain: {DOMAIN}", "whose data it is, such as sales")
    yield f"dataProduct: {_scalar(slug)}"
    yield "description:"
    yield from _line("  purpose: Say what it is for.", "and what one row of it is")
    yield "team:"
    yield from _line(f"  name: {TEAM}", "who answers for it")
    yield "support:"
    yield "  - channel: owner"
    yield "    tool: email"
    yield from _line(f"    url: mailto:{ADDRESS}", "who is told when a promise breaks")
    yield "servers:"
    yield "  - server: files"
    yield "    type: local"
    yield from _line(
        f"    path: {_scalar(subject.path)}", "{model} is the name of each object below"
    )
    yield f"    format: {'parquet' if subject.path.endswith(('.parquet', '.pq')) else 'csv'}"
    yield "    customProperties:"
    yield "      - property: connection"
    yield from _line("        value: local", "how the service calls the folder: a connection")
    markers = sorted({marker for profile in subject.profiles for marker in profile.markers})
    if markers:
        yield "      - property: nullMarkers"
        yield from _line(f"        value: {_scalar([*markers])}", "these texts stand for nothing")


def _object(
    profile: ObjectProfile, proposals: Sequence[Proposal], *, key: str | None
) -> Iterator[str]:
    yield f"  - name: {_scalar(profile.name)}"
    yield "    description: Say what one row is."
    yield "    properties:"
    for column in profile.columns:
        ours = [each for each in proposals if each.candidate.column == column.name]
        yield from _column(column, ours, is_key=column.name == key)
    if any(each.candidate.kind is Kind.ROW_COUNT and each.kept for each in proposals):
        yield "    quality:"
        yield "      - id: not-empty"
        yield "        metric: rowCount"
        yield from _line("        mustBeGreaterThan: 0", f"it has {profile.rows:,}")


def _key(profile: ObjectProfile, proposals: Sequence[Proposal]) -> str | None:
    """The first column that looks like a key, and is one; else the first of all, if it is one."""
    kept = {(each.candidate.column, each.candidate.kind) for each in proposals if each.kept}
    fit = [
        column.name
        for column in profile.columns
        if all((column.name, kind) in kept for kind in _KEY_PARTS)
    ]
    named = [name for name in fit if is_key(name)]
    first = profile.columns[0].name if profile.columns else None
    return next(iter(named), first if first in fit else None)


def _column(column: ColumnProfile, proposals: Sequence[Proposal], *, is_key: bool) -> Iterator[str]:
    yield f"      - name: {_scalar(column.name)}"
    by_kind = {each.candidate.kind: each for each in proposals}
    type_ = by_kind.get(Kind.TYPE)
    yield from _type(column, type_)
    told = {Kind.TYPE}
    if is_key:
        yield from _line("        primaryKey: true", rate(by_kind[Kind.UNIQUE]))
        told |= {*_KEY_PARTS}
    if type_ is not None and not type_.kept:
        told.add(Kind.MINIMUM)  # a text has none
    yield from _promises([each for kind, each in by_kind.items() if kind not in told])
    if any(word in column.name.lower() for word in _PERSONAL):
        yield from _line("        # classification: confidential", "personal? then it is masked")


def _promises(proposals: Iterable[Proposal]) -> Iterator[str]:
    for proposal in proposals:
        mark = "" if proposal.kept else "# "
        for text, comment in _promise(proposal):
            yield from _line(f"        {mark}{text}", comment)


def _type(column: ColumnProfile, proposal: Proposal | None) -> Iterator[str]:
    seen = _seen(column)
    if proposal is None:
        yield from _line("        # logicalType:", f"no word for {column.source_type[:_SHOWN]}")
    elif proposal.kept:
        yield from _line(f"        logicalType: {column.logical_type}", seen)
    else:
        yield "        logicalType: string"
        yield from _line(f"        # logicalType: {column.logical_type}", rate(proposal))


def _seen(column: ColumnProfile) -> str:
    if column.low is None or column.high is None:
        return ""
    return f"seen: {str(column.low)[:_SHOWN]} to {str(column.high)[:_SHOWN]}"


def _promise(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Lines that make a promise, each with its comment; the first tells the rate."""
    value, kept = proposal.candidate.value, rate(proposal)
    match proposal.candidate.kind:
        case Kind.REQUIRED:
            yield "required: true", kept
        case Kind.UNIQUE:
            yield "unique: true", kept
        case Kind.ENUM:
            yield "enum:", kept
            yield from _choices(value)
        case Kind.MINIMUM | Kind.PATTERN as kind:
            yield "logicalTypeOptions:", ""
            yield f"  {kind.value}: {_scalar(value)}", kept
        case Kind.RELATIONSHIP:
            yield "relationships:", kept
            yield "  - type: foreignKey", ""
            yield f"    to: {_scalar(value)}", ""
        case _:
            return


def _choices(value: Json) -> Iterator[tuple[str, str]]:
    for choice in value if isinstance(value, list) else ():
        yield f"  - value: {_scalar(choice)}", ""


def rate(proposal: Proposal) -> str:
    """Return how far a promise is kept: ``98.5 % of 1,000 rows: 15 break it``; never rounded up."""
    rows = proposal.rows or 0
    if proposal.kept:
        return f"100 % of {rows:,} rows"
    share = int(1000 * proposal.rate) / 10
    return f"{share:.1f} % of {rows:,} rows: {proposal.broken:,} break it"


def _line(text: str, comment: str) -> Iterator[str]:
    yield f"{text:<{_COMMENT}}# {comment}" if comment else text


def _scalar(value: Json) -> str:
    """``value`` on one line of YAML; a text stands bare only where nobody could misread it."""
    if isinstance(value, str) and _BARE.fullmatch(value) and value.lower() not in _WORDS:
        return value
    if isinstance(value, list):
        return f"[{', '.join(map(_scalar, value))}]"
    quoted = '"' if isinstance(value, str) else None
    written = yaml.safe_dump(value, default_style=quoted, allow_unicode=True, width=float("inf"))
    return written.removesuffix("...\n").strip()
