"""Domains, data products, their output ports, and the connections by which data is reached."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How data is reached. For ``files``: the absolute folders that may be read.

    Contracts name a connection; they never carry its place or its secret.
    """

    name: str
    source: str
    roots: tuple[Path, ...] = ()


_OUTSIDE: Final = re.compile(r"[^a-z0-9_-]+")
_NAMELESS: Final = "unnamed"


def slug(text: str) -> str:
    """Return ``text`` as one part of an address: ``a-z0-9_-`` only, never empty.

    Accents are dropped. Where letters of another script are lost, a short hash of the text keeps
    apart what would else fall together.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    found = _OUTSIDE.sub("-", bare).strip("-") or _NAMELESS
    if any(char.isalnum() and not char.isascii() for char in bare):
        return f"{found}-{hashlib.sha256(bare.encode(errors='surrogatepass')).hexdigest()[:8]}"
    return found


def product_key(domain: str, name: str) -> str:
    """Return the address of a product, such as ``sales.orders``."""
    return f"{slug(domain)}.{slug(name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """An output port of a product: where one contract's data comes out."""

    product: str
    name: str
    contract_id: str
