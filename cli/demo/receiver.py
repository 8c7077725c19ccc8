"""A real mail receiver on this machine, which keeps what arrives."""

import threading
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """What arrived, oldest first; may be read while more arrives."""

    def __init__(self) -> None:
        self._arrived: list[EmailMessage] = []
        self._lock = threading.Lock()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        """Keep a message; aiosmtpd calls this for each."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content or "").encode()
        message: EmailMessage = BytesParser(policy=default).parsebytes(raw)
        with self._lock:
            self._arrived.append(message)
        return "250 kept"

    def find(self, words: str, *, to: str) -> EmailMessage | None:
        """Return the newest message to ``to`` whose subject holds ``words``, in any case."""
        with self._lock:
            arrived = list(self._arrived)
        return next((one for one in reversed(arrived) if _is(one, words, to)), None)


def _is(message: EmailMessage, words: str, to: str) -> bool:
    return words.lower() in str(message["subject"]).lower() and to in str(message["to"])


def start(mailbox: Mailbox, port: int) -> Controller:
    """Start receiving on 127.0.0.1; the caller stops it with ``stop()``."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    return controller


def text_of(message: EmailMessage) -> str:
    """Return what a reader without HTML sees."""
    body = message.get_body(preferencelist=("plain",))
    return "" if body is None else str(body.get_content())
