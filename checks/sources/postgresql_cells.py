"""PostgreSQL's cells as Python's values; as text where Python has none, never an error."""

from typing import Final

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.abc import Loader as Stock
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.types.string import TextLoader
from typing_extensions import override

_WIDER: Final = ("date", "time", "timetz", "timestamp", "timestamptz", "interval")
"""Types that hold more than Python's do: ``infinity``, years before 1 and after 9999, ``24:00``."""

_NESTED: Final = ("json", "jsonb")
"""Types that may be nested deeper than Python can follow."""


def register(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Have ``connection`` load its cells so."""
    adapters = connection.adapters
    for name in _WIDER:
        adapters.register_loader(name, _OR_TEXT[name])
    for name in _NESTED:
        adapters.register_loader(name, TextLoader)


def _or_text(name: str) -> type[Loader]:
    """A loader of the type ``name`` that gives the cell's text where psycopg's own raises."""
    stock = _stock(name)

    class OrText(Loader):
        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._stock = stock(oid, context)

        @override
        def load(self, data: Buffer) -> object:
            try:
                value: object = self._stock.load(data)
            except (psycopg.DataError, ValueError, OverflowError):
                value = bytes(data).decode()
            return value

    return OrText


def _stock(name: str) -> type[Stock]:
    loader = psycopg.adapters.get_loader(psycopg.adapters.types[name].oid, Format.TEXT)
    if loader is None:
        raise LookupError(name)
    return loader


_OR_TEXT: Final = {name: _or_text(name) for name in _WIDER}
