"""Finding products: which are wanted, in which order, and where in that order one stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final

from typing_extensions import override

from products.model import Product

HIGH: Final = 90.0  # a score below it needs a look


class State(StrEnum):
    """What may be asked for; a product may be in several of these states at once.

    ``FAILING``: some clause fails. ``INCIDENT``: one is open. ``UNPROVEN``: assurance is below 0.8.
    ``ERRORED``: clauses that nobody could judge, or a lost run. ``NEVER_RUN``: no run ended yet.
    ``HEALTHY``: none of these.
    """

    FAILING = "failing"
    INCIDENT = "incident"
    UNPROVEN = "unproven"
    ERRORED = "errored"
    NEVER_RUN = "never_run"
    HEALTHY = "healthy"


class Order(StrEnum):
    """How a list is ordered; the key settles what is equal.

    ``ATTENTION``: by ``Level``, then the lowest score first. ``SCORE``: the lowest first.
    """

    ATTENTION = "attention"
    SCORE = "score"
    KEY = "key"


class Level(StrEnum):
    """How much a product needs somebody: each is the first of these that holds."""

    INCIDENT = "incident"
    ERRORED = "errored"
    BLOCKING = "blocking"
    LOW = "low"
    UNPROVEN = "unproven"
    HEALTHY = "healthy"

    @property
    def place(self) -> int:
        """Where it stands among the levels, from 0."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which products are asked for, and in which order. What is None or empty asks for nothing.

    Attributes:
        text: Words, each of which stands in the product's key, name, domain, owner or purpose, or
            in the name of a schema or column; upper and lower case are one.
        domain: Exactly this domain.
        owner: Exactly this owner.
        min_score: The score that leads is at least this, 0..100; products without one are left out.
        max_score: It is at most this.
    """

    text: str = ""
    domain: str | None = None
    owner: str | None = None
    state: State | None = None
    min_score: float | None = None
    max_score: float | None = None
    order: Order = Order.ATTENTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a product stands in a list: a cursor. ``str`` writes it, ``read`` takes it back.

    Attributes:
        level: ``Level.place`` as it was when the list was read.
        score: What the list is ordered by, 0..100; above 100 where nothing is measured.
    """

    order: Order
    level: int
    score: float
    key: str

    @override
    def __str__(self) -> str:
        """Return it as one word, for an address."""
        return f"{self.order}:{self.level}:{self.score!r}:{self.key}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """Take back what ``str`` wrote.

        Raises:
            ValueError: it is none of ours.
        """
        words = text.split(":", 3)
        try:
            order, level, score, key = words
            found = cls(order=Order(order), level=int(level), score=float(score), key=key)
        except ValueError:
            found = None
        if found is None or not isfinite(found.score) or not 0 <= found.level < len(Level):
            raise ValueError("is no cursor of this list: give 'next' of the page before")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A product that was found, and where it stands in the list."""

    product: Product
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many products are wanted, by domain and by owner (empty: none); the most first.

    ``domains`` are counted as if no domain had been asked for, ``owners`` as if no owner had.
    ``healthy`` are those of ``total`` in that state.
    """

    total: int
    healthy: int
    domains: Mapping[str, int]
    owners: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowest:
    """The product of a domain with the lowest score, 0..100."""

    product: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainStanding:
    """How the products of a domain stand; there is no average.

    Attributes:
        at_target: Products whose assurance is at least 0.8 and whose score is at least 90.
        failing: Products of which a clause fails.
        lowest: None while no product is measured.
        open_incidents: Over all its products.
    """

    name: str
    products: int
    at_target: int
    failing: int
    lowest: Lowest | None
    open_incidents: int
