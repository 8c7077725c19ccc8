"""Connections, tokens, health: what administrators deal with."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from access.model import EVERYWHERE, Role
from api.models.base import Shape, Word


class ConnectionInput(Shape):
    """Where a connection leads."""

    source: Literal["files"] = Field(description="Kind of the source.")
    roots: list[str] = Field(
        min_length=1,
        max_length=20,
        description="Absolute, existing folders; nothing outside them is ever read.",
        examples=[["/srv/deliveries"]],
    )


class ConnectionDocument(Shape):
    """A named way to data. Contracts give the name, never the place."""

    name: str = Field(examples=["warehouse"])
    source: str = Field(examples=["files"])
    roots: list[str]


class Connections(Shape):
    """Every connection, by name."""

    items: list[ConnectionDocument]


class TokenInput(Shape):
    """Whom a new token makes of its holder."""

    name: Word = Field(min_length=1, max_length=100, examples=["orders-team"])
    role: Role
    domain: Word = Field(
        EVERYWHERE, min_length=1, max_length=100, description="A domain's name, or `*` for all."
    )
    lifetime_days: int | None = Field(
        None, ge=1, le=3650, description="Days until it expires; null: never."
    )


class TokenDocument(Shape):
    """A token without its secret. Times are UTC."""

    id: int
    name: str
    role: Role
    domain: str
    prefix: str = Field(description="The first letters of its secret.")
    created_at: datetime
    expires_at: datetime | None = Field(description="Null: never.")
    revoked_at: datetime | None


class NewToken(TokenDocument):
    """A token just made."""

    secret: str = Field(description="Shown this once; only a hash is kept.")


class Tokens(Shape):
    """Every token, oldest first."""

    items: list[TokenDocument]


class Alive(Shape):
    """The process answers."""

    status: Literal["alive"]


class Ready(Shape):
    """The service is whole."""

    status: Literal["ready"]
    dead_letters: int = Field(description="Notices that were given up.")
