"""Who can judge clauses, by name. To add one: a module here, and a line below."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from checks.dataset import Dataset
from checks.model import Finding
from checks.plugins import load as load_plugin
from contracts.clause import Clause

_ENGINES: Final = {
    "pandera": "checks.engines.pandera.engine:judge",
    "great_expectations": "checks.engines.great_expectations.engine:judge",
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
    engine: Engine = load_plugin("engine", _ENGINES, name)
    return engine
