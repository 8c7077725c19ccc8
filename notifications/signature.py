"""Sign what is sent to webhooks, so that a receiver knows it came from here and is whole.

Source:
    Standard Webhooks 1.0.0: headers ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``;
    HMAC-SHA256 over ``id.timestamp.body``; secrets as ``whsec_`` and base64; several signatures,
    parted by spaces, while a secret is renewed.
"""

import base64
import hashlib
import hmac
from typing import Final

LEAST: Final = 32  # characters of a master
_PURPOSE: Final = b"assay webhook 1\0"
_PREFIX: Final = "whsec_"


def derive(master: str, url: str) -> bytes:
    """Return the key of one receiver: 32 bytes from which neither master nor another key follows.

    Args:
        master: The service's secret.
        url: The receiver's address, letter for letter as the contract has it.
    """
    return hmac.digest(master.encode(), _PURPOSE + url.encode(), hashlib.sha256)


def spelt(key: bytes) -> str:
    """Return a key as receivers are given it: ``whsec_`` and base64."""
    return _PREFIX + base64.b64encode(key).decode()


def headers(*keys: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a signed message.

    Args:
        keys: The receiver's, the newest first: a signature is made with each, and any suffices.
        message_id: The same for every try; holds no full stop.
        timestamp: Seconds since 1970 of this try, UTC.
        body: Exactly what is sent.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(key, signed) for key in keys),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
