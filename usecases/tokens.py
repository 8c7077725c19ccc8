"""Give out tokens, recognise their holders, close them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from access import secret as secrets
from access.errors import Unauthenticated, require
from access.model import Action, Principal, Token
from access.record import AuditEvent
from usecases.errors import NotFound
from usecases.ports import Store


def create_token(
    store: Store,
    principal: Principal,
    *,
    by: Principal,
    lifetime: timedelta | None = None,
    clock: Callable[[], datetime],
) -> tuple[Token, str]:
    """Make a token for ``principal`` and return it with its secret, which is shown only here.

    It opens things for ``lifetime``; None means for ever. What is kept of it is a hash.

    Raises:
        Forbidden: ``by`` is no administrator.
    """
    require(by, Action.ADMINISTER)
    now, secret = clock(), secrets.make()
    token = Token(
        id=0,
        principal=principal,
        prefix=secrets.prefix(secret),
        created_at=now,
        expires_at=None if lifetime is None else now + lifetime,
    )
    with store.write() as shelf:
        kept = shelf.tokens.add(token, secrets.digest(secret))
        shelf.audit.append(
            AuditEvent(
                at=now,
                actor=by.name,
                action="token.create",
                subject=f"token/{kept.id}",
                detail=f"{principal.name}: {principal.role} in {principal.domain}",
            )
        )
    return kept, secret


def authenticate(store: Store, secret: str, *, clock: Callable[[], datetime]) -> Principal:
    """Return who holds the token ``secret``.

    Raises:
        Unauthenticated: it opens nothing, for whatever reason; the reason is not told.
    """
    prefix = secrets.prefix(secret)
    found = store.recall(("tokens", prefix), lambda shelf: shelf.tokens.find(prefix))
    now = clock()
    for token, digest in found:
        if secrets.matches(secret, digest) and token.live(now):
            return token.principal
    raise Unauthenticated("the token is unknown, expired or revoked")


def list_tokens(store: Store, *, by: Principal) -> tuple[Token, ...]:
    """Return every token without its secret.

    Raises:
        Forbidden: ``by`` is no administrator.
    """
    require(by, Action.ADMINISTER)
    with store.read() as shelf:
        return shelf.tokens.all()


def revoke_token(
    store: Store, token_id: int, *, by: Principal, clock: Callable[[], datetime]
) -> None:
    """Close a token for good.

    Raises:
        Forbidden: ``by`` is no administrator.
        NotFound: there is no such open token.
    """
    require(by, Action.ADMINISTER)
    now = clock()
    with store.write() as shelf:
        if not shelf.tokens.revoke(token_id, now=now):
            raise NotFound("open token", str(token_id))
        shelf.audit.append(
            AuditEvent(at=now, actor=by.name, action="token.revoke", subject=f"token/{token_id}")
        )
