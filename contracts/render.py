"""What a document says, as YAML or JSON text: read again, it says exactly the same."""

import json
from typing import Final

import yaml
from typing_extensions import override

from contracts.document import load
from contracts.tree import Plain
from contracts.yaml_text import resolve

_WIDTH: Final = 100
_BREAKS: Final = frozenset("\x85\u2028\u2029")  # line breaks to YAML 1.1, letters to us


class _Dumper(yaml.SafeDumper):
    """Writes text that a reader of YAML 1.1 or 1.2 could take for something else in quotes."""

    @override
    def ignore_aliases(self, data: object) -> bool:
        return True  # our reader follows none


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if _stays(value) else '"'
    lines = "\n" in value.strip() and _BREAKS.isdisjoint(value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if lines else style)


def _stays(text: str) -> bool:
    """Whether ``text`` without quotes is read as text."""
    if not _BREAKS.isdisjoint(text):
        return False
    try:
        return isinstance(resolve(text), str)
    except ValueError:  # a number that is refused
        return False


_Dumper.add_representer(str, _text)


def as_json(data: bytes) -> bytes:
    """Return what a document says as JSON, two spaces a level.

    Raises:
        InvalidContract: ``data`` cannot be read.
    """
    return (json.dumps(load(data).value, ensure_ascii=False, indent=2) + "\n").encode()


def as_yaml(data: bytes) -> bytes:
    """Return what a document says as YAML.

    Raises:
        InvalidContract: ``data`` cannot be read.
    """
    return _yaml(load(data).value).encode()


def _yaml(value: Plain) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
