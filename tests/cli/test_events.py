"""``assay events``: the feed, told once and followed."""

import json

import httpx2
import pytest

from tests.cli.fakes import Document

LOST = httpx2.ConnectError("[Errno 111] Connection refused")


def event(number: int, kind: str = "schedule.resumed", **data: object) -> Document:
    facts = {"product": "sales.orders", "contract": "orders", "by": "ann", "reason": ""}
    return {
        "specversion": "1.0",
        "id": str(number),
        "source": "https://assay.example.org",
        "type": kind,
        "subject": "contract/orders",
        "time": "2026-11-20T09:41:00Z",
        "datacontenttype": "application/json",
        "data": facts | data,
    }


def page(*numbers: int, end: int) -> Document:
    return {"items": [event(number) for number in numbers], "next": str(end)}


def asked(service) -> list[str]:
    return [request.url.query.decode() for request in service.requests]


@pytest.fixture
def interrupted(monkeypatch):
    """Ctrl-C after so many pauses; how long each was."""
    slept: list[float] = []

    def after(pauses: int) -> list[float]:
        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) > pauses:
                raise KeyboardInterrupt

        monkeypatch.setattr("cli.events.time.sleep", sleep)
        return slept

    return after


def test_what_happened_is_told_a_line_an_event(assay, service):
    paused = event(7, "schedule.paused", reason="the source moves")
    service.says("GET", "/events", {"items": [paused, event(9)], "next": "9"})

    done = assay("events", "--after", "5")

    assert (done.status, done.err) == (0, "")
    assert asked(service) == ["after=5&limit=200"]
    assert (
        done.out
        == """\
2026-11-20 09:41:00 UTC  sales.orders  schedule of orders paused by ann: the source moves
2026-11-20 09:41:00 UTC  sales.orders  schedule of orders resumed by ann
"""
    )


def test_programs_get_a_document_with_the_cursor_behind_it(assay, service):
    service.says("GET", "/events", page(7, end=9))

    done = assay("events", "--after", "5", "--format", "json")

    assert done.document == {"items": [event(7)], "next": "9"}


def test_every_page_is_asked_for(assay, service):
    service.says("GET", "/events", page(*range(1, 201), end=200))
    service.says("GET", "/events", page(201, end=230))

    done = assay("events", "--after", "0", "--format", "json")

    assert asked(service) == ["after=0&limit=200", "after=200&limit=200"]
    assert [item["id"] for item in done.document["items"]] == [str(n) for n in range(1, 202)]
    assert done.document["next"] == "230"


def test_without_a_cursor_the_newest_are_told(assay, service):
    service.says("GET", "/events", page(end=1000))
    service.says("GET", "/events", page(*range(951, 1001), end=1000))

    done = assay("events")

    assert asked(service) == ["after=0&limit=200&product=-", "after=950&limit=200"]
    assert len(done.out.splitlines()) == 50
    assert done.err == "earlier ones: assay events --after 0\n"


def test_the_newest_of_a_product_are_looked_for_further_and_further_back(assay, service):
    service.says("GET", "/events", page(end=1000))
    service.says("GET", "/events", page(999, end=1000))
    service.says("GET", "/events", page(700, 999, end=1000))
    service.says("GET", "/events", page(3, 700, 999, end=1000))

    done = assay("events", "--product", "a.b")

    assert asked(service)[1:] == [
        "after=950&limit=200&product=a.b",
        "after=600&limit=200&product=a.b",
        "after=0&limit=200&product=a.b",
    ]
    assert (len(done.out.splitlines()), done.err) == (3, "")


def test_where_old_events_are_kept_no_more_the_oldest_are_the_first(assay, service):
    service.says("GET", "/events", page(end=40))
    service.says("GET", "/events", page(30, end=40))
    service.says("GET", "/events", page(end=1000))

    assert len(assay("events").out.splitlines()) == 1

    service.answers.clear()
    service.says("GET", "/events", page(end=1000))
    service.refuses("GET", "/events", 410, "cursor-gone", "kept no more")
    service.says("GET", "/events", page(990, end=1000))

    assert len(assay("events").out.splitlines()) == 1
    assert asked(service)[-2:] == ["after=950&limit=200", "after=0&limit=200"]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (["run.finished"], "kind=run.finished"),
        (["schedule"], "kind=schedule.paused&kind=schedule.resumed"),
        (["run", "notice"], "kind=run.finished&kind=notice.dead"),
    ],
)
def test_kinds_are_asked_for_by_name_or_by_family(assay, service, words, kinds):
    service.says("GET", "/events", page(end=0))

    assay("events", "--after", "0", *(part for word in words for part in ("--kind", word)))

    assert asked(service) == [f"after=0&limit=200&{kinds}"]


def test_a_kind_that_is_none_is_refused_with_those_that_are(assay):
    done = assay("events", "--kind", "runs")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "assay: there is no kind of event 'runs'; there are: contract.published, run.finished, "
        "incident.opened, incident.acknowledged, incident.resolved, incident.reopened, "
        "incident.updated, schedule.paused, schedule.resumed, score.changed, "
        "notice.dead, assurance.low\n"
    )


def test_that_nothing_happened_is_said(assay, service):
    service.says("GET", "/events", page(end=0))

    assert assay("events").out == ("nothing happened yet; 'assay publish FILE' is the beginning\n")
    assert assay("events", "--product", "a.b").out == "nothing like that happened\n"


def test_a_cursor_that_is_gone_is_a_usage_error(assay, service):
    service.refuses("GET", "/events", 410, "cursor-gone", "kept no more; begin again without one")

    done = assay("events", "--after", "3")

    assert (done.status, done.err) == (2, "assay: kept no more; begin again without one\n")


def test_following_tells_what_happens_until_it_is_interrupted(assay, service, interrupted):
    interrupted(1)
    service.says("GET", "/events", page(6, end=6))
    service.says("GET", "/events", page(7, end=8))
    service.says("GET", "/events", page(end=9))

    done = assay("events", "--follow", "--after", "5", "--format", "json")

    assert done.status == 130
    assert [json.loads(text)["id"] for text in done.out.splitlines()] == ["6", "7"]
    assert asked(service) == [f"after={after}&limit=200" for after in (5, 6, 8)]
    assert done.err == "stopped; go on with: assay events --follow --after 9\n"


def test_following_waits_for_a_service_that_is_away_and_passes_nothing_over(
    assay, service, interrupted
):
    slept = interrupted(2)
    service.says("GET", "/events", page(end=5))
    service.breaks("GET", "/events", LOST)
    service.refuses("GET", "/events", 503, "not-ready", "the database does not answer")
    service.says("GET", "/events", page(6, end=6))

    done = assay("events", "--follow", "--after", "5")

    assert (done.status, slept[:3]) == (130, [2.0, 2.0, 1.0])
    assert done.out.count("\n") == 1
    assert asked(service)[1:4] == ["after=5&limit=200"] * 3
    assert (
        done.err
        == """\
assay: no service answers at http://127.0.0.1:9250 (connection refused); start one with \
'assay up', or set ASSAY_URL to where it runs
assay: trying again; nothing will be passed over
assay: the service answers again
stopped; go on with: assay events --follow --after 6
"""
    )


def test_an_event_whose_telling_was_interrupted_is_told_again(assay, service, monkeypatch):
    service.says("GET", "/events", page(6, 7, end=7))
    monkeypatch.setattr("cli.events.render", _interrupts(at="7"))

    done = assay("events", "--follow", "--after", "5")

    assert done.err == "stopped; go on with: assay events --follow --after 6\n"


def test_a_service_that_was_never_there_is_not_waited_for(assay, service):
    service.fault = LOST

    assert assay("events", "--follow").status == 5


def _interrupts(at: str):
    def render(found):
        if found.id == at:
            raise KeyboardInterrupt
        return found.id

    return render
