"""The tags that a part of a document bears: its own, and those of every part around it."""

from contracts.nodes import Node
from contracts.tree import Document, Plain, unescape


def tags_at(document: Document, pointer: str) -> frozenset[str]:
    """All tags on the way from the root of ``document`` to the place ``pointer``."""
    here: Plain = document.value
    found = {*Node(here)["tags"].texts()}
    for segment in pointer.split("/")[1:]:
        here = _below(here, unescape(segment))
        found.update(Node(here)["tags"].texts())
    return frozenset(found)


def _below(here: Plain, name: str) -> Plain:
    if isinstance(here, dict):
        return here.get(name)
    if isinstance(here, list) and name.isdecimal() and int(name) < len(here):
        return here[int(name)]
    return None
