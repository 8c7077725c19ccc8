"""``assay audit``: whether anybody changed what was written down of who did what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter
from rich.text import Text

from access.record import GENESIS, AuditEvent, broken_at
from cli.database import open_store
from cli.exits import Exit
from cli.options import settings
from cli.output import BAD, FAINT, GOOD, Form, line, show, show_json
from contracts.values import Json

app: Final = App(name="audit", help="Prove that the audit log is whole.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chain:
    """What following the hashes found.

    Attributes:
        broken_at: Place of the first entry that does not follow, from 1, written ``at`` that
            instant; both None where all do.
        last: The last hash.
        cut: Whether a hash of before is not in it any more.
    """

    entries: int
    broken_at: int | None
    at: datetime | None
    last: str
    cut: bool

    @property
    def whole(self) -> bool:
        """Whether nobody changed it, as far as can be told."""
        return self.broken_at is None and not self.cut


@app.command
def verify(
    *,
    data: Annotated[Path | None, Parameter(help="Folder of the embedded database.")] = None,
    head: str | None = None,
    form: Form = "text",
) -> int:
    """Follow the chain of hashes from the first entry to the last: 0 whole, 1 broken.

    Keep the last hash somewhere else, and give it as ``--head`` later: then entries that were cut
    off at the end are found as well.

    Args:
        data: See the name.
        head: A last hash of before; it must still be in the chain.
        form: Answer for people or for programs.
    """
    with open_store(data or settings().data) as store, store.read() as shelf:
        found = _follow(shelf.audit.all(), head)
    if form == "json":
        show_json(_document(found))
    else:
        show(*_told(found))
    return Exit.OK if found.whole else Exit.NO


def _follow(entries: Sequence[tuple[AuditEvent, str]], head: str | None) -> _Chain:
    place = broken_at(entries)
    hashes = [stored for _, stored in entries]
    return _Chain(
        entries=len(entries),
        broken_at=place,
        at=None if place is None else entries[place - 1][0].at,
        last=hashes[-1] if hashes else GENESIS,
        cut=head is not None and head not in {*hashes, GENESIS},
    )


def _document(found: _Chain) -> Json:
    return {
        "entries": found.entries,
        "whole": found.whole,
        "broken_at": found.broken_at,
        "head": found.last,
    }


def _told(found: _Chain) -> list[Text]:
    if found.at is not None:
        place = f"entry {found.broken_at} of {found.entries:,}, of {found.at.isoformat()}"
        return [line(("broken ", BAD), f"at {place}")]
    if found.cut:
        why = "the hash that was kept is not in the log: entries are gone"
        return [line(("broken ", BAD), why)]
    count = "1 entry" if found.entries == 1 else f"{found.entries:,} entries"
    return [line(("whole ", GOOD), count), line(("head: ", FAINT), found.last)]
