"""YAML text -> ``Document``, by events only: nothing is constructed, no tag or alias is followed.

Plain scalars are read by the core schema of YAML 1.2: ``yes``, ``no``, ``on``, dates and ``12:30``
stay text.
"""

import re
from typing import Final, Protocol

import yaml

from contracts.tree import Document, Place, Plain, Tree, usable_text


class _Mark(Protocol):
    """Where something stands, from 0; the C parser has a class of its own for it."""

    line: int
    column: int


_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_PREFIXED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
MAX_DIGITS: Final = 64


def read_yaml(text: str) -> Document:
    """Read one YAML document.

    Raises:
        InvalidContract: The text is not YAML, holds several documents, or is no mapping.
    """
    tree = Tree()
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise tree.fatal(
                    "several-documents", _place(event.start_mark), "one file, one contract"
                )
            _grow(tree, event)
    except yaml.MarkedYAMLError as error:
        place = _inside(text, _place(error.problem_mark or error.context_mark))
        message = " ".join(part for part in (error.context, error.problem) if part)
        raise tree.fatal("yaml-syntax", place, f"not YAML: {message}") from error
    except yaml.YAMLError as error:
        raise tree.fatal("yaml-syntax", (1, 1), f"not YAML: {error}") from error
    return tree.finish()


def resolve(text: str) -> Plain:
    """What a plain scalar says.

    Raises:
        ValueError: It is a number that no source can hold: not finite, or of very many digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not (text[0].isdigit() or text[0] in "+-."):
        return text
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("must be a finite number")
    if _INTEGER.fullmatch(text):
        return int(_short(text))
    if _PREFIXED.fullmatch(text):
        return int(_short(text), 0)
    return finite(text) if _FLOAT.fullmatch(text) else text


def finite(text: str) -> float:
    """A float of at most ``MAX_DIGITS`` letters.

    Raises:
        ValueError: It is longer, or too large for a float.
    """
    number = float(_short(text))
    if number in {float("inf"), float("-inf")}:
        raise ValueError("must be a number below 1.8e308")
    return number


def _short(text: str) -> str:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"must be a number of at most {MAX_DIGITS} digits")
    return text


def _place(mark: _Mark | None) -> Place:
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _inside(text: str, place: Place) -> Place:
    """The same place, or the end of the text when the parser names one behind it."""
    lines = text.count("\n") + 1
    return place if place[0] <= lines else (lines, len(text) - text.rfind("\n"))


def _grow(tree: Tree, event: yaml.Event) -> None:
    """Add what one event says."""
    place = _place(event.start_mark)
    if isinstance(event, yaml.NodeEvent):
        _refuse_tag(tree, event, place)
    if isinstance(event, yaml.MappingStartEvent):
        tree.open({}, place)
    elif isinstance(event, yaml.SequenceStartEvent):
        tree.open([], place)
    elif isinstance(event, yaml.CollectionEndEvent):
        tree.close()
    elif isinstance(event, yaml.AliasEvent):
        tree.note("yaml-alias", place, "aliases (*name) are not allowed: write the value itself")
        _add_scalar(tree, f"*{event.anchor}", place)
    elif isinstance(event, yaml.ScalarEvent):
        _add_scalar(tree, _value(tree, event, place), place)


def _refuse_tag(tree: Tree, event: yaml.NodeEvent, place: Place) -> None:
    tag = getattr(event, "tag", None)
    if tag is not None:
        tree.note("yaml-tag", place, f"tags are not allowed: leave out {str(tag)[:80]!r}")


def _value(tree: Tree, event: yaml.ScalarEvent, place: Place) -> Plain:
    text = str(event.value)
    if not usable_text(text):
        tree.note("bad-character", place, "text must not hold the character NUL")
        return ""
    if event.style:  # None or empty for a plain scalar, by the loader in use
        return text
    try:
        return resolve(text)
    except ValueError as error:
        tree.note("bad-number", place, str(error))
        return 0


def _add_scalar(tree: Tree, value: Plain, place: Place) -> None:
    if not tree.expects_key:
        tree.scalar(value, place)
        return
    if not isinstance(value, str):
        tree.note("key-not-text", place, f"a key must be text: write it in quotes, not {value!r}")
    tree.key(str(value), place)
