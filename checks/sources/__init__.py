"""Where data can be read from, by name. To add one: a module here, and a line below."""

from collections.abc import Sequence
from typing import Final, Protocol

from checks.dataset import Dataset
from checks.location import Limits, Location
from checks.plugins import load as load_plugin
from contracts.model import Schema

_SOURCES: Final = {
    "files": "checks.sources.files:Files",
    "postgresql": "checks.sources.postgresql:PostgreSql",
}


class Source(Protocol):
    """Opens the objects of a location; keeps nothing between calls."""

    def open(self, schemas: Sequence[Schema], location: Location, *, limits: Limits) -> Dataset:
        """Return a dataset; an object that cannot be opened is one of its ``problems``, no error.

        Raises:
            UnreachableData: nothing at all can be opened there.
        """
        ...

    def probe(self, location: Location, *, limits: Limits) -> str:
        """Reach ``location``, and return in one line for people what answered.

        Raises:
            UnreachableData: nothing can be opened there.
        """
        ...


def names() -> tuple[str, ...]:
    """Return the name of every source, sorted."""
    return tuple(sorted(_SOURCES))


def load(name: str) -> Source:
    """Return the source called ``name``, importing its libraries only now.

    Raises:
        UnknownPlugin: no source has that name.
    """
    source: type[Source] = load_plugin("source", _SOURCES, name)
    return source()
