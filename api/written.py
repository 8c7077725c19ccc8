"""Scorecards -> JSON, of which most is written once: a moment later only ``at`` is another."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter

from api import tags
from api.models.products import Scorecard
from contracts.instants import instant
from scorecards.model import Score
from usecases import documents
from usecases.card import Card, Facts

_SHAPE: Final = TypeAdapter(Scorecard)
_PATH: Final = "/scorecard"  # all that a tag depends on of an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A scorecard as JSON without the moment of asking, which stands between the two parts.

    ``tag`` is the same for every moment.
    """

    score: Score
    before: bytes
    behind: bytes
    tag: str

    def at(self, card: Card) -> bytes:
        """Return the whole."""
        return b"".join((self.before, instant(card.now).encode(), self.behind))


_Writings: TypeAlias = MutableMapping[Facts, dict[bool, Writing]]
# One for who may see evidence and one for who may not; both go when a store forgets the facts.
_WRITTEN: Final[_Writings] = WeakKeyDictionary()


def write(card: Card) -> tuple[bytes, str]:
    """Return a scorecard as JSON, as its shape says, and its tag.

    A score moves with time, but by steps: while it is the same, and the facts are, so is the rest.
    Building the document, holding it against its shape and writing it was half of an answer.
    """
    if card.facts is None:
        writing = _write(card)
        return writing.at(card), writing.tag
    written = _WRITTEN.setdefault(card.facts, {})
    found = written.get(card.evidence_shown)
    if found is None or found.score != card.score:
        found = written[card.evidence_shown] = _write(card)
    return found.at(card), found.tag


def _write(card: Card) -> Writing:
    document = documents.card(card)
    body = _SHAPE.dump_json(_SHAPE.validate_python(document), by_alias=True)
    # Quotation marks in texts are escaped, so this is the card's own member.
    before, moment, behind = body.partition(b'"at":"')
    _, _, behind = behind.partition(b'"')
    return Writing(
        score=card.score,
        before=before + moment,
        behind=b'"' + behind,
        tag=tags.weak(_PATH, body),
    )
