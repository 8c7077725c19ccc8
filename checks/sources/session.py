"""A DuckDB connection locked to some folders, with a time limit on every statement."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from typing import Final

import duckdb

from checks.dataset import Answer, Dialect, Parameters
from checks.errors import FailedStatement, StoppedQuery
from checks.location import Limits

_EARLY: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    # Else the CSV reader is handed a cast that all uses of a column share, and raises where
    # TRY_CAST would not.
    "disabled_optimizers": "type_pushdown",
}


class LockedSession:
    """One in-memory database that reads nothing outside ``roots`` and cannot be reconfigured.

    What does not fit into its memory goes to a folder of its own, which ``close`` removes.
    """

    dialect = Dialect.DUCKDB

    def __init__(self, roots: Sequence[Path], limits: Limits) -> None:
        self._seconds = limits.statement_seconds
        with ExitStack() as opening:
            spill = opening.enter_context(_spill_folder(limits.temp_directory))
            self._connection = opening.enter_context(_connect(spill, limits))
            self._lock(roots)
            self._open = opening.pop_all()

    def _lock(self, roots: Sequence[Path]) -> None:
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        self._connection.execute("SET python_enable_replacements = false")
        folders = ", ".join(_literal(str(root)) for root in roots)
        self._connection.execute(f"SET allowed_directories = [{folders}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def run(self, statement: str, parameters: Parameters = ()) -> Answer:
        """Run one statement to its end and fetch all of its rows; interrupted at the time limit."""
        stopped = Event()
        timer = Timer(self._seconds, self._stop, (stopped,))
        timer.daemon = True
        timer.start()
        try:
            self._connection.execute(statement, _bound(parameters))
            rows = self._connection.fetchall() if self._connection.description else []
        except (duckdb.Error, RuntimeError, ValueError) as error:
            if stopped.is_set():
                raise StoppedQuery(self._seconds) from error
            raise FailedStatement(str(error)) from error
        finally:
            timer.cancel()
            timer.join()
        described = self._connection.description or ()
        return Answer(
            description=[(str(name), str(type_)) for name, type_, *_ in described], rows=rows
        )

    def close(self) -> None:
        """Let go of the database, its memory and its folder."""
        self._open.close()

    def _stop(self, stopped: Event) -> None:
        stopped.set()
        self._connection.interrupt()


def _bound(parameters: Parameters) -> list[object] | dict[str, object] | None:
    if isinstance(parameters, Mapping):
        return dict(parameters) or None
    return list(parameters) or None


def _spill_folder(parent: Path | None) -> TemporaryDirectory[str]:
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectory(prefix="assay-", dir=parent, ignore_cleanup_errors=True)


def _connect(spill: str, limits: Limits) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        **_EARLY,
        "memory_limit": f"{limits.memory_mb}MB",
        "threads": limits.threads,
        "temp_directory": spill,
    }
    return duckdb.connect(":memory:", config=config)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
