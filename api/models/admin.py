"""Connections, tokens, health: what administrators deal with."""

from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi.openapi.models import Example
from pydantic import Field

from access.model import EVERYWHERE, Role
from api.models.base import Shape, Word
from products.model import Tls

CONNECTIONS_GIVEN: Final[dict[str, Example]] = {
    "files": {
        "summary": "Files below a folder",
        "value": {"source": "files", "roots": ["/srv/deliveries"]},
    },
    "postgresql": {
        "summary": "A database",
        "value": {
            "source": "postgresql",
            "host": "db.example.org",
            "port": 5432,
            "database": "sales",
            "user": "assay_reader",
            "secret": "env:SALES_PASSWORD",
            "tls": "verify-full",
        },
    },
}
_Short = Annotated[Word, Field(max_length=255)]


class Me(Shape):
    """Whoever asks."""

    name: str = Field(examples=["orders-team"])
    role: Role
    domain: str = Field(description="Where the role holds; `*` is everywhere.", examples=["sales"])


class ConnectionInput(Shape):
    """Where a connection leads: files have `roots`; databases have all the others."""

    source: Annotated[Word, Field(max_length=40)] = Field(
        description="Kind of the source: `files`, or a database such as `postgresql`."
    )
    roots: list[str] = Field(
        [],
        max_length=20,
        description="Absolute, existing folders; nothing outside them is ever read.",
    )
    host: _Short | None = Field(
        None, description="Name, IP address, or absolute folder of a Unix socket."
    )
    port: int | None = Field(None, description="1 to 65535; null: 5432.")
    database: _Short | None = Field(None, description="What the database is called there.")
    user: _Short | None = Field(None, description="As whom it is asked; best a read-only role.")
    secret: Annotated[str, Field(max_length=1000)] | None = Field(
        None,
        description="Where the password is kept, `env:NAME` or `file:/absolute/path`, as the "
        "processes of the service see it; never the password itself. Null: none is shown.",
    )
    tls: Tls | None = Field(
        None, description="How the way is secured, as PostgreSQL's `sslmode`; null: `prefer`."
    )


class ConnectionDocument(Shape):
    """A named way to data. Contracts give the name, never the place.

    Where it leads is told to administrators; for others `roots` is empty and the rest is null.
    """

    name: str = Field(examples=["warehouse"])
    source: str = Field(examples=["postgresql"])
    roots: list[str] = Field(description="Folders, of `files`.", examples=[[]])
    host: str | None = Field(examples=["db.example.org"])
    port: int | None = Field(examples=[5432])
    database: str | None = Field(examples=["sales"])
    user: str | None = Field(examples=["assay_reader"])
    secret: str | None = Field(
        description="Where the password is kept, never the password.",
        examples=["env:SALES_PASSWORD"],
    )
    tls: Tls | None = Field(examples=["verify-full"])


class ConnectionTry(Shape):
    """What came of reaching for a connection from the process that answers."""

    name: str = Field(examples=["warehouse"])
    ok: bool = Field(description="Whether it can be read.", examples=[True])
    detail: str = Field(
        description="What answered, or why nothing did.", examples=["PostgreSQL 17.2, as assay"]
    )
    seconds: float = Field(description="How long that took.", examples=[0.021])


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
