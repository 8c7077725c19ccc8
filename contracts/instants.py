"""An instant as documents spell it."""

from datetime import UTC, datetime


def instant(at: datetime) -> str:
    """Return an aware instant as ISO 8601 in UTC, such as ``2026-11-20T09:41:00Z``."""
    return at.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
