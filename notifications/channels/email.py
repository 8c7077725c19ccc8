"""E-mail over SMTP: text and HTML in one message."""

import hashlib
import smtplib
import ssl
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from notifications.channels import ChannelOptions
from notifications.errors import ChannelMisconfigured, DeliveryFailed
from notifications.model import Message

_SECURITY: Final = ("none", "starttls", "tls")
_PERMANENT: Final = (
    500  # SMTP replies from here on will not change by trying again (RFC 5321, 4.2.1)
)


class EmailChannel:
    """Sends a message to one address. The target is a plain address such as ``ana@example.org``."""

    def __init__(self, options: ChannelOptions) -> None:
        """Check the options; connects to nothing yet.

        Raises:
            ChannelMisconfigured: no host, no valid sender, or an unknown ``security``.
        """
        if not options.host:
            raise ChannelMisconfigured("email", "no mail server is set")
        if options.security not in _SECURITY:
            known = ", ".join(_SECURITY)
            raise ChannelMisconfigured("email", f"security is {options.security!r}, not {known}")
        try:
            self._sender = _address(options.sender)
        except ValueError as cause:
            raise ChannelMisconfigured("email", f"sender: {cause}") from cause
        self._host = options.host
        self._options = options

    def send(self, target: str, message: Message, *, key: str) -> None:
        """Hand the message to the mail server.

        What the server refuses for good because of the message or its receiver is permanent. A
        refused login or missing encryption is not: once the settings are mended, it can be sent.

        Raises:
            DeliveryFailed: it was not taken.
        """
        try:
            receiver = _address(target)
        except ValueError as cause:
            raise DeliveryFailed(str(cause), permanent=True) from cause
        mail = self._compose(receiver, message, key)
        try:
            self._hand_over(mail, receiver.addr_spec)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, reply = refusal.recipients[receiver.addr_spec]
            raise _refused(code, reply, target) from refusal
        except smtplib.SMTPAuthenticationError as refusal:
            raise DeliveryFailed(f"login refused: {_readable(refusal.smtp_error)}") from refusal
        except smtplib.SMTPResponseException as refusal:
            raise _refused(refusal.smtp_code, refusal.smtp_error, target) from refusal
        except (smtplib.SMTPException, OSError, ValueError) as fault:  # a login outside ASCII
            where = f"{self._host}:{self._options.port}"
            raise DeliveryFailed(f"{where}: {type(fault).__name__}: {fault}") from fault

    def _hand_over(self, mail: EmailMessage, receiver: str) -> None:
        server = self._connect()
        try:
            # Not send_message: it writes the mail as for an mbox file, with ">From" in the text.
            server.sendmail(self._sender.addr_spec, [receiver], mail.as_bytes())
            with suppress(
                smtplib.SMTPException, OSError
            ):  # it is taken; a rude goodbye is no failure
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        options = self._options
        if options.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host,
                options.port,
                timeout=options.timeout,
                context=ssl.create_default_context(),
            )
        else:
            server = smtplib.SMTP(self._host, options.port, timeout=options.timeout)
        try:
            if options.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if options.username is not None:
                server.login(options.username, options.password or "")
        except (smtplib.SMTPException, OSError, ValueError):
            server.close()
            raise
        return server

    def _compose(self, receiver: Address, message: Message, key: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._sender
        mail["To"] = receiver
        mail["Subject"] = _readable(message.subject)
        mail["Date"] = format_datetime(self._options.clock())
        mail["Message-ID"] = _message_id(key, self._sender.domain)
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(_encodable(message.text), cte="quoted-printable")
        mail.add_alternative(_encodable(message.html), subtype="html", cte="quoted-printable")
        return mail


def _address(text: str) -> Address:
    """Parse one plain address.

    Raises:
        ValueError: it is none, or it is more than one.
    """
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, HeaderParseError) as cause:
        raise ValueError(f"{text!r} is no e-mail address") from cause
    if not (text.isascii() and text.isprintable() and address.username and address.domain):
        raise ValueError(f"{text!r} is no e-mail address")
    return address


def _message_id(key: str, domain: str) -> str:
    """Return the same id for the same notice, so that a repeat can be told by mail programs."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _refused(code: int, reply: bytes | str, target: str) -> DeliveryFailed:
    words = f"{target} refused: {code} {_readable(reply)}"
    return DeliveryFailed(words, permanent=code >= _PERMANENT)


def _encodable(text: str) -> str:
    """Return ``text`` without lone surrogates, which no encoding can carry."""
    return text.encode(errors="replace").decode()


def _readable(text: bytes | str) -> str:
    """Return ``text`` on one line."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
