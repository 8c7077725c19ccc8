"""Scalars and brackets, one after the other -> plain data that remembers where each part stands.

The readers of YAML and of JSON both feed a ``Tree``; neither recurses, so no nesting exhausts the
stack.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from contracts.errors import InvalidContract
from contracts.problems import Problem

MAX_DEPTH: Final = 64
MAX_PROBLEMS: Final = 500
Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""
Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"


def escape(name: str) -> str:
    """A name as one segment of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(segment: str) -> str:
    """The name behind one segment of a JSON pointer."""
    return segment.replace("~1", "/").replace("~0", "~")


@dataclass(slots=True)
class Spot:
    """Where a member of a container stands: its key (a list's item: its start), and its value."""

    key: Place
    value: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a text says, and where.

    Attributes:
        value: The outermost mapping; inside it only lists, mappings with text keys, and scalars.
        spots: By ``id`` of a container inside ``value``, then by key or index. Ids are dependable
            because ``value`` keeps every container alive and none stands in two places.
        problems: What is wrong with the text although it could be read, such as a duplicate key.
    """

    value: dict[str, Plain]
    spots: dict[int, dict[str | int, Spot]]
    problems: tuple[Problem, ...] = ()

    def place(self, pointer: str, *, key: bool = False) -> Place:
        """Line and column of a part; of the nearest part around it when there is no such part.

        Args:
            pointer: JSON pointer; empty for the whole document.
            key: Point at a member's key rather than at its value.
        """
        here: Plain = self.value
        found: Place = (1, 1)
        for segment in pointer.split("/")[1:]:
            step = _step(here, segment)
            if step is None:
                break
            name, below = step
            spot = self.spots[id(here)][name]
            found = spot.key if key else spot.value
            here = below
        return found


def _step(container: Plain, segment: str) -> tuple[str | int, Plain] | None:
    name = unescape(segment)
    if isinstance(container, dict) and name in container:
        return name, container[name]
    if isinstance(container, list) and name.isdecimal() and int(name) < len(container):
        return int(name), container[int(name)]
    return None


@dataclass(slots=True)
class _Frame:
    container: dict[str, Plain] | list[Plain]
    spots: dict[str | int, Spot] = field(default_factory=dict)
    key: str | None = None
    key_place: Place = (1, 1)
    last: str | int = ""

    @property
    def coming(self) -> str | int | None:
        """Key or index of the member that comes next; None when its key is not read yet."""
        return self.key if isinstance(self.container, dict) else len(self.container)

    def put(self, value: Plain, place: Place) -> None:
        """Add the next member."""
        if isinstance(self.container, list):
            self.last = len(self.container)
            self.spots[self.last] = Spot(place, place)
            self.container.append(value)
            return
        self.last = self.key or ""
        shown = self.key_place if isinstance(value, dict | list) else place
        self.spots[self.last] = Spot(self.key_place, shown)
        self.container[self.last] = value
        self.key = None


class Tree:
    """Grows one document from scalars, keys and brackets in the order of the text.

    Attributes:
        problems: Found so far; at most ``MAX_PROBLEMS``, one more ends the reading.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._stack: list[_Frame] = []
        self._spots: dict[int, dict[str | int, Spot]] = {}
        self._root: Plain = None
        self._place: Place = (1, 1)

    @property
    def expects_key(self) -> bool:
        """Whether the next scalar names a member of the open mapping."""
        frame = self._stack[-1] if self._stack else None
        return frame is not None and isinstance(frame.container, dict) and frame.key is None

    def open(self, container: dict[str, Plain] | list[Plain], place: Place) -> None:
        """Begin a mapping or a list; ``container`` is a fresh empty one.

        Raises:
            InvalidContract: It is nested too deeply, or stands where a key must.
        """
        if self.expects_key:
            raise self.fatal("key-not-text", place, "a key must be text, not a list or a mapping")
        if len(self._stack) >= MAX_DEPTH:
            raise self.fatal("too-deep", place, f"more than {MAX_DEPTH} levels inside one another")
        self._put(container, place)
        frame = _Frame(container)
        self._spots[id(container)] = frame.spots
        self._stack.append(frame)

    def close(self) -> None:
        """End the innermost mapping or list."""
        self._stack.pop()

    def key(self, name: str, place: Place) -> None:
        """Name the next member of the open mapping."""
        frame = self._stack[-1]
        frame.key, frame.key_place = name, place
        if name in frame.spots:
            first = frame.spots[name].key[0]
            self.note(
                "duplicate-key", place, f"{name[:80]!r} stands here twice (first on line {first})"
            )

    def scalar(self, value: Plain, place: Place) -> None:
        """Add a value."""
        self._put(value, place)

    def note(self, code: str, place: Place, message: str) -> None:
        """Record a problem at the current member and read on.

        Raises:
            InvalidContract: There are too many.
        """
        self.problems.append(self._problem(code, place, message))
        if len(self.problems) > MAX_PROBLEMS:
            raise self.fatal("too-many-problems", place, "stopped reading here")

    def fatal(self, code: str, place: Place, message: str) -> InvalidContract:
        """The error that ends the reading: everything noted so far, and this."""
        return InvalidContract((*self.problems, self._problem(code, place, message)))

    def finish(self) -> Document:
        """The whole document.

        Raises:
            InvalidContract: It is not a mapping.
        """
        if isinstance(self._root, dict):
            return Document(value=self._root, spots=self._spots, problems=tuple(self.problems))
        if self._root is None:
            raise self.fatal("empty-document", self._place, "there is no contract in here")
        raise self.fatal("wrong-type", self._place, "a contract is a mapping of keys to values")

    def _put(self, value: Plain, place: Place) -> None:
        if self._stack:
            self._stack[-1].put(value, place)
        else:
            self._root, self._place = value, place

    def _problem(self, code: str, place: Place, message: str) -> Problem:
        names = [*(frame.last for frame in self._stack[:-1]), *(f.coming for f in self._stack[-1:])]
        pointer = "".join(f"/{escape(str(name))}" for name in names if name is not None)
        line, column = place
        return Problem(code=code, pointer=pointer, line=line, column=column, message=message)


def usable_text(text: str) -> bool:
    """Whether a text can be stored everywhere: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
