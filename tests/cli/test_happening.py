import pytest

from access.event import EventKind
from cli.answers import shaped
from cli.happening import Happening, render
from tests.cli.test_events import event

RUN = {
    "run": 7,
    "version": "1.2.0",
    "state": "done",
    "outcome": "failed",
    "counts": {"passed": 41, "failed": 1, "errored": 0, "skipped": 2},
    "seconds": 1.84,
}
INCIDENT = {"incident": 3, "title": "2 promises broken", "acknowledged_by": "ann"}
SCORE = {
    "quality": 99.1,
    "assurance": 1.0,
    "before": {"quality": None, "assurance": None},
}
HALF = {"quality": 50.0, "assurance": 1.0}


def told(kind: str, **data: object) -> str:
    text = render(shaped(Happening, event(1, kind, **data))).plain
    return text.removeprefix("2026-11-20 09:41:00 UTC  sales.orders  ")


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (
            "contract.published",
            {"version": "1.2.0", "previous": "1.1.0", "published_by": "ann", "clauses": 14},
            "orders 1.2.0 was published by ann after 1.1.0, 14 promises",
        ),
        (
            "contract.published",
            {"version": "1.0.0", "previous": None, "published_by": "ann", "clauses": 1},
            "orders 1.0.0 was published by ann, 1 promise",
        ),
        (
            "run.finished",
            RUN,
            "run 7 of orders 1.2.0 failed in 1.8 s: 41 passed, 1 failed, 2 skipped",
        ),
        (
            "run.finished",
            RUN | {"state": "lost", "outcome": None, "counts": {}, "seconds": None},
            "run 7 of orders 1.2.0 lost",
        ),
        (
            "run.finished",
            RUN | {"state": "errored", "outcome": None, "counts": {}, "seconds": None},
            "run 7 of orders 1.2.0 errored",
        ),
        ("incident.opened", INCIDENT, "incident 3 opened: 2 promises broken"),
        ("incident.reopened", INCIDENT, "incident 3 reopened: 2 promises broken"),
        ("incident.updated", INCIDENT, "incident 3 grew: 2 promises broken"),
        ("incident.acknowledged", INCIDENT, "incident 3 taken on by ann"),
        ("incident.resolved", INCIDENT | {"reason": "mended"}, "incident 3 resolved: mended"),
        ("schedule.paused", {"reason": "a move"}, "schedule of orders paused by ann: a move"),
        ("schedule.resumed", {}, "schedule of orders resumed by ann"),
        ("score.changed", SCORE, "quality 99.1, assurance 100 %"),
        ("score.changed", SCORE | {"before": HALF}, "quality 50 -> 99.1"),
        ("score.changed", HALF | {"quality": None, "before": HALF}, "quality 50 -> none"),
        ("score.changed", HALF | {"before": HALF}, "the bounds of the score changed"),
        (
            "assurance.low",
            {"assurance": 0.79, "before": 0.81},
            "assurance is low: fell from 81 % to 79 %, nobody judges",
        ),
        (
            "notice.dead",
            {"notice": 5, "incident": 3, "channel": "email", "attempts": 4},
            "notice 5 by email about incident 3 given up after 4 tries",
        ),
        (
            "notice.dead",
            {"notice": 5, "incident": 3, "channel": "email", "attempts": 1},
            "notice 5 by email about incident 3 given up after 1 try",
        ),
    ],
)
def test_each_kind_has_its_sentence(kind, data, words):
    assert told(kind, **data) == words


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_this_release_is_known_and_lacks_nothing_it_needs(kind):
    sparse = shaped(Happening, event(1, kind) | {"data": {}})

    assert kind not in render(sparse).plain


def test_a_kind_of_another_release_is_told_by_name():
    assert told("port.added") == "port.added contract/orders"


def test_what_is_of_no_product_has_a_dash():
    orphan = event(1) | {"data": {"product": None, "contract": "orders", "by": "ann"}}

    assert render(shaped(Happening, orphan)).plain == (
        "2026-11-20 09:41:00 UTC  -  schedule of orders resumed by ann"
    )
