"""Find products, order them, count them: by what is kept of each, not by what is computed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from incidents.model import IncidentState
from products.model import Product
from scorecards.catalog import (
    HIGH,
    Counts,
    DomainStanding,
    Entry,
    Level,
    Lowest,
    Order,
    Place,
    State,
    Wanted,
)
from scorecards.line import Unjudged
from scorecards.mark import Mark
from store.products import PRODUCT_COLUMNS, product_of
from store.statements import upsert
from store.tables.judging import RUN
from store.tables.past import MARK
from store.tables.promise import CLAUSE, CONTRACT, PRODUCT
from store.tables.trouble import INCIDENT

_Column: TypeAlias = ColumnElement[Any]  # of any type: the library's columns are invariant
_UNMEASURED: Final = 101.0  # behind every score
_DAY: Final = timedelta(days=1)
# Written into the statement: an index on the rows in one state is of no use to a parameter.
_OPEN: Final = INCIDENT.c.state.in_(
    [literal(state.value, literal_execute=True) for state in IncidentState if state.open]
)
_TROUBLE: Final = (
    select(INCIDENT.c.product, func.count().label("incidents"))
    .where(_OPEN)
    .group_by(INCIDENT.c.product)
    .subquery("trouble")
)
_INCIDENTS: Final = func.coalesce(_TROUBLE.c.incidents, 0)
_UNJUDGED: Final = or_(MARK.c.errored > 0, MARK.c.lost > 0)
_RAN: Final = exists(
    select(1).where(RUN.c.product == PRODUCT.c.key, RUN.c.finished_at.is_not(None))
)


class SqlCatalog:
    """Marks of products, and finding products by them, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self, wanted: Wanted, *, after: Place | None, limit: int, now: datetime
    ) -> tuple[Entry, ...]:
        """Return the products that are wanted, those that stand behind ``after``."""
        order = _order(wanted.order, now)
        conditions = _conditions(wanted, now)
        if after is not None:
            conditions.append(tuple_(*order) > tuple_(*_behind(after)))
        rows = self._connection.execute(
            _listed(
                *PRODUCT_COLUMNS,
                _level(now).label("level"),
                _score(now).label("score"),
            )
            .where(*conditions)
            .order_by(*order)
            .limit(limit)
        )
        return tuple(
            Entry(
                product=product_of(row),
                place=Place(
                    order=wanted.order, level=row["level"], score=row["score"], key=row["key"]
                ),
            )
            for row in rows.mappings()
        )

    def counts(self, wanted: Wanted, now: datetime) -> Counts:
        """Count what is wanted, by domain and by owner, and what of it is healthy.

        One pass over the products counts all of it.
        """
        healthy = func.count().filter(_state(State.HEALTHY, now))
        owner = func.coalesce(PRODUCT.c.owner, "").label("owner")
        rows = self._connection.execute(
            _listed(PRODUCT.c.domain, owner, func.count().label("number"), healthy.label("healthy"))
            .where(*_standing(wanted, now))
            .group_by(PRODUCT.c.domain, owner)
        ).all()
        of_owner = [row for row in rows if wanted.owner in {None, row.owner}]
        of_domain = [row for row in rows if wanted.domain in {None, row.domain}]
        both = [row for row in of_owner if wanted.domain in {None, row.domain}]
        return Counts(
            total=sum(row.number for row in both),
            healthy=sum(row.healthy for row in both),
            domains=_most_first((row.domain, row.number) for row in of_owner),
            owners=_most_first((row.owner, row.number) for row in of_domain),
        )

    def steady_until(self, now: datetime) -> datetime | None:
        """Return when time alone next changes how a product is found; None: never."""
        found: datetime | None = self._connection.execute(
            select(func.min(MARK.c.proven_until)).where(MARK.c.proven_until > now)
        ).scalar_one()
        return found

    def domains(self, now: datetime) -> tuple[DomainStanding, ...]:
        """Return how each domain with products stands, by name."""
        rows = self._connection.execute(
            _listed(
                PRODUCT.c.domain,
                PRODUCT.c.key,
                MARK.c.failing,
                _INCIDENTS.label("incidents"),
                _lead(now).label("score"),
                _proven(now).label("proven"),
            ).order_by(PRODUCT.c.domain, PRODUCT.c.key)
        )
        by_name: defaultdict[str, list[Row[*tuple[object, ...]]]] = defaultdict(list)
        for row in rows:
            by_name[row.domain].append(row)
        return tuple(_domain(name, found) for name, found in by_name.items())

    def open_incidents(self, products: Sequence[str]) -> Mapping[str, int]:
        """Count the open incidents of each of ``products`` that has any."""
        rows = self._connection.execute(
            select(_TROUBLE.c.product, _TROUBLE.c.incidents).where(_TROUBLE.c.product.in_(products))
        )
        return {row.product: row.incidents for row in rows}

    def mark(
        self, product: str, mark: Mark, unjudged: Unjudged, *, scored_at: datetime | None
    ) -> None:
        """Keep how a product stands; ``scored_at`` when its score was kept as well, else None."""
        row = {
            "product": product,
            "quality": mark.score.quality,
            "low": mark.score.low,
            "proven_until": mark.proven_until,
            "failing": mark.score.failing,
            "blocking": mark.blocking,
            "errored": unjudged.errored,
            "lost": unjudged.lost,
        }
        if scored_at is not None:
            row["scored_at"] = scored_at
        upsert(self._connection, MARK, [row], by=["product"])

    def index(self, product: Product) -> None:
        """Write down the words by which a product is found, once its clauses are there."""
        names = self._connection.execute(
            select(CLAUSE.c.schema_name, CLAUSE.c.column_name)
            .join(CONTRACT, CONTRACT.c.id == CLAUSE.c.contract_id)
            .where(CONTRACT.c.product == product.key, CLAUSE.c.retired_at.is_(None))
            .distinct()
        )
        own = (product.key, product.name, product.domain, product.owner, product.purpose)
        words = (*own, *(name for row in names for name in row))
        found = dict.fromkeys(word.casefold() for word in words if word)
        self._connection.execute(
            update(PRODUCT).where(PRODUCT.c.key == product.key).values(search="\n".join(found))
        )

    def stale(self, now: datetime, *, limit: int) -> tuple[str, ...]:
        """Return products whose newest kept score is a day old, the oldest first."""
        rows = self._connection.execute(
            select(MARK.c.product)
            .where(MARK.c.scored_at <= now - _DAY)
            .order_by(MARK.c.scored_at, MARK.c.product)
            .limit(limit)
        )
        return tuple(rows.scalars())

    def take(self, product: str, now: datetime) -> bool:
        """Claim the score of today for one who keeps it; False when another was there first."""
        taken = self._connection.execute(
            update(MARK)
            .where(MARK.c.product == product, MARK.c.scored_at <= now - _DAY)
            .values(scored_at=now)
        )
        return taken.rowcount == 1


def _listed(*columns: _Column) -> Select[*tuple[object, ...]]:
    return (
        select(*columns)
        .select_from(PRODUCT)
        .join(MARK, MARK.c.product == PRODUCT.c.key)
        .outerjoin(_TROUBLE, _TROUBLE.c.product == PRODUCT.c.key)
    )


def _proven(now: datetime) -> ColumnElement[bool]:
    return or_(MARK.c.proven_until.is_(None), MARK.c.proven_until > now)


def _lead(now: datetime) -> ColumnElement[float | None]:
    """Return the score that leads: the low end while too little of the promise is backed."""
    return case((MARK.c.quality.is_(None), None), (_proven(now), MARK.c.quality), else_=MARK.c.low)


def _score(now: datetime) -> ColumnElement[float]:
    return func.coalesce(_lead(now), _UNMEASURED)


def _level(now: datetime) -> ColumnElement[int]:
    return case(
        (_INCIDENTS > 0, Level.INCIDENT.place),
        (_UNJUDGED, Level.ERRORED.place),
        (MARK.c.blocking > 0, Level.BLOCKING.place),
        (MARK.c.quality < HIGH, Level.LOW.place),
        (~_proven(now), Level.UNPROVEN.place),
        else_=Level.HEALTHY.place,
    )


def _order(order: Order, now: datetime) -> Sequence[_Column]:
    key = PRODUCT.c.key
    if order is Order.KEY:
        return (key,)
    score = _score(now)
    return (score, key) if order is Order.SCORE else (_level(now), score, key)


def _behind(place: Place) -> Sequence[object]:
    if place.order is Order.KEY:
        return (place.key,)
    rest = (place.score, place.key)
    return rest if place.order is Order.SCORE else (place.level, *rest)


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """Return what holds of the products that are wanted."""
    return [*_named(wanted), *_standing(wanted, now)]


def _named(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.domain is not None:
        yield PRODUCT.c.domain == wanted.domain
    if wanted.owner is not None:
        yield func.coalesce(PRODUCT.c.owner, "") == wanted.owner


def _standing(wanted: Wanted, now: datetime) -> Iterator[ColumnElement[bool]]:
    """Yield what holds of them, whosever they are."""
    for word in dict.fromkeys(wanted.text.casefold().split()):
        yield PRODUCT.c.search.contains(word, autoescape=True)
    if wanted.state is not None:
        yield _state(wanted.state, now)
    if wanted.min_score is not None:
        yield _lead(now) >= wanted.min_score
    if wanted.max_score is not None:
        yield _lead(now) <= wanted.max_score


def _state(state: State, now: datetime) -> ColumnElement[bool]:
    troubles: Mapping[State, ColumnElement[bool]] = {
        State.FAILING: MARK.c.failing > 0,
        State.INCIDENT: _INCIDENTS > 0,
        State.UNPROVEN: ~_proven(now),
        State.ERRORED: _UNJUDGED,
        State.NEVER_RUN: ~_RAN,
    }
    return troubles[state] if state in troubles else and_(*(~one for one in troubles.values()))


def _most_first(counted: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for name, number in counted:
        sums[name] += number
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def _domain(name: str, rows: Sequence[Row[*tuple[object, ...]]]) -> DomainStanding:
    sums: Counter[str] = Counter()
    lowest: Lowest | None = None
    for row in rows:
        score = row.score
        sums["failing"] += row.failing > 0
        sums["incidents"] += row.incidents
        sums["good"] += bool(row.proven) and score is not None and score >= HIGH
        if score is not None and (lowest is None or score < lowest.score):
            lowest = Lowest(product=row.key, score=score)
    return DomainStanding(
        name=name,
        products=len(rows),
        at_target=sums["good"],
        failing=sums["failing"],
        lowest=lowest,
        open_incidents=sums["incidents"],
    )
