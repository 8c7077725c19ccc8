"""Domains, data products, their output ports, and the connections by which data is reached."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A data product.

    ``key`` is its address, such as ``sales.orders``; ``owner`` is a name for people.
    """

    key: str
    domain: str
    name: str
    purpose: str = ""
    owner: str | None = None


class Tls(StrEnum):
    """How a way to a database is secured, in the words of PostgreSQL's ``sslmode``."""

    DISABLE = "disable"
    ALLOW = "allow"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_CA = "verify-ca"
    VERIFY_FULL = "verify-full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database on a server, and who asks it.

    Attributes:
        host: Name or IP address, or the folder of a Unix socket.
        name: What the database is called on that server.
        user: None: whom the client library takes by itself.
        secret: Where the password is kept, ``env:NAME`` or ``file:/absolute/path``, never the
            password; None: none is shown. Not in ``repr``, in case somebody gave the password.
    """

    host: str
    port: int = 5432
    name: str
    user: str | None = None
    secret: str | None = field(default=None, repr=False)
    tls: Tls = Tls.PREFER


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How data is reached. Contracts name a connection; they never carry its place or its secret.

    Attributes:
        source: Name of the source that opens it, such as ``files`` or ``postgresql``.
        roots: For files: the absolute folders that may be read.
        database: For databases: where it is; None for files.
    """

    name: str
    source: str
    roots: tuple[Path, ...] = ()
    database: Database | None = None


_OUTSIDE: Final = re.compile(r"[^a-z0-9_-]+")
_NAMELESS: Final = "unnamed"
_HASH_LENGTH: Final = 8


def folded(text: str) -> str:
    """Return what counts of a name: without case, accents and compatibility forms."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def slug(text: str) -> str:
    """Return ``text`` as one part of an address: ``a-z0-9_-`` only, never empty.

    Where letters of another script are lost, or nothing is left of what could be seen, a short
    hash of ``folded(text)`` keeps apart what would else fall together.
    """
    bare = folded(text)
    kept = _OUTSIDE.sub("-", bare).strip("-")
    loses_letters = any(char.isalnum() and not char.isascii() for char in bare)
    if loses_letters or (bare.strip() and not kept):
        digest = hashlib.sha256(bare.encode(errors="surrogatepass")).hexdigest()[:_HASH_LENGTH]
        return f"{kept or _NAMELESS}-{digest}"
    return kept or _NAMELESS


def product_key(domain: str, name: str) -> str:
    """Return the address of a product, such as ``sales.orders``."""
    return f"{slug(domain)}.{slug(name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """An output port of a product: where one contract's data comes out."""

    product: str
    name: str
    contract_id: str
