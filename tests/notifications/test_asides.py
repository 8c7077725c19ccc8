import json
from dataclasses import replace

from notifications.asides import open_subject, trial, undelivered
from notifications.model import Form, Message, Notice
from tests.notifications.stories import NOON, STORY

LOST = Notice(
    id=17,
    key="k",
    channel="webhook",
    target="https://hooks.example.org/x",
    message=Message(subject="s", text="orders: it broke\n\nsince noon\n", rich="<p>it broke</p>"),
    incident_id=140,
    due_at=NOON,
)
TRIAL = """\
Assay: This is a test

<b>ada</b> tried this channel at 20 Nov 2026, 12:00:00 UTC.
Messages about data products in trouble will reach you here. Nothing is to be
done.

Open Assay: https://assay.example
"""
UNDELIVERED = """\
sales.orders: webhook hooks.example.org/… cannot be told

A message about incident #140 did not arrive.
It is not tried again by itself. The incident lists each try, with why it
failed.

Open the incident: https://assay.example/incidents/140

What to do
- Mend the receiver, or name another one in the contract under support.
- Once it is mended, send the message again: assay notify resend 17

> orders: it broke
>
> since noon
"""


def tried(form: Form) -> Message:
    return trial(by="<b>ada</b>", url="https://assay.example", now=NOON, form=form, key="test:1")


def lost(form: Form, *, disabled: bool = False) -> Message:
    receiver = "webhook hooks.example.org/…"
    return undelivered(
        STORY, LOST, receiver=receiver, form=form, key="unreached:9", disabled=disabled
    )


def test_a_test_says_who_tries_and_that_nothing_is_to_be_done():
    message = tried(Form.LETTER)

    assert (message.subject, message.text) == ("[Assay] this is a test", TRIAL)
    assert "&lt;b&gt;ada&lt;/b&gt;" in message.rich


def test_a_test_of_a_webhook_is_an_event():
    message = tried(Form.EVENT)

    assert json.loads(message.rich) == {
        "specversion": "1.0",
        "id": "test:1",
        "source": "https://assay.example",
        "type": "notice.test",
        "subject": "test",
        "time": "2026-11-20T12:00:00Z",
        "datacontenttype": "application/json",
        "data": {"by": "<b>ada</b>", "text": TRIAL},
    }


def test_a_service_without_address_can_be_tried_too():
    message = trial(by="ada", url="", now=NOON, form=Form.LETTER, key="k")

    assert "href" not in message.rich


def test_word_of_a_lost_message_holds_what_it_said():
    message = lost(Form.LETTER)

    assert message.text == UNDELIVERED
    assert message.subject == "[Assay] sales.orders: webhook hooks.example.org/… cannot be told"
    assert "since noon" in message.rich


def test_an_event_of_a_lost_message_holds_no_word_of_it():
    message = lost(Form.EVENT)

    assert "since noon" not in message.rich + message.text
    assert json.loads(message.rich)["type"] == "notice.undelivered"
    assert json.loads(message.rich)["data"]["incident"]["id"] == 140
    assert json.loads(message.rich)["data"]["notice"] == 17
    assert json.loads(message.rich)["data"]["disabled"] is False


def test_word_of_one_who_is_disabled_says_how_it_is_enabled():
    words = " ".join(lost(Form.LETTER, disabled=True).text.split())

    assert "The receiver is gone, so it is disabled: nothing more is sent there." in words
    assert "Sending that message again enables it. So do a test that arrives" in words
    assert json.loads(lost(Form.EVENT, disabled=True).rich)["data"]["disabled"] is True


def test_the_open_subject_of_such_a_word_names_nobody():
    word = replace(LOST, key="unreached:9", message=lost(Form.LETTER))

    assert open_subject(word) == "[Assay] sales.orders: somebody cannot be told"
    assert open_subject(LOST) == "s"
