"""A published version as it is recorded: the bytes are the record, the rest is derived."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_NUMBERS: Final = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One published version of a contract; immutable once published.

    Attributes:
        product: Key of the data product it is about.
        sha256: Hash of the document's bytes, in hex.
        media_type: ``application/yaml`` or ``application/json``, as the bytes are.
        published_at: UTC.
        published_by: Name of the token that published it.
        current: Whether it is the version that runs now.
    """

    contract_id: str
    version: str
    product: str
    sha256: str
    media_type: str
    published_at: datetime
    published_by: str
    current: bool = True


def is_lower(version: str, than: str) -> bool:
    """Whether one version comes before another; what has no three numbers is not compared."""
    new, old = _NUMBERS.match(version), _NUMBERS.match(than)
    if new is None or old is None:
        return False
    return tuple(map(int, new.groups())) < tuple(map(int, old.groups()))
