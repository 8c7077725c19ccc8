"""``assay products`` and ``assay scorecard``: whether a product can be relied on."""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Final, TypeAlias

from cyclopts import Parameter
from pydantic import BaseModel

from cli import card
from cli.answers import Card, Explanation, Page, Summary, shaped
from cli.client import Client, connect
from cli.errors import BadUsage, CliError, NotThere
from cli.exits import Exit
from cli.options import service
from cli.output import BAD, FAINT, STRONG, UNSURE, Form, Part, line, show, show_json, table
from cli.times import instant
from cli.why import render as why_changed
from contracts.values import Json
from scorecards.catalog import Order, State
from scorecards.words import percent

Query: TypeAlias = dict[str, str | int | bool]
_PAGE: Final = 200
_GUESSES: Final = 3  # products that may be meant
_NONE_YET: Final = "no product yet; 'assay publish FILE' makes one"
_NONE_LIKE_IT: Final = "no product is like that; leave something out to find more"
_HEADERS: Final = (
    "product", "quality", "assurance", "failing", "errored", "incidents", "last run", "owner",
)  # fmt: skip


class _Ported(BaseModel):
    """A contract, as far as it tells of whose it is."""

    product: str


def products(
    text: str = "",
    /,
    *,
    domain: str | None = None,
    owner: str | None = None,
    state: State | None = None,
    order: Order = Order.ATTENTION,
    form: Form = "text",
) -> int:
    """List products with their scores now, what needs somebody first.

    Args:
        text: Words that stand in a product's key, name, domain, owner or purpose, or in the name of
            a schema or column.
        domain: Only those of this domain.
        owner: Only those of this owner.
        state: Only those in this state; healthy: in none of the others.
        order: By what needs somebody, by the lowest score, or by key.
        form: Answer for people or for programs.
    """
    sought = {"q": text or None, "domain": domain, "owner": owner, "state": state and state.value}
    asked: Query = {name: value for name, value in sought.items() if value is not None}
    with connect() as client:
        found = collect(client, "/products", {**asked, "order": order.value})
    if form == "json":
        show_json({"items": found})
        return Exit.OK
    rows = [_row(shaped(Summary, item)) for item in found]
    if not rows:
        show(line(_NONE_LIKE_IT if asked else _NONE_YET))
        return Exit.OK
    show(*table(_HEADERS, rows, right=range(1, 6)))
    return Exit.OK


def scorecard(
    product: str,
    /,
    *,
    at: str | None = None,
    why: Annotated[bool, Parameter(negative="")] = False,
    since: str | None = None,
    form: Form = "text",
) -> int:
    """Show how a product stands: its scores, what fails, incidents and runs.

    Args:
        product: Key of the product, such as ``sales.orders``.
        at: Show the card as it was known then, such as ``2026-11-01`` or ``2026-11-01T06:00Z``; a
            time without zone is UTC.
        why: Show why the score changed, instead.
        since: From when on; with ``--why``, and 24 hours ago when left out.
        form: Answer for people or for programs.
    """
    if at is not None and (why or since is not None):
        raise BadUsage("--at shows one moment, --why what changed up to now: give one of them")
    path = f"/products/{product}/scorecard"
    if why or since is not None:
        return _explain(product, since, form)
    with connect() as client, suggesting(client, product):
        answer = client.get(path, {} if at is None else {"at": at})
    if form == "json":
        show_json(answer)
    else:
        show(*card.render(shaped(Card, answer), service().service_url, past=at is not None))
    return Exit.OK


def _explain(product: str, since: str | None, form: Form) -> int:
    path = f"/products/{product}/scorecard/explain"
    with connect() as client, suggesting(client, product):
        answer = client.get(path, {} if since is None else {"since": since})
    if form == "json":
        show_json(answer)
    else:
        show(*why_changed(shaped(Explanation, answer)))
    return Exit.OK


def collect(client: Client, path: str, query: Query) -> list[Json]:
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


@contextmanager
def suggesting(client: Client, product: str) -> Iterator[None]:
    """Say which product may be meant where the block finds that there is no ``product``.

    Raises:
        NotThere: As the block did, with what there is instead.
    """
    try:
        yield
    except NotThere as error:
        known = _keys(client)
        if repr(product) not in str(error) or product in known:
            raise  # it is another thing that is not there
        near = " or ".join(map(repr, _near(product, known)))
        advice = f"did you mean {near}?" if near else "'assay products' lists the products"
        raise NotThere(f"{error}; {advice}") from error


def _keys(client: Client) -> list[str]:
    """Return the products' keys; none where the service does not tell."""
    try:
        found = collect(client, "/contracts", {})
    except CliError:  # that there is none is told without, rather than not at all
        return []
    return list(dict.fromkeys(shaped(_Ported, each).product for each in found))


def _near(word: str, keys: Sequence[str]) -> list[str]:
    """Return what is spelt like ``word``, or has it for its domain or its name."""
    parts = [key for key in keys if word.lower() in key.lower().split(".")]
    alike = difflib.get_close_matches(word, keys, n=_GUESSES)
    return list(dict.fromkeys([*parts, *alike]))[:_GUESSES]


def _row(found: Summary) -> list[Part]:
    trouble: Part = (str(found.open_incidents), BAD) if found.open_incidents else "0"
    failing: Part = (str(found.score.failing), BAD) if found.score.failing else "0"
    last = found.last_run
    ran = "never" if last is None else f"{last.outcome or last.state} {instant(last.created)}"
    return [
        (found.key, STRONG),
        card.quality(found.score, unsure=bool(found.errored or found.lost_runs)),
        percent(found.score.assurance),
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
