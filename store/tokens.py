"""Who may come in, as rows."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from access.model import Principal, Role, Token
from store.tables.door import TOKEN

_BY_PREFIX: Final = select(TOKEN).where(TOKEN.c.prefix == bindparam("prefix")).order_by(TOKEN.c.id)


class SqlTokens:
    """Tokens inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: Token, digest: str) -> Token:
        """Keep a new token and return it with its id."""
        inserted = self._connection.execute(
            insert(TOKEN)
            .values(
                name=token.principal.name,
                role=token.principal.role.value,
                domain=token.principal.domain,
                prefix=token.prefix,
                digest=digest,
                created_at=token.created_at,
                expires_at=token.expires_at,
                revoked_at=token.revoked_at,
            )
            .returning(TOKEN.c.id)
        )
        return replace(token, id=inserted.scalar_one())

    def find(self, prefix: str) -> tuple[tuple[Token, str], ...]:
        """Return tokens whose secret begins with ``prefix``, each with its digest."""
        rows = self._connection.execute(_BY_PREFIX, {"prefix": prefix})
        return tuple((_token_of(row), row["digest"]) for row in rows.mappings())

    def all(self) -> tuple[Token, ...]:
        """Return every token, oldest first."""
        rows = self._connection.execute(select(TOKEN).order_by(TOKEN.c.id))
        return tuple(_token_of(row) for row in rows.mappings())

    def revoke(self, token_id: int, *, now: datetime) -> bool:
        """Close a token for good; False when there is none, or it is closed already."""
        closed = self._connection.execute(
            update(TOKEN)
            .where(TOKEN.c.id == token_id, TOKEN.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return closed.rowcount == 1


def _token_of(row: RowMapping) -> Token:
    return Token(
        id=row["id"],
        principal=Principal(name=row["name"], role=Role(row["role"]), domain=row["domain"]),
        prefix=row["prefix"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )
