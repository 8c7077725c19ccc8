"""The broker: does it answer, and what is it."""

from typing import Final

from checks.attempt import Fault, attempt
from cli.probes.finding import Finding, State
from runtime.redact import scrubbed
from runtime.settings import Settings

_NAME: Final = "broker"
_PATIENCE: Final = 2.0  # seconds
_ADVICE: Final = (
    "see that Redis runs and that ASSAY_BROKER_URL leads to it; runs wait in the database meanwhile"
)


def broker(settings: Settings) -> Finding:
    """Whether the broker answers within two seconds. Nothing is put into it."""
    url = settings.broker_url.get_secret_value()
    if url.startswith("memory:"):
        detail = "inside the one process of 'assay up'"
        return Finding(name=_NAME, state=State.OK, detail=detail)
    if not url.startswith(("redis:", "rediss:")):
        detail = f"{scrubbed(url).partition(':')[0]} was not tested"
        return Finding(name=_NAME, state=State.WARN, detail=detail, advice="use redis://")
    where = scrubbed(url).partition("?")[0]  # options may hold a password
    asked = attempt(lambda: _version(url))
    if isinstance(asked, Fault):
        why = scrubbed(" ".join(str(asked).split()))
        return Finding(
            name=_NAME, state=State.FAIL, detail=f"{where} does not answer: {why}", advice=_ADVICE
        )
    return Finding(name=_NAME, state=State.OK, detail=f"Redis {asked} answers at {where}")


def _version(url: str) -> str:
    import redis  # noqa: PLC0415 - half a second that no other command shall pay

    with redis.Redis.from_url(
        url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=None
    ) as asked:
        asked.ping()
        told = asked.info("server")
    return str(told["redis_version"])
