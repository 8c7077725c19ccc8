"""Who can judge clauses, by name. To add one: a module here, and a line below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Protocol

from checks.dataset import Dataset
from checks.model import Finding
from checks.plugins import load as load_plugin
from contracts.clause import Clause


@dataclass(frozen=True, slots=True)
class Entry:
    """An engine, and the package whose inner workings it leans on, in the version tested."""

    judge: str
    package: str
    tested: str


_ENGINES: Final = {
    "pandera": Entry("checks.engines.pandera.engine:judge", "pandera", "0.35.0"),
    "great_expectations": Entry(
        "checks.engines.great_expectations.engine:judge", "great-expectations", "1.24.1"
    ),
}


class Engine(Protocol):
    """Judges all of its own clauses, over all tables, in one call; keeps no state between calls."""

    def __call__(self, dataset: Dataset, clauses: Sequence[Clause]) -> Mapping[str, Finding]:
        """Return one finding per clause, by its key.

        Every clause is about a table of ``dataset`` and, unless it asks for a column's presence,
        about columns that are there. A clause that cannot be judged has an errored finding;
        raising is for faults that leave no clause judged.
        """
        ...


def names() -> tuple[str, ...]:
    """Return the name of every engine, sorted."""
    return tuple(sorted(_ENGINES))


def load(name: str) -> Engine:
    """Return the engine called ``name``, importing its libraries only now.

    Raises:
        UnknownPlugin: no engine has that name.
    """
    judges = {known: entry.judge for known, entry in _ENGINES.items()}
    engine: Engine = load_plugin("engine", judges, name)
    return engine


def untested(name: str) -> str:
    """Why the engine ``name`` asks each rule alone; empty when its package is the one tested.

    An engine asks all its rules at once through parts of its package that are no promise of it.
    """
    entry = _ENGINES[name]
    try:
        installed = version(entry.package)
    except PackageNotFoundError:
        installed = "of an unknown version"
    if installed == entry.tested:
        return ""
    return (
        f"{entry.package} {installed} is not the {entry.tested} that Assay was tested with: "
        "its rules are asked one by one, which takes longer"
    )
