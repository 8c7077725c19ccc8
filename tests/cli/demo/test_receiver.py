import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from cli.demo.receiver import Mailbox, start, text_of
from tests.sockets import free_port

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = start(box, port)
    yield box
    controller.stop()


def mail(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@x.org", "desk@x.org", subject
    message.set_content("Good news: ü")
    message.add_alternative("<p>Good news</p>", subtype="html")
    return message


def test_what_is_sent_is_found_by_subject_and_receiver(mailbox: Mailbox, port: int):
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(mail("orders: 1 promise broken"))
        client.send_message(mail("orders: recovered"))

    found = mailbox.find("Broken", to="desk@x.org")

    assert found is not None
    assert text_of(found).strip() == "Good news: ü"
    assert mailbox.find("broken", to="other@x.org") is None
    assert mailbox.find("outage", to="desk@x.org") is None


def test_a_message_without_text_reads_as_nothing():
    message = EmailMessage()
    message.set_content("<p>x</p>", subtype="html")

    assert text_of(message) == ""
