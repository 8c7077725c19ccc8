"""How products and domains stand -> dicts that JSON can hold; see ``usecases.documents``."""

from collections.abc import Mapping

from contracts.instants import instant
from scorecards.catalog import DomainStanding
from usecases import documents
from usecases.catalog import Page
from usecases.documents import Document
from usecases.explain import Explanation, Reason
from usecases.explain_words import rest, sentence


def page(found: Page) -> Document:
    """Return one page of the catalog, with how many products there are of each kind."""
    return {
        "items": [documents.summary(row) for row in found.rows],
        "next": None if found.next is None else str(found.next),
        "total": found.total,
        "domains": _counts(found.domains),
        "owners": _counts(found.owners),
    }


def domain(found: DomainStanding) -> Document:
    """Return how a domain stands."""
    lowest = found.lowest
    return {
        "name": found.name,
        "products": found.products,
        "at_target": found.at_target,
        "failing": found.failing,
        "lowest": {"product": lowest.product, "score": lowest.score} if lowest else None,
        "open_incidents": found.open_incidents,
    }


def explanation(found: Explanation) -> Document:
    """Return why a score changed; points are of 100, below 0 where they were lost."""
    return {
        "product": found.product,
        "since": instant(found.since),
        "at": instant(found.at),
        "then": documents.score(found.then),
        "now": documents.score(found.now),
        "changes": [_change(reason, found) for reason in found.reasons],
        "together": found.together,
        "rest": rest(found),
    }


def _counts(found: Mapping[str, int]) -> list[Document]:
    return [{"name": name, "products": number} for name, number in found.items()]


def _change(reason: Reason, found: Explanation) -> Document:
    contract, clause = reason.change.clause or (None, None)
    return {
        "kind": reason.change.kind.value,
        "contract": contract,
        "clause": clause,
        "schema": reason.clause.schema if reason.clause else None,
        "column": reason.clause.column if reason.clause else None,
        "points": reason.change.points,
        "at": None if reason.at is None else instant(reason.at),
        "run": reason.run_id,
        "version": reason.version or None,
        "why": reason.why,
        "sentence": sentence(reason, found.at),
    }
