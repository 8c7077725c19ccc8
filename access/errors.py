"""What keeps somebody out.

AccessError
├── Unauthenticated   no token, or one that opens nothing
└── Forbidden         the token is good, but not for this
"""

from access.model import Action, Principal


class AccessError(Exception):
    """Base of all errors raised by ``access``."""


class Unauthenticated(AccessError):
    """No token was given, or it is unknown, expired or revoked."""


class Forbidden(AccessError):
    """The holder may not do this here."""

    def __init__(self, principal: Principal, action: Action, domain: str) -> None:
        self.principal = principal
        self.action = action
        self.domain = domain
        where = "in the service" if domain == "*" else f"in domain {domain!r}"
        held = "everywhere" if principal.domain == "*" else f"of domain {principal.domain!r}"
        article = "an" if principal.role.value[0] in "aeiou" else "a"
        what = action.value.replace("_", " ")
        super().__init__(
            f"{principal.name!r} is {article} {principal.role} {held} and may not {what} {where}"
        )


def require(principal: Principal, action: Action, domain: str = "*") -> None:
    """Let ``principal`` pass.

    Raises:
        Forbidden: they may not do ``action`` in ``domain``.
    """
    if not principal.may(action, domain):
        raise Forbidden(principal, action, domain)
