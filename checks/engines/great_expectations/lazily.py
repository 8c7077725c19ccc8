"""Imports Great Expectations without what judging by SQL rarely or never uses.

scipy and altair serve one expectation and two metrics, and the data sources that read with pandas
or Spark serve none of ours; together they are half of what the import takes. Each is loaded the
moment something uses it. What other packages import stays as it is: only import statements inside
Great Expectations are answered by a ``Later``, and only while it is being imported.
"""

import builtins
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from types import ModuleType, SimpleNamespace
from typing import Any, Final

_PACKAGE: Final = "great_expectations"
_LIBRARIES: Final = frozenset({"altair", "scipy"})
_SOURCES: Final = f"{_PACKAGE}.datasource.fluent"
_READERS: Final = (f"{_SOURCES}.pandas_", f"{_SOURCES}.spark_")
_LOADING: Final = Lock()


class Later:
    """Stands for a module, or for a name in it, until an attribute of that is asked for."""

    __slots__ = ("_module", "_name")

    def __init__(self, module: str, name: str | None = None) -> None:
        self._module = module
        self._name = name

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401 - whatever the module holds
        return getattr(found(self), attribute)


def found(later: Later) -> Any:  # noqa: ANN401 - whatever the module holds
    """Return what ``later`` stands for, importing its module now.

    Raises:
        ImportError: there is no such module, or it cannot be imported.
        AttributeError: the module lacks the name.
    """
    module = import_module(later._module)  # noqa: SLF001 - an attribute of its own would hide one
    return module if later._name is None else getattr(module, later._name)  # noqa: SLF001


def load() -> None:
    """Import Great Expectations; does nothing where it is imported already."""
    with _LOADING:  # the statement for imports is one for all threads: it is put back once, by one
        if _PACKAGE not in sys.modules:
            with postponing(_PACKAGE, _is_rarely_used):
                import_module(_PACKAGE)
            look_up_when_asked(sys.modules[_SOURCES])


@contextmanager
def postponing(package: str, chosen: Callable[[str], bool]) -> Iterator[None]:
    """Have import statements in ``package`` bind a ``Later`` to each module that is ``chosen``.

    Args:
        package: Top-level name; what modules outside it import is not touched.
        chosen: Asked with the full name of a module; one that is loaded already is not put off.
    """
    plain = builtins.__import__
    inside = f"{package}."

    def answer(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the interpreter's names
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:  # noqa: ANN401 - a module, or what stands for it
        asker = str((globals or {}).get("__name__", ""))
        if asker.startswith(inside) and chosen(name) and name not in sys.modules:
            return _stand_in(name, fromlist or ())
        return plain(name, globals, locals, fromlist, level)

    builtins.__import__ = answer
    try:
        yield
    finally:
        builtins.__import__ = plain


def look_up_when_asked(module: ModuleType) -> None:
    """Take each ``Later`` out of ``module``, so that who asks for its name gets the real thing."""
    laters = {name: value for name, value in vars(module).items() if isinstance(value, Later)}

    def look_up(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        if name not in laters:
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
        return found(laters[name])

    for name in laters:
        delattr(module, name)
    vars(module)["__getattr__"] = look_up


def _is_rarely_used(name: str) -> bool:
    return name in _LIBRARIES or name.startswith(_READERS)


def _stand_in(name: str, members: Sequence[str]) -> object:
    """What ``import name``, or ``from name import members``, is answered with."""
    if not members:
        return Later(name)
    return SimpleNamespace(**{member: Later(name, member) for member in members})
