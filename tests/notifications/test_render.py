import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model import Evidence
from contracts.values import Severity
from incidents.model import IncidentKind
from notifications.model import Form, Message
from notifications.render import message as render
from notifications.story import Broken, News, Story
from tests.notifications.stories import NOON, ROWS, STORY, UNIQUE, stories

OPENED = """\
sales.orders: 2 promises broken (1 critical)

Since 20 Nov 2026, 12:00:00 UTC.

Open the incident: https://assay.example/incidents/140
Acknowledge: https://assay.example/incidents/140#acknowledge
Scorecard: https://assay.example/products/sales.orders
Run: https://assay.example/runs/77

1. [CRITICAL] Every order has its own number (unique)
   orders.o_orderkey, 152 of 60,175 rows (0.25 %)
   76 values occur more than once

   >o_orderkey<  o_orderdate
   >7<           2026-11-01
   >7<           NULL

2. [MEDIUM] at least 1,000 rows
   orders
   there are 12

What to do
- Was something loaded twice? Look for a delivery or a retry that ran again.
- Repair the data and deliver it again. The run at 20 Nov 2026, 15:00:00 UTC
  looks again by itself; you will hear when all is well.
- If the promise is wrong and not the data, publish a new version of the
  contract.
- Acknowledge the incident, so that others know you are on it.

Product: Orders (sales.orders)
Domain: sales
Owner: Sales data team
Purpose: One row per confirmed order.
Contract: version 1.2.0
Incident: #140
Next run: 20 Nov 2026, 15:00:00 UTC
"""
RECOVERED = """\
sales.orders: Recovered after 2 h 5 min

Every blocking promise is kept again.
From 20 Nov 2026, 12:00:00 UTC to 20 Nov 2026, 14:05:00 UTC. Nothing is left
to do.

Open the incident: https://assay.example/incidents/140
Scorecard: https://assay.example/products/sales.orders
Run: https://assay.example/runs/77

What was broken

1. [CRITICAL] Every order has its own number (unique)
   orders.o_orderkey

2. [MEDIUM] at least 1,000 rows
   orders
"""


def opened(story: Story) -> Message:
    return render(replace(story, news=News.OPENED))


def updated(story: Story) -> Message:
    return render(replace(story, news=News.UPDATED))


def outage(story: Story) -> Message:
    return render(replace(story, news=News.OUTAGE))


def recovered(story: Story) -> Message:
    return render(replace(story, news=News.RECOVERED))


def tags(html: str) -> set[str]:
    """Return the names of all elements; text cannot add one, for it holds no ``<`` of its own."""
    return set(re.findall(r"<([a-z][a-z0-9]*)", html))


def links(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'(?:href|src)="([^"]*)"', html)]


def hits(html: str) -> list[str]:
    return re.findall(r'<td class="hit"[^>]*>([^<]*)</td>', html)


def test_the_whole_text_of_an_opening():
    message = opened(STORY)

    assert message.subject == "[Assay] sales.orders: 2 promises broken (1 critical)"
    assert message.text == OPENED


def test_the_text_of_a_recovery_says_how_long_it_lasted():
    message = recovered(STORY)

    assert message.subject == "[Assay] sales.orders: recovered after 2 h 5 min"
    assert message.text.startswith(RECOVERED)


def test_a_recovery_with_nothing_to_list_and_a_reason_of_its_own():
    message = recovered(replace(STORY, broken=(), reason="the promises are no longer made"))

    assert "The promises are no longer made." in message.text
    assert "What was broken" not in message.text + message.rich


def test_an_outage_says_that_nothing_is_known_of_the_data():
    message = outage(replace(STORY, reason="no file matches orders/*.csv"))

    assert message.subject == "[Assay] sales.orders: cannot be judged"
    assert "No file matches orders/*.csv." in message.text
    assert "it may be good or bad" in message.text
    assert "Its runs end without a verdict." in outage(STORY).text


def test_the_end_of_an_outage_is_no_recovery_of_data():
    message = recovered(replace(STORY, kind=IncidentKind.OUTAGE, broken=()))

    assert message.subject == "[Assay] sales.orders: judged again after 2 h 5 min"
    assert "Runs end with a verdict again." in message.text


def test_what_comes_back_is_told_as_back():
    message = opened(replace(STORY, again=True))

    assert message.subject.startswith("[Assay] sales.orders: again 2 promises broken")
    assert "It was resolved and is back." in message.text
    assert ": again cannot be judged" in outage(replace(STORY, again=True)).subject


def test_an_update_says_what_is_new_first():
    message = updated(replace(STORY, broken=(UNIQUE, replace(ROWS, fresh=True))))

    assert message.subject == "[Assay] sales.orders: 1 more promise broken, 2 in all"
    assert "goes on since 20 Nov 2026, 12:00:00 UTC." in message.text
    assert "1. [NEW, MEDIUM] at least 1,000 rows" in message.text
    assert "2. [CRITICAL] Every order" in message.text
    assert message.rich.count(">new</span>") == 1


def test_who_else_is_told_is_said():
    message = opened(replace(STORY, others=("ana@example.org", "hooks.example.org (webhook)")))

    assert "Also told: ana@example.org, hooks.example.org (webhook)" in message.text


def test_long_names_are_cut_and_letters_of_any_script_are_kept():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    name = f"\u0633\u0641\u0627\u0631\u0634\u200c\u0647\u0627 {family}"  # Persian: orders
    story = replace(STORY, product="p" * 200, name=name, owner="o" * 500)

    message = opened(story)

    assert message.subject == f"[Assay] {'p' * 79}…: 2 promises broken (1 critical)"
    assert name in message.text
    assert name in message.rich
    assert f"{'o' * 239}…" in message.text.replace("\n   ", "")


def test_a_message_stays_below_what_mail_programs_cut():
    evidence = Evidence(columns=("c" * 200,) * 20, rows=(("v" * 500,) * 20,) * 20)
    long = replace(UNIQUE, evidence=evidence, description="d" * 9999, reason="r" * 9999)

    message = opened(replace(STORY, broken=(long,) * 500, purpose="p" * 9999))

    assert len(message.rich.encode()) < 102_000


def test_five_hundred_promises_are_one_message_with_twenty_of_them():
    many = tuple(replace(ROWS, clause=f"/{n:03}", threshold=f"promise {n:03}") for n in range(500))

    message = opened(replace(STORY, broken=many))

    assert message.subject == "[Assay] sales.orders: 500 promises broken"
    assert message.text.count("promise 0") == message.rich.count("promise 0") == 20
    assert "and 480 more" in message.text
    assert "and 480 more" in message.rich


def test_the_gravest_promise_stands_first_then_the_one_with_most_rows():
    fewer = replace(ROWS, threshold="fewer", failed_rows=3)
    more = replace(ROWS, threshold="more", failed_rows=9)

    text = opened(replace(STORY, broken=(fewer, more, UNIQUE))).text

    assert text.index("Every order") < text.index("more") < text.index("fewer")


def test_html_marks_the_offending_cells_alone():
    assert hits(opened(STORY).rich) == ["7", "7"]


def test_html_loads_nothing_and_links_to_the_incident():
    html = opened(STORY).rich

    assert links(html) == [
        "https://assay.example/incidents/140",
        "https://assay.example/incidents/140#acknowledge",
        "https://assay.example/products/sales.orders",
        "https://assay.example/runs/77",
    ]
    assert not {"script", "img", "link", "iframe"} & tags(html)


def test_data_and_contract_cannot_write_html():
    evil = '<script>alert("x")</script>'
    broken = replace(
        UNIQUE,
        description=evil,
        reason=evil,
        column=evil,
        evidence=Evidence(columns=(evil,), rows=((evil,),), offending=(evil,), masked=(evil,)),
    )

    message = opened(replace(STORY, broken=(broken,), name=evil, owner=evil, purpose=evil))

    assert "<script" not in message.rich
    assert "&lt;script&gt;" in message.rich


def test_a_quote_does_not_leave_the_link():
    html = opened(replace(STORY, url='x" onclick="y')).rich

    assert links(html)[0] == 'x" onclick="y/incidents/140'


def test_without_link_schedule_and_owner_the_message_still_stands():
    bare = Story(
        news=News.OPENED,
        product="sales.orders",
        name="Orders",
        domain="sales",
        incident_id=1,
        opened_at=NOON,
        now=NOON,
        broken=(Broken(clause="/schema/orders/extra", severity=Severity.HIGH),),
    )

    message = opened(bare)

    assert "1. [HIGH] /schema/orders/extra" in message.text
    assert "Then ask for a run" in message.text
    assert "Next run: only when asked for" in message.text
    assert "Owner: nobody is named in the contract" in message.text
    assert links(message.rich) == []


def test_a_wide_and_long_sample_is_cut_and_says_so():
    columns = tuple(f"c{n}" for n in range(12))
    evidence = Evidence(
        columns=columns, rows=(tuple(range(12)),) * 20, offending=("c11",), masked=("c3",)
    )

    text = opened(replace(STORY, broken=(replace(UNIQUE, evidence=evidence),))).text

    assert ">c11<" in text
    assert "c7" not in text
    assert "(5 of 20 sampled rows shown; 4 columns not shown; masked: c3)" in text


def test_an_empty_sample_shows_no_table():
    evidence = Evidence(columns=("a",), rows=())

    message = opened(replace(STORY, broken=(replace(UNIQUE, evidence=evidence),)))

    assert ">a<" not in message.text
    assert hits(message.rich) == []


def test_a_description_that_is_the_threshold_is_said_once():
    twin = replace(ROWS, description=ROWS.threshold)

    assert "[MEDIUM] at least 1,000 rows\n" in opened(replace(STORY, broken=(twin,))).text


def visible(text: str) -> bool:
    """Whether every character can be seen, but the joiners of Persian and of emoji."""
    return text.replace("\u200c", "").replace("\u200d", "").isprintable()


@pytest.mark.parametrize("news", News)
@given(story=stories)
def test_any_story_can_be_told(news: News, story: Story):
    message = render(replace(story, news=news))

    assert visible(message.subject)
    assert message.subject.startswith("[Assay] ")
    assert tags(message.rich) <= tags(updated(STORY).rich) | {"code", "bdi"}
    assert all(visible(line) for line in _without_links(message.text, story))


def _without_links(text: str, story: Story) -> list[str]:
    return (text.replace(story.url, "") if story.url else text).split("\n")


@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_no_header_can_be_smuggled_into_a_subject(text: str):
    subject = opened(replace(STORY, product=f"a{text}b")).subject

    assert "\n" not in subject
    assert visible(subject)


@pytest.mark.parametrize("news", [News.OPENED, News.UPDATED])
def test_what_could_not_be_judged_beside_what_broke_is_counted_with_its_reason(news: News):
    message = render(replace(STORY, news=news, unjudged=19, doubt="no file matches <a>.csv"))

    line = "19 more promises could not be judged: no file matches <a>.csv."
    assert f"UTC.\n{line}\n" in message.text
    assert line in unescape(message.rich)
    assert "<a>" not in message.rich


def test_one_that_could_not_be_judged_is_one_promise():
    message = opened(replace(STORY, unjudged=1))

    assert "\n1 more promise could not be judged.\n" in message.text


def test_an_event_counts_what_could_not_be_judged_and_keeps_the_reason_to_itself():
    story = replace(STORY, unjudged=19, doubt="cannot read 'ann@example.org' as a number")

    message = render(story, form=Form.EVENT)

    assert "19 more promises could not be judged.\n" in message.text
    assert "ann@example.org" not in message.text + message.rich
