"""The receiver that the documentation shows is run against what the service sends."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from notifications.signature import derive, headers, spelt

DOCUMENT = Path(__file__).parents[2] / "docs" / "notices.md"
URL = "https://hooks.example.org/assay/orders"
MASTER = "m" * 32
BODY = b'{"type":"incident.opened"}'
KEY = derive(MASTER, URL)

IsGenuine = Callable[[str, dict[str, str], bytes], bool]


@pytest.fixture(scope="module")
def is_genuine() -> IsGenuine:
    (snippet,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    names: dict[str, IsGenuine] = {}
    exec(compile(snippet, f"<{DOCUMENT.name}>", "exec"), names)  # noqa: S102 - our own document
    return names["is_genuine"]


def sent(at: float | None = None, body: bytes = BODY) -> dict[str, str]:
    return headers(KEY, message_id="n1", timestamp=int(at or time.time()), body=body)


def test_what_the_service_signs_is_genuine(is_genuine: IsGenuine):
    assert is_genuine(spelt(KEY), sent(), BODY)


def test_one_of_several_signatures_suffices(is_genuine: IsGenuine):
    before = derive("o" * 32, URL)

    both = headers(KEY, before, message_id="n1", timestamp=int(time.time()), body=BODY)

    assert is_genuine(spelt(KEY), both, BODY)
    assert is_genuine(spelt(before), both, BODY)


@pytest.mark.parametrize(
    ("secret", "shown", "body"),
    [
        (spelt(derive(MASTER, URL + "/")), sent(), BODY),
        (spelt(KEY), sent(), BODY + b" "),
        (spelt(KEY), sent(time.time() - 3600), BODY),
        (spelt(KEY), sent() | {"webhook-id": "n2"}, BODY),
        (spelt(KEY), sent() | {"webhook-timestamp": str(int(time.time()) + 1)}, BODY),
    ],
    ids=["another receiver's secret", "changed body", "old", "another id", "another time"],
)
def test_what_was_changed_is_not(
    is_genuine: IsGenuine, secret: str, shown: dict[str, str], body: bytes
):
    assert not is_genuine(secret, shown, body)
