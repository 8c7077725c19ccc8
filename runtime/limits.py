"""What one run may use, from settings. Apart from ``build``, so that a check loads no store."""

from checks.location import Limits
from runtime.settings import Settings


def build_limits(settings: Settings) -> Limits:
    """Return what one run may use."""
    return Limits(
        memory_mb=settings.memory_mb,
        threads=settings.threads,
        statement_seconds=settings.statement_seconds,
        fused=settings.fused,
    )
