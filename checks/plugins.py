"""Load a plug-in by name, its module imported only now."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from checks.errors import UnknownPlugin


def load(kind: str, known: Mapping[str, str], name: str) -> Any:  # noqa: ANN401 - fits the caller's protocol
    """Return the attribute that ``known[name]``, a ``module:attribute``, points to.

    Raises:
        UnknownPlugin: no plug-in of that ``kind`` has the name; the message lists those there are.
    """
    try:
        module, _, attribute = known[name].partition(":")
    except KeyError:
        raise UnknownPlugin(f"no {kind} {name!r}; known: {', '.join(sorted(known))}") from None
    return getattr(import_module(module), attribute)
