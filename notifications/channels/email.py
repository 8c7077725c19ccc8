"""E-mail over SMTP: text and HTML in one message."""

import hashlib
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import ClassVar, Final
from urllib.parse import urlsplit

from notifications.channels import ChannelOptions
from notifications.errors import ChannelMisconfigured, DeliveryFailed
from notifications.model import Form, Message

_SECURITY: Final = ("none", "starttls", "tls")
# SMTP replies from here on will not change by trying again (RFC 5321, 4.2.1)
_PERMANENT: Final = 500
# Replies to a receiver that say that there is no such mailbox (RFC 5321, 4.2.3). Where the reply
# goes on with an enhanced code (RFC 3463), that decides: a 550 may also be the server's policy.
_NO_MAILBOX: Final = frozenset({550, 551, 553})
_ENHANCED: Final = re.compile(r"5\.\d{1,3}\.\d{1,3}(?!\d)")
_NO_ADDRESS: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_LIST: Final = "notices"
_AT_RECEIVER: Final = (
    "Look at the address. If it is right, the server does not take mail for it from "
    "ASSAY_SMTP_SENDER."
)
_AT_MESSAGE: Final = "Does the server let ASSAY_SMTP_SENDER send? Its own log should say why."
_AT_TLS: Final = (
    "TLS fails: does ASSAY_SMTP_SECURITY (none, starttls, tls) fit ASSAY_SMTP_PORT, and does the "
    "server's certificate name ASSAY_SMTP_HOST?"
)
_AT_OFFER: Final = (
    "The server offers no STARTTLS or no login: look at ASSAY_SMTP_SECURITY and "
    "ASSAY_SMTP_USERNAME."
)
_AT_SILENCE: Final = (
    "Does ASSAY_SMTP_SECURITY (none, starttls, tls) fit ASSAY_SMTP_PORT, and does a firewall stand "
    "between?"
)
_AT_NAME: Final = "The name in ASSAY_SMTP_HOST cannot be resolved on this machine."
_AT_PORT: Final = "No mail server listens there: look at ASSAY_SMTP_HOST and ASSAY_SMTP_PORT."
_AT_SERVER: Final[tuple[tuple[type[Exception], str], ...]] = (
    (ssl.SSLError, _AT_TLS),
    (smtplib.SMTPNotSupportedError, _AT_OFFER),
    (smtplib.SMTPServerDisconnected, _AT_SILENCE),
    (TimeoutError, _AT_SILENCE),
    (socket.gaierror, _AT_NAME),
    (ConnectionError, _AT_PORT),
)


class EmailChannel:
    """Sends a message to one address. The target is a plain address such as ``ana@example.org``."""

    reads: ClassVar = Form.LETTER

    def __init__(self, options: ChannelOptions) -> None:
        """Check the options; connects to nothing yet.

        Raises:
            ChannelMisconfigured: no host, no valid sender, or an unknown ``security``.
        """
        if not options.host:
            advice = "Set ASSAY_SMTP_HOST, and what else its mail server asks for."
            raise ChannelMisconfigured("email", "no mail server is set", advice=advice)
        if options.security not in _SECURITY:
            known = ", ".join(_SECURITY)
            raise ChannelMisconfigured("email", f"security is {options.security!r}, not {known}")
        try:
            self._sender = _address(options.sender)
        except ValueError as cause:
            advice = "Set ASSAY_SMTP_SENDER to a plain address."
            raise ChannelMisconfigured("email", f"sender: {cause}", advice=advice) from cause
        self._host = options.host
        self._options = options

    def send(self, target: str, message: Message, *, key: str, thread: str = "") -> None:
        """Hand the message to the mail server.

        What the server refuses for good because of the message or its receiver is permanent; where
        it says that there is no such mailbox, the receiver is gone. A refused login or missing
        encryption is not permanent: once the settings are mended, it can be sent.

        Raises:
            DeliveryFailed: it was not taken.
        """
        try:
            receiver = _address(target)
        except ValueError as cause:
            raise DeliveryFailed(str(cause), gone=True) from cause
        mail = self._compose(receiver, message, key, thread)
        try:
            self._hand_over(mail, receiver.addr_spec)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, reply = refusal.recipients[receiver.addr_spec]
            gone = _is_gone(code, _readable(reply))
            raise _refused(code, reply, target, _AT_RECEIVER, gone=gone) from refusal
        except smtplib.SMTPAuthenticationError as refusal:
            raise self._locked_out(refusal) from refusal
        except smtplib.SMTPResponseException as refusal:
            raise _refused(refusal.smtp_code, refusal.smtp_error, target, _AT_MESSAGE) from refusal
        except (smtplib.SMTPException, OSError, ValueError) as fault:  # a login outside ASCII
            raise self._unreached(fault) from fault

    def _locked_out(self, refusal: smtplib.SMTPAuthenticationError) -> DeliveryFailed:
        return DeliveryFailed(
            f"login refused: {_readable(refusal.smtp_error)}",
            advice="Look at ASSAY_SMTP_USERNAME and ASSAY_SMTP_PASSWORD.",
        )

    def _unreached(self, fault: Exception) -> DeliveryFailed:
        options = self._options
        where = f"{self._host}:{options.port} (security {options.security})"
        what = f"{where}: {type(fault).__name__}: {_readable(str(fault))}"
        return DeliveryFailed(what, advice=_advice(fault))

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

    def _compose(self, receiver: Address, message: Message, key: str, thread: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._sender
        mail["To"] = receiver
        mail["Subject"] = _readable(message.subject)
        mail["Date"] = format_datetime(self._options.clock())
        mail["Message-ID"] = self._message_id(key)
        if thread:  # one that was never sent: all of a thread name it, whichever arrives first
            mail["References"] = self._message_id(thread)
        mail["List-Id"] = f"Assay <{_LIST}.{self._host_of_origin()}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(_encodable(message.text), cte="quoted-printable")
        mail.add_alternative(_encodable(message.rich), subtype="html", cte="quoted-printable")
        return mail

    def _message_id(self, key: str) -> str:
        """Return the same id for the same notice, so that mail programs can tell a repeat."""
        words = f"{self._options.origin}\0{key}".encode()
        return f"<{hashlib.sha256(words).hexdigest()[:40]}@{self._sender.domain}>"

    def _host_of_origin(self) -> str:
        host = urlsplit(self._options.origin).hostname or ""
        return host if host.isascii() and host.isprintable() and host else self._sender.domain


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


def _is_gone(code: int, reply: str) -> bool:
    """Whether a reply to the receiver's address says that nothing ever reaches it."""
    if code < _PERMANENT:
        return False
    enhanced = _ENHANCED.match(reply)
    return enhanced.group() in _NO_ADDRESS if enhanced else code in _NO_MAILBOX


def _refused(
    code: int, reply: bytes | str, target: str, advice: str, *, gone: bool = False
) -> DeliveryFailed:
    words = f"{target} refused: {code} {_readable(reply)}"
    return DeliveryFailed(words, permanent=code >= _PERMANENT, gone=gone, advice=advice)


def _advice(fault: Exception) -> str:
    """Return what to look at when the mail server could not be talked to."""
    found = (words for kind, words in _AT_SERVER if isinstance(fault, kind))
    return next(found, "Look at ASSAY_SMTP_HOST and ASSAY_SMTP_PORT.")


def _encodable(text: str) -> str:
    """Return ``text`` without lone surrogates, which no encoding can carry."""
    return text.encode(errors="replace").decode()


def _readable(text: bytes | str) -> str:
    """Return ``text`` on one line."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
