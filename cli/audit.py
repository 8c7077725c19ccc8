"""``assay audit``: whether anybody changed what was written down of who did what."""

from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter

from access.record import GENESIS, broken_at
from cli.database import open_store
from cli.exits import Exit
from cli.options import settings
from cli.output import BAD, FAINT, GOOD, Form, line, show, show_json
from contracts.values import Json

app: Final = App(name="audit", help="Prove that the audit log is whole.")


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
        entries = shelf.audit.all()
    place = broken_at(entries)
    hashes = [stored for _, stored in entries]
    cut = head is not None and head not in {*hashes, GENESIS}
    last = hashes[-1] if hashes else GENESIS
    if form == "json":
        show_json(_document(len(entries), place, last, cut=cut))
    elif place is not None:
        at = entries[place - 1][0].at
        show(line(("broken ", BAD), f"at entry {place} of {len(entries):,}, of {at.isoformat()}"))
    elif cut:
        show(line(("broken ", BAD), "the hash that was kept is not in the log: entries are gone"))
    else:
        count = "1 entry" if len(entries) == 1 else f"{len(entries):,} entries"
        show(line(("whole ", GOOD), count), line(("head: ", FAINT), last))
    return Exit.NO if place is not None or cut else Exit.OK


def _document(entries: int, place: int | None, last: str, *, cut: bool) -> Json:
    return {
        "entries": entries,
        "whole": place is None and not cut,
        "broken_at": place,
        "head": last,
    }
