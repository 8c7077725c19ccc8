"""``assay products`` and ``assay scorecard``: whether a product can be relied on."""

from typing import Final

from cli import card
from cli.answers import Card, Page, Summary, shaped
from cli.client import Client, connect
from cli.exits import Exit
from cli.options import settings
from cli.output import BAD, FAINT, STRONG, UNSURE, Form, Part, line, show, show_json, table
from cli.times import instant
from contracts.values import Json

_PAGE: Final = 200
_HEADERS: Final = (
    "product", "quality", "assurance", "failing", "errored", "incidents", "last run", "owner",
)  # fmt: skip


def products(*, form: Form = "text") -> int:
    """List every product with its score now."""
    with connect() as client:
        found = collect(client, "/products", {})
    if form == "json":
        show_json({"items": found})
        return Exit.OK
    rows = [_row(shaped(Summary, item)) for item in found]
    if not rows:
        show(line("no product yet; 'assay publish FILE' makes one"))
        return Exit.OK
    show(*table(_HEADERS, rows, right=range(1, 6)))
    return Exit.OK


def scorecard(product: str, /, *, form: Form = "text") -> int:
    """Show how a product stands: its scores, what fails, incidents and runs.

    Args:
        product: Key of the product, such as ``sales.orders``.
        form: Answer for people or for programs.
    """
    with connect() as client:
        answer = client.get(f"/products/{product}/scorecard")
    if form == "json":
        show_json(answer)
    else:
        show(*card.render(shaped(Card, answer), settings().service_url))
    return Exit.OK


def collect(client: Client, path: str, query: dict[str, str | int | bool]) -> list[Json]:
    """Return every item of a list, however many pages it has."""
    found: list[Json] = []
    after: str | None = None
    while True:
        asked = {**query, "limit": _PAGE} | ({} if after is None else {"after": after})
        page = shaped(Page, client.get(path, asked))
        found += page.items
        if page.next is None:
            return found
        after = page.next


def _row(found: Summary) -> list[Part]:
    trouble: Part = (str(found.open_incidents), BAD) if found.open_incidents else "0"
    failing: Part = (str(found.score.failing), BAD) if found.score.failing else "0"
    last = found.last_run
    ran = "never" if last is None else f"{last.outcome or last.state} {instant(last.created)}"
    return [
        (found.key, STRONG),
        card.quality(found.score, unsure=bool(found.errored or found.lost_runs)),
        card.percent(found.score.assurance),
        failing,
        _errored(found),
        trouble,
        ran,
        found.owner or ("none", FAINT),
    ]


def _errored(found: Summary) -> Part:
    """Return of how much nobody could tell: clauses, and runs that were lost."""
    lost = f"{found.lost_runs:,} lost" if found.lost_runs else ""
    words = ", ".join(part for part in (str(found.errored or ""), lost) if part)
    return (words, UNSURE) if words else "0"
