"""Who asks, and what they may do. Deny by default."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a token's holder is in a domain, least first."""

    VIEWER = "viewer"
    CONSUMER = "consumer"
    PRODUCER = "producer"
    OWNER = "owner"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be asked of the service."""

    READ = "read"
    PUBLISH = "publish"
    RUN = "run"
    SEE_EVIDENCE = "see_evidence"
    MANAGE_INCIDENTS = "manage_incidents"
    MANAGE_SCHEDULES = "manage_schedules"
    ADMINISTER = "administer"


_READER: Final = frozenset({Action.READ})
_PRODUCER: Final = _READER | {Action.PUBLISH, Action.RUN}
_OWNER: Final = _PRODUCER | {
    Action.SEE_EVIDENCE,
    Action.MANAGE_INCIDENTS,
    Action.MANAGE_SCHEDULES,
}
_MAY: Final = {
    Role.VIEWER: _READER,
    Role.CONSUMER: _READER,
    Role.PRODUCER: _PRODUCER,
    Role.OWNER: _OWNER,
    Role.ADMIN: frozenset(Action),
}
EVERYWHERE: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Whoever holds a token. ``domain`` is a domain's name, or ``*`` for all of them."""

    name: str
    role: Role
    domain: str = EVERYWHERE

    def may(self, action: Action, domain: str = EVERYWHERE) -> bool:
        """Whether this holder may do ``action`` in ``domain``; ``*`` is the service as a whole."""
        if action not in _MAY[self.role]:
            return False
        return action is Action.READ or self.domain in {EVERYWHERE, domain}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is kept: never its secret. Times are UTC; ``expires_at`` None means never."""

    id: int
    principal: Principal
    prefix: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether it opens anything at ``now``."""
        expired = self.expires_at is not None and self.expires_at <= now
        return self.revoked_at is None and not expired
