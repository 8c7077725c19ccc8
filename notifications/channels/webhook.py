"""Signed webhook: an event as JSON, by POST, to the URL that a contract names."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import ClassVar, Final

from notifications import wire
from notifications.channels import ChannelOptions
from notifications.errors import ChannelMisconfigured, DeliveryFailed
from notifications.guard import Place, read_allowed, read_place
from notifications.model import Form, Message
from notifications.signature import LEAST, derive, headers, spelt
from notifications.wire import Answer
from notifications.words import clean

_AGENT: Final = "Assay-Webhook/1"
_SHOWN: Final = 200  # characters of an answer
_LONGEST_WAIT: Final = timedelta(hours=6)
_MAKE_ONE: Final = "Set ASSAY_WEBHOOK_SECRET, such as what 'openssl rand -base64 32' prints."
_TAKE_AWAY: Final = (
    "Set ASSAY_WEBHOOK_SECRET_PREVIOUS to what ASSAY_WEBHOOK_SECRET was before, or take it away."
)
_ADVICE: Final = {
    401: "Does the receiver check with the secret that 'assay notify secret URL' shows?",
    403: "Does the receiver check with the secret that 'assay notify secret URL' shows?",
    404: "Look at the URL in the contract: nobody listens there.",
    405: "The receiver must take POST at this URL.",
    410: "The receiver is gone for good: take it out of the contract, or name its new URL.",
}


class WebhookChannel:
    """Sends an event to one URL. The target is the URL, letter for letter as the contract says."""

    reads: ClassVar = Form.EVENT

    def __init__(self, options: ChannelOptions) -> None:
        """Check the options; connects to nothing yet.

        Raises:
            ChannelMisconfigured: there is no secret to sign with, it or the one before is too
                short, or an entry of what is allowed beside public addresses cannot be read.
        """
        webhook = options.webhook
        self._masters = _masters(webhook.secret() or "", webhook.previous() or "")
        try:
            self._allowed = read_allowed(webhook.allow, http=webhook.http)
        except ValueError as cause:
            advice = "Mend ASSAY_WEBHOOK_ALLOW."
            why = f"what is allowed cannot be read: {cause}"
            raise ChannelMisconfigured("webhook", why, advice=advice) from cause
        self._options = options

    def secret(self, target: str) -> str:
        """Return what the receiver at ``target`` checks signatures with, such as ``whsec_...``.

        While a previous master is set, what was derived from that one suffices as well.
        """
        return spelt(derive(self._masters[0], target))

    def send(self, target: str, message: Message, *, key: str, thread: str = "") -> None:
        """Post the event.

        Lasting are a URL that must not be called, a redirect, and an answer of 400 to 499 but 408
        and 429. All else may pass. An answer of 410 says that the receiver is gone.

        Raises:
            DeliveryFailed: the receiver did not answer 200 to 299.
        """
        place = read_place(target, self._allowed)
        body = message.rich.encode()
        now = self._options.clock()
        signed = headers(
            *(derive(master, target) for master in self._masters),
            message_id=key,
            timestamp=int(now.timestamp()),
            body=body,
        )
        try:
            answer = wire.post(
                place,
                body,
                {"Content-Type": "application/json", "User-Agent": _AGENT, **signed},
                allowed=self._allowed,
                seconds=self._options.timeout,
                wire=self._options.webhook.wire,
            )
        except (OSError, HTTPException, UnicodeError) as fault:
            raise _unreached(place, fault) from fault
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise _refused(place, answer, now)


def _masters(current: str, previous: str) -> tuple[str, ...]:
    """Return what keys are derived from, the newest first."""
    if not current:
        raise ChannelMisconfigured("webhook", "no secret to sign with is set", advice=_MAKE_ONE)
    if len(current) < LEAST:
        why = f"the secret to sign with is shorter than {LEAST} characters"
        raise ChannelMisconfigured("webhook", why, advice=_MAKE_ONE)
    if previous and len(previous) < LEAST:
        why = f"the previous secret is shorter than {LEAST} characters"
        raise ChannelMisconfigured("webhook", why, advice=_TAKE_AWAY)
    return tuple(dict.fromkeys(filter(None, (current, previous))))


def _unreached(place: Place, fault: Exception) -> DeliveryFailed:
    words = clean(str(fault)) or "no more is known"
    what = f"{place.name}: {type(fault).__name__}: {words}"
    return DeliveryFailed(what, advice=_advice_of(fault))


def _advice_of(fault: Exception) -> str:
    kind = type(fault).__name__
    if kind == "gaierror":
        return "The name cannot be resolved: look at the URL, and at the DNS of this machine."
    if kind.startswith("SSL"):
        return "TLS fails: look at the receiver's certificate (name, chain, end) and its port."
    if isinstance(fault, TimeoutError):
        return (
            "Does a firewall stand between, or does the receiver work too long? It should "
            "answer first and work later."
        )
    return "Does a server listen there that this machine can reach?"


def _refused(place: Place, answer: Answer, now: datetime) -> DeliveryFailed:
    said = clean(answer.start.decode(errors="replace"))[:_SHOWN]
    status = f"{answer.status} {clean(answer.phrase)}".strip()
    what = f"{place.name} answered {status}" + (f": {said}" if said else "")
    if answer.status < HTTPStatus.BAD_REQUEST:
        advice = "Redirects are not followed: name the last URL in the contract."
        return DeliveryFailed(what, permanent=True, advice=advice)
    passing = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
    return DeliveryFailed(
        what,
        permanent=answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and answer.status not in passing,
        gone=answer.status == HTTPStatus.GONE,
        retry_after=_retry_after(answer.headers.get("retry-after", ""), now),
        advice=_ADVICE.get(answer.status, "The receiver's own log should say why."),
    )


def _retry_after(text: str, now: datetime) -> timedelta | None:
    """Return how long the receiver asks for, up to 6 hours: it gives seconds, or an HTTP date."""
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=min(int(text[:9]), _LONGEST_WAIT.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(wait, _LONGEST_WAIT) if wait > timedelta() else None
