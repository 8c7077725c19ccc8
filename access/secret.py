"""The secret of a token: made once, shown once, kept as a hash."""

import hashlib
import hmac
import secrets
from typing import Final

_MARK: Final = "assay_"
_PREFIX: Final = len(_MARK) + 8


def make() -> str:
    """Return a new secret of 256 random bits, recognisable by its first letters."""
    return _MARK + secrets.token_urlsafe(32)


def prefix(secret: str) -> str:
    """Return the part of a secret that may be shown and looked up."""
    return secret[:_PREFIX]


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret, in hex; this is what is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether ``secret`` has the digest ``kept``; takes the same time either way."""
    return hmac.compare_digest(digest(secret), kept)
