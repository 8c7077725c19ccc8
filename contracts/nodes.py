"""A tolerant view of plain data: what is not there, or is of another type, reads as nothing.

The readers use it, so that they can run over a document that the standard's schema has refused and
report their own findings beside the schema's. Every node knows the JSON pointer of its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.tree import Plain, escape
from contracts.values import Json


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document, or the lack of one (``value`` is None)."""

    value: Plain
    pointer: str = ""

    def __getitem__(self, key: str) -> "Node":
        """The member of that name."""
        below = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(below, f"{self.pointer}/{escape(key)}")

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    @property
    def there(self) -> bool:
        """Whether it holds anything."""
        return self.value is not None

    def items(self) -> list["Node"]:
        """The mappings in a list; other things are left out."""
        if not isinstance(self.value, list):
            return []
        nodes = (Node(item, f"{self.pointer}/{index}") for index, item in enumerate(self.value))
        return [node for node in nodes if isinstance(node.value, dict)]

    def text(self) -> str | None:
        """The text, when it is text."""
        return self.value if isinstance(self.value, str) else None

    def said(self, default: str = "") -> str:
        """The text; ``default`` when it is none, or empty."""
        return self.text() or default

    def texts(self) -> tuple[str, ...]:
        """The texts in a list."""
        items = self.value if isinstance(self.value, list) else []
        return tuple(item for item in items if isinstance(item, str))

    def number(self) -> int | float | None:
        """The number, when it is one; true and false are none."""
        value = self.value
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self) -> bool:
        """Whether it says true."""
        return self.value is True

    def mapping(self) -> dict[str, Json]:
        """The members, read-only by convention; empty when it is no mapping."""
        return {**self.value} if isinstance(self.value, dict) else {}

    def custom(self) -> Mapping[str, "Node"]:
        """``customProperties`` below it, by name; each node is the ``value`` of one."""
        found: dict[str, Node] = {}
        for entry in self["customProperties"].items():
            name = entry["property"].text()
            if name is not None:
                found[name] = entry["value"]
        return found
