"""Stories to test with."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from checks.model import Evidence
from contracts.clause import Kind
from contracts.values import Severity
from notifications.story import Broken, News, Story

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNIQUE = Broken(
    clause="/schema/orders/properties/o_orderkey/unique",
    kind=Kind.UNIQUE,
    description="Every order has its own number",
    threshold="unique",
    schema="orders",
    column="o_orderkey",
    severity=Severity.CRITICAL,
    rows=60_175,
    failed_rows=152,
    reason="76 values occur more than once",
    evidence=Evidence(
        columns=("o_orderkey", "o_orderdate"),
        rows=((7, "2026-11-01"), (7, None)),
        offending=("o_orderkey",),
    ),
)
ROWS = Broken(
    clause="/schema/orders/quality/enough",
    kind=Kind.ROW_COUNT,
    threshold="at least 1,000 rows",
    schema="orders",
    severity=Severity.MEDIUM,
    reason="there are 12",
)
STORY = Story(
    news=News.OPENED,
    product="sales.orders",
    name="Orders",
    domain="sales",
    owner="Sales data team",
    purpose="One row per confirmed order.",
    version="1.2.0",
    incident_id=140,
    opened_at=NOON,
    now=NOON + timedelta(hours=2, minutes=5),
    broken=(ROWS, UNIQUE),
    next_run=NOON + timedelta(hours=3),
    url="https://assay.example",
    run_id=77,
)

_words = st.text(max_size=30)
_cells = st.none() | st.booleans() | st.integers() | st.floats() | _words


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    columns = draw(st.lists(_words, min_size=1, max_size=12))
    row = st.tuples(*[_cells for _ in columns])
    return Evidence(
        columns=tuple(columns),
        rows=tuple(draw(st.lists(row, max_size=7))),
        offending=tuple(draw(st.lists(st.sampled_from(columns), max_size=2))),
        masked=tuple(draw(st.lists(st.sampled_from(columns), max_size=2))),
    )


brokens = st.builds(
    Broken,
    clause=_words,
    kind=st.none() | st.sampled_from(Kind),
    fresh=st.booleans(),
    description=_words,
    threshold=_words,
    schema=st.none() | _words,
    column=st.none() | _words,
    severity=st.sampled_from(Severity),
    rows=st.none() | st.integers(0, 10**9),
    failed_rows=st.none() | st.integers(0, 10**9),
    reason=_words,
    evidence=st.none() | evidences(),
)
stories = st.builds(
    Story,
    news=st.sampled_from(News),
    product=_words,
    name=_words,
    domain=_words,
    owner=st.none() | _words,
    purpose=_words,
    version=_words,
    incident_id=st.integers(0),
    opened_at=st.just(NOON),
    now=st.integers(0, 10**7).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    broken=st.lists(brokens, max_size=12).map(tuple),
    next_run=st.none() | st.just(NOON),
    url=_words,
    run_id=st.integers(0),
    others=st.lists(_words, max_size=3).map(tuple),
    again=st.booleans(),
    reason=_words,
    unjudged=st.integers(0, 10**9),
    doubt=_words,
)
