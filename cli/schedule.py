"""``assay schedule``: when contracts are judged, and letting that stand still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote

from cyclopts import App, Parameter
from pydantic import BaseModel
from rich.text import Text

from cli.answers import shaped
from cli.client import Client, connect
from cli.errors import BadUsage, NotThere
from cli.exits import Exit
from cli.output import (
    FAINT,
    GOOD,
    STRONG,
    UNSURE,
    Form,
    Part,
    indented,
    line,
    room,
    show,
    show_json,
    table,
)
from cli.products import collect, suggesting
from cli.times import every, instant
from contracts.values import Json

app: Final = App(
    name="schedule", help="Look at schedules, let them stand still, let them tick again."
)
Target = Annotated[
    str,
    Parameter(name="PRODUCT|CONTRACT", help="Key of a product, for all its contracts; or an id."),
]
_MEANING: Final = (
    "a broken promise stays broken until data that passes is judged",
    "what was kept counts for less and less: assurance falls",
)


class _Pause(BaseModel):
    """Who let it stand still, since when and why."""

    at: datetime
    by: str
    reason: str


class _Schedule(BaseModel):
    """When a contract is judged."""

    contract: str
    cron: str | None
    every_seconds: float | None
    timezone: str
    next_run: datetime | None
    paused: bool
    pause: _Pause | None

    @property
    def words(self) -> str:
        """When, such as ``0 6 * * * (UTC)`` or ``every 10 min``."""
        if self.every_seconds is not None:
            return f"every {every(self.every_seconds)}"
        if self.cron is None:
            return "by the schedules of its clauses"
        return f"{self.cron} ({self.timezone})"


class _Contract(BaseModel):
    """A contract of a product."""

    id: str
    product: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a name stands for.

    Attributes:
        product: Key of the product that it is, or that the contract is of.
        documents: The schedules as the service tells them.
        without: Ids of contracts that have none.
    """

    product: str
    documents: tuple[Json, ...]
    without: tuple[str, ...]

    @property
    def schedules(self) -> list[_Schedule]:
        """The schedules."""
        return [shaped(_Schedule, document) for document in self.documents]


@app.command(name="show")
def show_(target: Target, /, *, form: Form = "text") -> int:
    """Show when a product or a contract is judged.

    Args:
        target: See the name.
        form: Answer for people or for programs.
    """
    with connect() as client:
        found = _find(client, target)
    if form == "json":
        show_json({"items": [*found.documents], "unscheduled": [*found.without]})
        return Exit.OK
    rows = [_row(each) for each in found.schedules]
    rows += [[(each, STRONG), ("when asked", FAINT), ""] for each in found.without]
    show(*table(("contract", "judged", "next run"), rows, within=room()))
    show(*(_why(each) for each in found.schedules if each.paused))
    if any(each.paused for each in found.schedules):
        show(Text(), *_meaning(found.product))
        show(line(("next: ", FAINT), f"assay schedule resume {target}, when it may tick again"))
    return Exit.OK


@app.command
def pause(target: Target, /, *, reason: str, form: Form = "text") -> int:
    """Let the schedule of a product or a contract stand still.

    No run is made by itself. A broken promise stays broken until data that passes is judged, and
    assurance falls while nobody judges: a pause never makes a score better. Asking by hand still
    works.

    Args:
        target: See the name.
        reason: Why, such as 'the source moves this week'; it is told and kept.
        form: Answer for people or for programs.
    """
    return _change(target, {"paused": True, "reason": reason}, form)


@app.command
def resume(target: Target, /, *, form: Form = "text") -> int:
    """Let the schedule of a product or a contract tick again.

    Args:
        target: See the name.
        form: Answer for people or for programs.
    """
    return _change(target, {"paused": False}, form)


def _change(target: str, wish: Json, form: Form) -> int:
    with connect() as client:
        found = _find(client, target)
        if not found.documents:
            raise BadUsage(
                f"{target} has no schedule: it is judged only when asked, so nothing changes"
            )
        paths = [f"/contracts/{quote(each.contract, safe='')}/schedule" for each in found.schedules]
        answers = [client.patch(path, wish) for path in paths]
    if form == "json":
        show_json({"items": answers, "unscheduled": [*found.without]})
        return Exit.OK
    changed = [shaped(_Schedule, answer) for answer in answers]
    show(*map(_did, found.schedules, changed))
    if any(each.paused for each in changed):
        show(Text(), *_meaning(found.product))
        show(line(("next: ", FAINT), f"assay schedule resume {target}, when it may tick again"))
    else:
        show(line(("next: ", FAINT), f"assay run {found.product} --watch judges it now"))
    return Exit.OK


def _find(client: Client, target: str) -> _Found:
    """Return what ``target`` names: a product with all its contracts, or one contract.

    Raises:
        BadUsage: There is neither.
    """
    contracts = [
        shaped(_Contract, item) for item in collect(client, "/contracts", {"product": target})
    ]
    if not contracts:
        with suggesting(client, target):
            contracts = [_contract(client, target)]
    documents: list[Json] = []
    without: list[str] = []
    for each in contracts:
        try:
            documents.append(client.get(f"/contracts/{quote(each.id, safe='')}/schedule"))
        except NotThere:
            without.append(each.id)
    return _Found(product=contracts[0].product, documents=tuple(documents), without=tuple(without))


def _contract(client: Client, target: str) -> _Contract:
    try:
        return shaped(_Contract, client.get(f"/contracts/{quote(target, safe='')}"))
    except NotThere as error:
        raise NotThere(f"there is no product and no contract {target!r}") from error


def _row(found: _Schedule) -> list[Part]:
    following: Part = ("paused", UNSURE) if found.paused else _next(found)
    return [(found.contract, STRONG), found.words, following]


def _why(found: _Schedule) -> Text:
    """Say who let a schedule stand still, since when and why."""
    if found.pause is None:
        return line(f"{found.contract} is paused")
    who = f"by {found.pause.by} since {instant(found.pause.at)}"
    return line(f"{found.contract} is paused {who}: {found.pause.reason}")


def _next(found: _Schedule) -> str:
    return "not known" if found.next_run is None else instant(found.next_run)


def _did(before: _Schedule, after: _Schedule) -> Text:
    name: Part = (after.contract, STRONG)
    if after.pause is None:
        did: Part = ("resumed", GOOD) if before.paused else ("was not paused", FAINT)
        return line(name, ": ", did, f", judged {after.words}, next {_next(after)}")
    if before.pause is None:
        return line(name, ": ", ("paused", UNSURE), f": {after.pause.reason}")
    since = f" by {before.pause.by}, since {instant(before.pause.at)}"
    same = before.pause.reason == after.pause.reason
    why = f": {after.pause.reason}" if same else f"; the reason is now: {after.pause.reason}"
    return line(name, ": ", ("was paused already", FAINT), since, why)


def _meaning(product: str) -> Sequence[Text]:
    by_hand = f"no run is made by itself; by hand it still is: assay run {product}"
    return [
        line("while it stands still"),
        *indented([line(words) for words in (by_hand, *_MEANING)], 2),
    ]
