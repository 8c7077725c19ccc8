import pytest

from api.pages.promises import place, promise, term
from contracts.clause import Clause, Kind


def clause(kind: Kind, threshold: str = "", **more) -> Clause:
    return Clause(
        **{"key": "/k", "pointer": "", "schema": "t", "kind": kind, "threshold": threshold, **more}
    )


@pytest.mark.parametrize(
    ("promised", "words"),
    [
        (clause(Kind.ENUM, "one of x", column="a"), "a is one of x"),
        (clause(Kind.REQUIRED, "never null", column="a"), "a is never null"),
        (clause(Kind.MAX_LENGTH, "at most 9 letters", column="a"), "a has at most 9 letters"),
        (clause(Kind.PATTERN, "holds ^a$", column="a"), "a fits the pattern ^a$"),
        (clause(Kind.ROW_COUNT, "more than 0 rows"), "t has more than 0 rows"),
        (clause(Kind.SQL, "exactly 0"), "t has a query that gives exactly 0"),
        (
            clause(Kind.PRIMARY_KEY, "a, b: never", arguments={"columns": ["a", "b"]}),
            "a, b is the key: never null, never twice",
        ),
        (
            clause(Kind.FRESHNESS, "60 min", schema=None, arguments={"element": "t.at"}),
            "the newest t.at is less than 60 minutes old",
        ),
        (clause(Kind.RETENTION, "1 y", schema=None), "the product is kept for 1 year"),
        (clause(Kind.LATENCY, "soon", schema=None), "the product arrives within soon"),
        (clause(Kind.CUSTOM, column="a"), "a keeps"),
        (clause(Kind.SLA, "x", schema=None), "the product sla: x"),
        (clause(Kind.ENUM, "{0}", column="{x}"), "{x} is {0}"),
        (clause(Kind.TEXT, "We are kind."), "We are kind."),
    ],
)
def test_a_promise_reads_as_a_sentence(promised: Clause, words: str):
    assert str(promise(promised)) == words


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_told(kind: Kind):
    assert str(promise(clause(kind, "5 h", column="a"))).strip()
    assert term(clause(kind, "5 h", column="a"))


@pytest.mark.parametrize(
    ("kind", "threshold", "words"),
    [
        (Kind.TYPE, "string", "string"),
        (Kind.UNIQUE, "no value twice", "no value twice"),
        (Kind.MINIMUM, "at least 0", "at least 0"),
        (Kind.REQUIRED, "never null", "never null"),
    ],
)
def test_beside_its_column_a_promise_is_short(kind: Kind, threshold: str, words: str):
    assert term(clause(kind, threshold, column="a")) == words


def test_a_place_is_the_object_and_the_column():
    assert place(clause(Kind.ENUM, column="a")) == "t.a"
    assert place(clause(Kind.ROW_COUNT)) == "t"
    assert place(clause(Kind.LATENCY, schema=None)) == ""
