from datetime import timedelta

import pytest

from api.kept import Answer, Kept
from tests.cast import Clock

CARD = "/api/v1/products/sales.orders/scorecard"


def scope(path: str = CARD, *, query: bytes = b"", **headers: str):
    shown = [(name.encode(), said.encode()) for name, said in headers.items()]
    return {"path": path, "query_string": query, "headers": shown}


def answer(body: bytes = b"{}") -> Answer:
    return Answer(headers=[], body=body, tag='"a"')


@pytest.fixture
def kept(clock: Clock) -> Kept:
    return Kept(1.0, clock)


def put(kept: Kept, key, body: bytes = b"{}") -> None:
    kept.put(key, answer(body), made=kept.now(), changes=kept.changes)


def test_an_answer_is_kept_for_its_time_and_no_longer(kept: Kept, clock: Clock):
    key = kept.key(scope())
    assert key is not None
    put(kept, key)

    found = []
    for passed in (0.0, 0.999, 0.001):
        clock.pass_(seconds=passed)
        found.append(kept.get(key))

    assert found == [answer(), answer(), None]


def test_a_clock_that_was_put_back_keeps_nothing_longer(kept: Kept, clock: Clock):
    key = kept.key(scope())
    assert key is not None
    put(kept, key)

    clock.now -= timedelta(hours=1)

    assert kept.get(key) is None


@pytest.mark.parametrize(
    "other",
    [
        scope(authorization="Bearer b", accept="a"),
        scope(authorization="Bearer a", accept="b"),
        scope(authorization="Bearer a", accept="a", cookie="assay_session=a"),
        scope(cookie="Bearer a", accept="a"),
        scope(query=b"at=1", authorization="Bearer a", accept="a"),
        scope("/api/v1/products/other/scorecard", authorization="Bearer a", accept="a"),
        scope(accept="a"),
    ],
)
def test_who_asks_for_what_and_in_which_form_is_told_apart(kept: Kept, other):
    assert kept.key(scope(authorization="Bearer a", accept="a")) != kept.key(other)


def test_a_key_holds_no_secret(kept: Kept):
    assert b"assay_secret" not in repr(kept.key(scope(authorization="assay_secret"))).encode()


@pytest.mark.parametrize(
    ("path", "hot"),
    [
        (CARD, True),
        ("/api/v1/products/sales.orders", True),
        ("/api/v1/products/sales.orders/badge.svg", True),
        ("/api/v1/products", False),
        ("/api/v1/products/", False),
        ("/api/v1/products/sales.orders/runs", False),
        ("/api/v1/runs/1", False),
        ("/products/sales.orders", False),
    ],
)
def test_only_the_hottest_are_kept(kept: Kept, path: str, hot: bool):  # noqa: FBT001 - a table
    assert (kept.key(scope(path)) is not None) is hot


def test_a_change_empties_it(kept: Kept):
    key = kept.key(scope())
    assert key is not None
    put(kept, key)

    kept.clear()

    assert kept.get(key) is None


def test_what_was_made_while_something_changed_is_not_kept(kept: Kept):
    key = kept.key(scope())
    assert key is not None
    made, changes = kept.now(), kept.changes

    kept.clear()
    kept.put(key, answer(), made=made, changes=changes)

    assert kept.get(key) is None


def test_nothing_is_kept_for_no_time(clock: Clock):
    kept = Kept(0, clock)
    key = kept.key(scope())
    assert key is not None

    put(kept, key)

    assert kept.get(key) is None


def test_what_is_kept_has_a_bound(kept: Kept):
    large = bytes(20 * 1024 * 1024)
    first, second = kept.key(scope(accept="1")), kept.key(scope(accept="2"))
    assert first is not None
    assert second is not None
    put(kept, first, large)

    put(kept, second, large)

    assert kept.get(first) is None
    assert kept.get(second) == answer(large)


def test_an_answer_that_is_kept_again_weighs_once(kept: Kept):
    lasting, again = kept.key(scope()), kept.key(scope(query=b"again"))
    assert lasting is not None
    assert again is not None
    put(kept, lasting)
    for _ in range(40):
        put(kept, again, b"x" * 1024 * 1024)

    assert kept.get(lasting) is not None


def test_a_long_wish_makes_no_long_key(kept: Kept):
    short, long = (kept.key(scope(accept="a" * size)) for size in (1, 30_000))
    assert short is not None
    assert long is not None

    assert [len(part) for part in short] == [len(part) for part in long]


def test_many_small_answers_reach_the_bound_as_well(kept: Kept):
    keys = [kept.key(scope(query=str(number).encode())) for number in range(40_000)]
    for key in keys:
        assert key is not None
        put(kept, key)

    assert sum(kept.get(key) is not None for key in keys if key) < 33_000
