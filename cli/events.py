"""``assay events``: what happened, and what happens."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number
from pydantic import BaseModel, JsonValue

from access.event import EventKind
from cli.answers import shaped
from cli.client import Client, connect
from cli.errors import BadUsage, Unanswered
from cli.exits import Exit
from cli.happening import Happening, render
from cli.output import FAINT, Form, line, note, show, show_json
from contracts.values import Json

_PAGE: Final = 200
_SHOWN: Final = 50  # events that are told where nobody says from when on
_WIDER: Final = 8  # times as far back as before, where too few were found
_LOOK: Final = 1.0  # seconds between looks at a feed that is followed
_WAIT: Final = 2.0  # seconds before a service that is away is asked again
_NONE_YET: Final = "nothing happened yet; 'assay publish FILE' is the beginning"
_NONE_LIKE_IT: Final = "nothing like that happened"
_NOBODY: Final = "-"  # the key of no product: its events are none, and the answer tells the end


class _Page(BaseModel):
    """A stretch of the feed; ``next`` is the cursor behind it, also at the end."""

    items: list[JsonValue]
    next: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    """The feed as somebody wants it: of one product, of some kinds; by default all."""

    client: Client
    product: str | None = None
    kinds: Sequence[str] = field(default=())

    def page(self, after: int) -> _Page:
        """Return what comes next behind a cursor."""
        asked: dict[str, str | int | Sequence[str]] = {"after": after, "limit": _PAGE}
        if self.product is not None:
            asked["product"] = self.product
        if self.kinds:
            asked["kind"] = [*self.kinds]
        return shaped(_Page, self.client.get("/events", asked))

    def behind(self, after: int) -> tuple[list[Json], int]:
        """Return all there is behind a cursor now, and the cursor behind that."""
        found: list[Json] = []
        while True:
            page = self.page(after)
            found += page.items
            after = page.next
            if len(page.items) < _PAGE:
                return found, after

    def newest(self) -> tuple[list[Json], int]:
        """Return the newest of them, oldest first, and the cursor behind them."""
        end = replace(self, product=_NOBODY).page(0).next
        reach = _SHOWN
        while True:
            start = max(0, end - reach)
            try:
                found, after = self.behind(start)
            except BadUsage:  # so old ones are kept no more
                start = 0
                found, after = self.behind(start)
            if len(found) >= _SHOWN or not start:
                return found[-_SHOWN:], after
            reach *= _WIDER


@dataclass(slots=True, kw_only=True)
class _Follower:
    """Whoever follows a feed; ``cursor`` is behind all that was told."""

    feed: _Feed
    cursor: int

    def events(self, found: Sequence[Json], end: int) -> Iterator[Json]:
        """Return ``found``, up to the cursor ``end``; then what happens as it happens, for ever."""
        yield from self._handed(found, end)
        while True:
            page = self._next()
            yield from self._handed(page.items, page.next)
            if len(page.items) < _PAGE:
                time.sleep(_LOOK)

    def _handed(self, items: Sequence[Json], end: int) -> Iterator[Json]:
        for item in items:
            yield item
            self.cursor = int(shaped(Happening, item).id)
        self.cursor = end

    def _next(self) -> _Page:
        """Return the next page; a service that is away is waited for."""
        away = False
        while True:
            try:
                page = self.feed.page(self.cursor)
            except Unanswered as silence:
                if not away:
                    note(f"assay: {silence}")
                    note("assay: trying again; nothing will be passed over")
                away = True
                time.sleep(_WAIT)
                continue
            if away:
                note("assay: the service answers again")
            return page


def events(
    *,
    follow: Annotated[bool, Parameter(name=["--follow", "-f"], negative="")] = False,
    product: str | None = None,
    kind: Annotated[list[str] | None, Parameter(negative="")] = None,
    after: Annotated[int | None, Parameter(validator=Number(gte=0))] = None,
    form: Form = "text",
) -> int:
    """Tell what happened, oldest first: versions, runs, incidents, pauses, scores, lost notices.

    For programs it is one JSON document; one JSON object a line where it is followed.

    Args:
        follow: Go on telling what happens until Ctrl-C; nothing is passed over, also while the
            service restarts.
        product: Only events of this product.
        kind: Only events of this kind, such as ``run.finished``, or of all kinds that begin so,
            such as ``incident``; may be repeated.
        after: Begin behind the event of this id; 0: with the oldest that is kept. Left out: with
            the newest 50.
        form: Answer for people or for programs.
    """
    kinds = _all_kinds(kind)
    with connect() as client:
        feed = _Feed(client=client, product=product, kinds=kinds)
        found, end = feed.newest() if after is None else feed.behind(after)
        if follow:
            return _follow(_Follower(feed=feed, cursor=after or 0), found, end, form)
    if form == "json":
        show_json({"items": found, "next": str(end)})
    elif found:
        _say(found, whole=after is not None)
    else:
        _say_none(sought=bool(product or kinds or after))
    return Exit.OK


def _say_none(*, sought: bool) -> None:
    show(line(_NONE_LIKE_IT if sought else _NONE_YET))


def _say(found: Sequence[Json], *, whole: bool) -> None:
    show(*(render(shaped(Happening, item)) for item in found))
    if not whole and len(found) == _SHOWN:
        note(("earlier ones: ", FAINT), "assay events --after 0")


def _all_kinds(words: Sequence[str] | None) -> list[str]:
    return [known for word in words or () for known in _kinds(word)]


def _kinds(word: str) -> list[str]:
    """Return the kinds that a word stands for.

    Raises:
        BadUsage: There are none.
    """
    known = [kind.value for kind in EventKind]
    found = [kind for kind in known if kind == word or kind.startswith(f"{word}.")]
    if not found:
        raise BadUsage(f"there is no kind of event {word!r}; there are: {', '.join(known)}")
    return found


def _follow(follower: _Follower, found: Sequence[Json], end: int, form: Form) -> int:
    try:
        for item in follower.events(found, end):
            if form == "json":
                sys.stdout.write(json.dumps(item, ensure_ascii=False) + "\n")
            else:
                show(render(shaped(Happening, item)))
            sys.stdout.flush()
    except KeyboardInterrupt:
        note(f"stopped; go on with: assay events --follow --after {follower.cursor}")
    return Exit.INTERRUPTED
