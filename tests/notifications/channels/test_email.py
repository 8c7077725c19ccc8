import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.message import Message as Part
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from notifications.channels import ChannelOptions
from notifications.channels.email import EmailChannel
from notifications.errors import ChannelMisconfigured, DeliveryFailed
from notifications.model import Message
from notifications.render import message as render
from tests.notifications.stories import STORY
from tests.sockets import free_port

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OPTIONS = ChannelOptions(clock=lambda: NOON, host="127.0.0.1", sender="assay@example.org")
MESSAGE = Message(subject="it broke: ö", text="plain ✓\n", rich="<p>rich ✓</p>\n")
TO = "ana@example.org"


@dataclass
class Postbox:
    """Answers as told and keeps what it takes."""

    on_rcpt: str = "250 OK"
    on_data: str = "250 OK"
    on_quit: str = "221 Bye"
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[list[str]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name and shape
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.on_rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.on_rcpt

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(email.message_from_bytes(content, policy=email.policy.default))
        self.receivers.append(envelope.rcpt_tos)
        return self.on_data

    async def handle_QUIT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return self.on_quit


@contextmanager
def receiver(postbox: Postbox, **settings: Any) -> Iterator[ChannelOptions]:
    """Run a mail server on a free port, and yield options that reach it."""
    port = free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **settings)
    controller.start()
    try:
        yield replace(OPTIONS, port=port)
    finally:
        controller.stop()


def unix(part: Part) -> str:
    """Return a part's text with the line ends it had before it was mailed."""
    assert isinstance(part, EmailMessage)
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def send(options: ChannelOptions, target: str = TO, message: Message = MESSAGE) -> None:
    EmailChannel(options).send(target, message, key="notice-1")


def failure(options: ChannelOptions, target: str = TO) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        send(options, target)
    return caught.value


@pytest.mark.enable_socket
def test_a_message_arrives_as_text_and_html():
    postbox = Postbox()

    with receiver(postbox) as options:
        send(options)

    [mail] = postbox.mails
    assert postbox.receivers == [[TO]]
    assert (mail["Subject"], mail["From"], mail["To"]) == (MESSAGE.subject, OPTIONS.sender, TO)
    assert mail["Date"].datetime == NOON
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    parts = [unix(part) for part in mail.iter_parts()]
    assert parts == [MESSAGE.text, MESSAGE.rich]


@pytest.mark.enable_socket
def test_a_whole_story_arrives_unharmed():
    postbox, message = Postbox(), render(STORY)

    with receiver(postbox) as options:
        send(options, message=message)

    html = postbox.mails[0].get_body(("html",))
    assert html is not None
    assert unix(html) == message.rich + "\n"


@pytest.mark.enable_socket
def test_a_line_that_begins_with_from_stays_as_it_is():
    postbox = Postbox()

    with receiver(postbox) as options:
        EmailChannel(options).send(TO, replace(MESSAGE, text="From noon on\n"), key="k")

    text = postbox.mails[0].get_body(("plain",))
    assert text is not None
    assert text.get_content() == "From noon on\r\n"


@pytest.mark.enable_socket
def test_a_repeat_carries_the_same_id_and_another_notice_another():
    postbox = Postbox()

    with receiver(postbox) as options:
        channel = EmailChannel(options)
        for key in ("a", "a", "b"):
            channel.send(TO, MESSAGE, key=key)

    first, again, other = (mail["Message-ID"] for mail in postbox.mails)
    assert first == again != other
    assert first.endswith("@example.org>")


@pytest.mark.enable_socket
def test_notices_of_one_thread_name_the_same_root_whichever_comes_first():
    postbox = Postbox()

    with receiver(postbox) as options:
        channel = EmailChannel(options)
        for key, thread in (("a", "incident:1"), ("b", "incident:1"), ("c", "incident:2")):
            channel.send(TO, MESSAGE, key=key, thread=thread)

    first, second, other = (mail["References"] for mail in postbox.mails)
    assert first == second != other
    assert first not in {mail["Message-ID"] for mail in postbox.mails}


@pytest.mark.enable_socket
def test_two_services_with_one_sender_do_not_share_ids():
    postbox = Postbox()

    with receiver(postbox) as options:
        for origin in ("https://one.example", "https://two.example", "no address"):
            EmailChannel(replace(options, origin=origin)).send(TO, MESSAGE, key="a")

    assert len({mail["Message-ID"] for mail in postbox.mails}) == 3
    assert [mail["List-Id"] for mail in postbox.mails] == [
        "Assay <notices.one.example>",
        "Assay <notices.two.example>",
        "Assay <notices.example.org>",
    ]


@pytest.mark.enable_socket
def test_a_subject_cannot_add_a_header():
    postbox = Postbox()
    hostile = replace(MESSAGE, subject="x\r\nBcc: eve@example.org", text="\ud800")

    with receiver(postbox) as options:
        send(options, message=hostile)

    assert postbox.mails[0]["Bcc"] is None
    assert postbox.mails[0]["Subject"] == "x Bcc: eve@example.org"


@pytest.mark.parametrize(
    "target",
    ["", "ana", "ana@", "a@b.c, d@e.f", "Ana <a@b.c>", "a@b.c\r\nBcc: d@e.f", "a@b.c\u202e"],
)
def test_what_is_no_address_is_refused_for_good_before_connecting(target: str):
    found = failure(OPTIONS, target)

    assert (found.permanent, found.gone) == (True, True)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("postbox", "permanent"),
    [
        (Postbox(on_rcpt="550 no such user"), True),
        (Postbox(on_rcpt="450 mailbox busy"), False),
        (Postbox(on_data="554 no spam here"), True),
        (Postbox(on_data="451 try later"), False),
    ],
    ids=["unknown receiver", "busy receiver", "refused message", "busy server"],
)
def test_refusals_are_permanent_from_500_on(postbox: Postbox, *, permanent: bool):
    with receiver(postbox) as options:
        found = failure(options)

    assert found.permanent is permanent
    assert str(found).startswith(f"{TO} refused: ")
    assert "ASSAY_SMTP_SENDER" in found.advice


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("postbox", "gone"),
    [
        (Postbox(on_rcpt="550 no such user"), True),
        (Postbox(on_rcpt="551 user moved"), True),
        (Postbox(on_rcpt="553 bad name"), True),
        (Postbox(on_rcpt="550 5.1.1 unknown"), True),
        (Postbox(on_rcpt="550 5.1.10 null MX"), True),
        (Postbox(on_rcpt="554 5.2.1 disabled"), True),
        (Postbox(on_rcpt="550 5.7.1 relaying denied"), False),
        (Postbox(on_rcpt="553 5.1.8 sender's domain"), False),
        (Postbox(on_rcpt="552 5.2.2 mailbox full"), False),
        (Postbox(on_rcpt="554 no"), False),
        (Postbox(on_rcpt="450 4.1.1 unknown"), False),
        (Postbox(on_rcpt="450 5.1.1 in two minds"), False),
        (Postbox(on_data="550 5.1.1 unknown"), False),
    ],
)
def test_only_what_is_said_of_the_address_means_that_the_receiver_is_gone(
    postbox: Postbox, *, gone: bool
):
    with receiver(postbox) as options:
        found = failure(options)

    assert found.gone is gone


@pytest.mark.enable_socket
def test_a_server_that_is_away_is_tried_again():
    with receiver(Postbox()) as options:
        pass

    found = failure(options)

    assert not found.permanent
    assert "127.0.0.1" in str(found)
    assert "No mail server listens there" in found.advice


@pytest.mark.enable_socket
def test_a_rude_goodbye_after_a_taken_message_is_no_failure():
    postbox = Postbox(on_quit="500 what?")

    with receiver(postbox) as options:
        send(options)

    assert len(postbox.mails) == 1


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("password", "taken"), [("right", 1), ("wrong", 0), (None, 0)], ids=["right", "wrong", "none"]
)
def test_a_refused_login_can_be_mended_and_tried_again(password: str | None, taken: int):
    postbox = Postbox()

    def check(*facts: Any) -> AuthResult:
        return AuthResult(success=facts[-1].password == b"right", handled=False)

    with receiver(postbox, authenticator=check, auth_require_tls=False) as options:
        told = replace(options, username="assay", password=password)
        if taken:
            send(told)
        else:
            found = failure(told)
            assert not found.permanent
            assert "login refused" in str(found)
            assert "ASSAY_SMTP_PASSWORD" in found.advice

    assert len(postbox.mails) == taken


@pytest.mark.enable_socket
def test_a_password_that_smtp_cannot_carry_is_told_and_not_shown():
    secret = "pä55wört"  # noqa: S105 - no secret

    with receiver(Postbox(), authenticator=print, auth_require_tls=False) as options:
        found = failure(replace(options, username="assay", password=secret))

    assert not found.permanent
    assert secret not in str(found)


@pytest.mark.enable_socket
def test_a_server_without_encryption_gets_nothing_when_it_is_asked_for():
    postbox = Postbox()

    with receiver(postbox) as options:
        found = failure(replace(options, security="starttls"))

    assert (found.permanent, postbox.mails) == (False, [])
    assert "offers no STARTTLS" in found.advice


@pytest.mark.enable_socket
def test_a_server_that_does_not_speak_tls_gets_nothing():
    postbox = Postbox()

    with receiver(postbox) as options:
        found = failure(replace(options, security="tls", timeout=2.0))

    assert (found.permanent, postbox.mails) == (False, [])
    assert "TLS fails" in found.advice


@pytest.mark.parametrize(
    "options",
    [
        replace(OPTIONS, host=None),
        replace(OPTIONS, security="maybe"),
        replace(OPTIONS, sender="nobody"),
    ],
    ids=["no host", "unknown security", "no sender"],
)
def test_options_that_cannot_work_are_told_at_once(options: ChannelOptions):
    with pytest.raises(ChannelMisconfigured):
        EmailChannel(options)
