"""What publishing a contract would do, as far as the service tells without doing it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from pydantic import BaseModel
from rich.text import Text

from access.model import Action, Principal, Role
from cli.answers import Items, shaped
from cli.client import Client
from cli.errors import NotThere
from cli.files import Source
from cli.login import Me
from cli.output import BAD, FAINT, GOOD, STRONG, UNSURE, line, plural
from cli.times import every
from contracts.clause import Clause
from contracts.clauses import clauses
from contracts.model import Contract
from contracts.parse import examine
from contracts.record import is_lower
from contracts.timetable import Timetable
from contracts.values import Json
from products.model import product_key

Would: TypeAlias = Literal["create", "replace", "nothing", "refuse"]
_SHOWN: Final = 10  # clauses that are named; programs get them all


class _Version(BaseModel):
    """A version that was published."""

    version: str
    product: str
    sha256: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would come of publishing.

    Attributes:
        current: Version that is judged now; None: there is none.
        new_product: Whether nobody knows the product yet.
        promised: The clauses of the new version, by key.
        before: The clauses of the current version, by key.
        refusal: Why it would be refused; empty: it would not.
    """

    contract: Contract
    would: Would
    current: str | None
    new_product: bool
    promised: Mapping[str, Clause]
    before: Mapping[str, Clause]
    refusal: str = ""

    @property
    def product(self) -> str:
        """Key of the product."""
        return product_key(self.contract.domain, self.contract.product)

    @property
    def executable(self) -> int:
        """How many clauses runs will judge."""
        return sum(not clause.skipped for clause in self.promised.values())

    @property
    def added(self) -> list[str]:
        """Keys of clauses that are promised for the first time."""
        return [key for key in self.promised if key not in self.before]

    @property
    def gone(self) -> list[str]:
        """Keys of clauses that are promised no more."""
        return [key for key in self.before if key not in self.promised]

    @property
    def changed(self) -> list[str]:
        """Keys of clauses that promise something else than before, or another gravity."""
        return [
            key
            for key, clause in self.promised.items()
            if key in self.before and _meaning(clause) != _meaning(self.before[key])
        ]


def preview(client: Client, source: Source, me: Me) -> Preview | None:
    """Return what publishing a valid document would do; None where only the service can read it."""
    contract, _ = examine(source.body)
    if contract is None:
        return None
    path = f"/contracts/{quote(contract.id, safe='')}"
    versions = _versions(client, path)
    current = next((one for one in versions if one.current), None)
    would, refusal = _verdict(contract, source, versions, me)
    before: tuple[Clause, ...] = ()
    if current is not None:
        body = client.document(f"{path}/versions/{quote(current.version, safe='')}/document")
        old, _ = examine(body)
        before = clauses(old) if old else ()
    key = product_key(contract.domain, contract.product)
    return Preview(
        contract=contract,
        would=would,
        current=current.version if current else None,
        new_product=not _is_there(client, f"/products/{quote(key, safe='')}"),
        promised={clause.key: clause for clause in clauses(contract)},
        before={clause.key: clause for clause in before},
        refusal=refusal,
    )


def as_document(found: Preview) -> dict[str, Json]:
    """Return it for programs."""
    return {
        "id": found.contract.id,
        "version": found.contract.version,
        "product": found.product,
        "would": found.would,
        "refusal": found.refusal,
        "current": found.current,
        "new_product": found.new_product,
        "clauses": len(found.promised),
        "executable": found.executable,
        "added": found.added,
        "changed": found.changed,
        "gone": found.gone,
        "schedule": _schedule(found.contract.timetable),
    }


def _schedule(found: Timetable | None) -> Json:
    if found is None:
        return None
    every_seconds = None if found.every is None else found.every.total_seconds()
    return {"cron": found.cron, "every_seconds": every_seconds, "timezone": found.timezone}


def render(source: Source, found: Preview) -> list[Text]:
    """Return it for people."""
    if found.would == "refuse":
        return [line((source.label, STRONG), ": ", ("would be refused", BAD), f": {found.refusal}")]
    name = f"{found.contract.id} {found.contract.version}"
    if found.would == "nothing":
        return [
            line((source.label, STRONG), ": ", ("nothing to do", FAINT), f": {name} is published")
        ]
    place = f"{found.product}, a new product" if found.new_product else found.product
    before = f", after {found.current}" if found.current else ""
    promises = f"{plural(len(found.promised), 'clause')}, {found.executable:,} of them judged"
    return [
        line((source.label, STRONG), ": ", ("would publish", GOOD), f" {name} in {place}{before}"),
        line(("  promises  ", FAINT), promises),
        *(_clauses(found) if found.current else []),
        line(("  judged    ", FAINT), _timetable(found)),
    ]


def _clauses(found: Preview) -> list[Text]:
    groups: tuple[tuple[str, str, Sequence[str]], ...] = (
        ("new", GOOD, found.added),
        ("changed", UNSURE, found.changed),
        ("gone", BAD, found.gone),
    )
    shown = [text for name, style, keys in groups for text in _group(name, style, keys, found)]
    return shown or [line(("  changes   ", FAINT), "no promise")]


def _group(name: str, style: str, keys: Sequence[str], found: Preview) -> list[Text]:
    lines = [line((f"  {name:<8}  ", style), _told(key, found)) for key in keys[:_SHOWN]]
    more = len(keys) - _SHOWN
    return [*lines, *([line((f"  {name:<8}  ", style), f"and {more:,} more")] if more > 0 else [])]


def _told(key: str, found: Preview) -> str:
    old, new = found.before.get(key), found.promised.get(key)
    one = new or old
    what = f"{key}: {one.threshold}" if one and one.threshold else key
    return f"{what}{_other(old, new)}" if old and new else what


def _other(old: Clause, new: Clause) -> str:
    """What else a clause promises now; empty where it is told by its promise."""
    if old.threshold != new.threshold:
        return f" (now: {old.threshold})"
    if old.severity is not new.severity:
        return f" ({new.severity.value}, now: {old.severity.value})"
    return ""


def _timetable(found: Preview) -> str:
    own = found.contract.timetable
    if own is None and any(one.timetable for one in found.promised.values() if not one.skipped):
        return "by the schedules of its clauses"
    if own is None:
        return f"when asked: assay run {found.product}"
    if own.every is not None:
        return f"every {every(own.every.total_seconds())}"
    return f"{own.cron} ({own.timezone})"


def _meaning(clause: Clause) -> tuple[object, ...]:
    return (clause.threshold, clause.arguments, clause.severity, bool(clause.skipped))


def _verdict(
    contract: Contract, source: Source, versions: Sequence[_Version], me: Me
) -> tuple[Would, str]:
    """Return what the service would do, and why where it would refuse, in its order of asking."""
    by = Principal(name=me.name, role=Role(me.role), domain=me.domain)
    if not by.may(Action.PUBLISH, contract.domain):
        return "refuse", f"{me.name!r} is {me.role} and may not publish in domain {contract.domain}"
    current = next((one for one in versions if one.current), None)
    same = next((one for one in versions if one.version == contract.version), None)
    if same is not None:
        if same.sha256 == hashlib.sha256(source.body).hexdigest():
            return "nothing", ""
        return "refuse", f"{contract.version} was published with other content; raise the version"
    if current is None:
        return "create", ""
    if is_lower(contract.version, current.version):
        return "refuse", f"{contract.version} is lower than {current.version}, which is current"
    return "replace", ""


def _versions(client: Client, path: str) -> list[_Version]:
    try:
        return shaped(Items[_Version], client.get(f"{path}/versions")).items
    except NotThere:
        return []


def _is_there(client: Client, path: str) -> bool:
    try:
        client.get(path)
    except NotThere:
        return False
    return True
