import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from checks.model import Evidence
from incidents.model import IncidentKind
from notifications.model import Form
from notifications.render import message
from notifications.story import News, Story
from tests.notifications.stories import NOON, ROWS, STORY, UNIQUE, stories

CANARY = "4929-canary"


def event(story: Story, key: str = "incident:140:opened:77"):
    return json.loads(message(story, form=Form.EVENT, key=key).rich)


def test_the_whole_event_of_an_opening():
    told = event(replace(STORY, broken=(ROWS,), others=("ana@example.org",)))

    assert told.pop("data").pop("text").startswith("sales.orders: 1 promise broken\n")
    assert told == {
        "specversion": "1.0",
        "id": "incident:140:opened:77",
        "source": "https://assay.example",
        "type": "incident.opened",
        "subject": "sales.orders",
        "time": "2026-11-20T14:05:00Z",
        "datacontenttype": "application/json",
    }


def test_what_an_event_says_of_the_incident():
    content = event(replace(STORY, broken=(replace(ROWS, fresh=True),)))["data"]

    content.pop("text")
    assert content == {
        "product": {
            "key": "sales.orders",
            "name": "Orders",
            "domain": "sales",
            "owner": "Sales data team",
            "link": "https://assay.example/products/sales.orders",
        },
        "contract": {"version": "1.2.0"},
        "incident": {
            "id": 140,
            "kind": "breach",
            "link": "https://assay.example/incidents/140",
            "opened_at": "2026-11-20T12:00:00Z",
            "resolved_at": None,
            "again": False,
        },
        "run": 77,
        "reason": "",
        "broken": [
            {
                "clause": "/schema/orders/quality/enough",
                "kind": "row_count",
                "description": "",
                "threshold": "at least 1,000 rows",
                "schema": "orders",
                "column": None,
                "severity": "medium",
                "new": True,
                "rows": None,
                "failed_rows": None,
            }
        ],
        "broken_count": 1,
    }


def test_no_row_no_reason_and_no_other_receiver_leaves_by_an_event():
    evidence = Evidence(columns=("card",), rows=((CANARY,),), offending=("card",))
    broken = replace(UNIQUE, evidence=evidence, reason=f"the largest is {CANARY}")

    for news in (News.OPENED, News.UPDATED):
        told = replace(STORY, news=news, broken=(broken,), others=(f"{CANARY}@example.org",))
        sent = message(told, form=Form.EVENT, key="k")

        assert CANARY not in sent.rich + sent.text + sent.subject
        assert CANARY in message(told).text


def test_many_promises_are_counted_and_the_gravest_listed():
    many = tuple(replace(ROWS, clause=f"/{n}") for n in range(500))

    content = event(replace(STORY, broken=(*many, UNIQUE)))["data"]

    assert (content["broken_count"], len(content["broken"])) == (501, 100)
    assert content["broken"][0]["clause"] == UNIQUE.clause


def test_a_recovery_says_when_it_ended_and_why():
    told = event(replace(STORY, news=News.RECOVERED, reason="reloaded"))

    assert (told["type"], told["data"]["reason"]) == ("incident.recovered", "reloaded")
    assert told["data"]["incident"]["resolved_at"] == "2026-11-20T14:05:00Z"


def test_an_outage_says_why():
    told = event(replace(STORY, news=News.OUTAGE, kind=IncidentKind.OUTAGE, reason="no file"))

    assert (told["type"], told["data"]["reason"]) == ("incident.outage", "no file")


def test_a_service_without_address_has_no_links():
    told = event(replace(STORY, url="", run_id=0, now=NOON + timedelta(microseconds=5)))

    assert (told["source"], told["time"]) == ("assay", "2026-11-20T12:00:00.000005Z")
    assert told["data"]["incident"]["link"] is told["data"]["product"]["link"] is None
    assert told["data"]["run"] is None


@given(stories)
def test_any_story_makes_an_event_of_bounded_size(story: Story):
    rich = message(story, form=Form.EVENT, key="k").rich

    assert rich.isascii()
    assert len(rich) < 200_000
    assert json.loads(rich)["type"] == story.news.value
