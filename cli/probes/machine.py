"""The machine: Python, the packages that judge, SQLite, the data folder and its disk."""

import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from cli.probes.finding import Finding, State
from runtime.settings import Settings

_OLDEST: Final = (3, 11)
_NEWEST: Final = (3, 13)
_TESTED: Final = {
    "great-expectations": "1.24.1",
    "pandera": "0.35.0",
    "ibis-framework": "12.0.0",
    "duckdb": "2.0",
    "sqlglot": "29",
}
_WAL_FIXED: Final = (3, 51, 3)
_MB: Final = 1024 * 1024
_TIGHT: Final = 1024 * _MB
_FULL: Final = 64 * _MB


def python(_: Settings) -> Finding:
    """Whether this Python is one that was tested."""
    fits = _OLDEST <= sys.version_info[:2] <= _NEWEST
    return Finding(
        name="python",
        state=State.OK if fits else State.WARN,
        detail=platform.python_version(),
        advice="" if fits else "use Python 3.11 to 3.13, which were tested",
    )


def engines(_: Settings) -> Finding:
    """Whether the packages that judge data are of the versions that were tested."""
    there = {name: _installed(name) for name in _TESTED}
    missing = [name for name, found in there.items() if found is None]
    if missing:
        return _mismatch(State.FAIL, f"not installed: {', '.join(missing)}")
    if other := _untested(there):
        return _mismatch(State.WARN, ", ".join(other))
    detail = ", ".join(f"{name} {found}" for name, found in there.items())
    return Finding(name="engines", state=State.OK, detail=detail)


def _untested(there: Mapping[str, str | None]) -> list[str]:
    """Return what is installed in another version than the tested one, in words."""
    return [
        f"{name} {found} (tested: {_TESTED[name]})"
        for name, found in there.items()
        if found and not f"{found}.".startswith(f"{_TESTED[name]}.")
    ]


def _mismatch(state: State, detail: str) -> Finding:
    advice = "install the pinned packages of requirements.lock"
    return Finding(name="engines", state=state, detail=detail, advice=advice)


def sqlite(settings: Settings) -> Finding:
    """Whether SQLite, where it is used, is free of the WAL-reset bug."""
    if not settings.database.startswith("sqlite"):
        return Finding(name="sqlite", state=State.OK, detail="not used")
    fixed = sqlite3.sqlite_version_info >= _WAL_FIXED
    return Finding(
        name="sqlite",
        state=State.OK if fixed else State.WARN,
        detail=sqlite3.sqlite_version,
        advice=""
        if fixed
        else "before 3.51.3 a rare WAL reset can lose a write; writers take turns here, which "
        "keeps it away; where much depends on it, use PostgreSQL: set ASSAY_DATABASE_URL",
    )


def folder(settings: Settings) -> Finding:
    """Whether the data folder can be written."""
    data = settings.data.absolute()
    if not data.exists():
        return Finding(
            name="data folder",
            state=State.WARN,
            detail=f"{data} is not there yet",
            advice="'assay up' or 'assay migrate' makes it",
        )
    try:
        with tempfile.TemporaryFile(dir=data):
            return Finding(name="data folder", state=State.OK, detail=f"{data} can be written")
    except OSError as error:
        return Finding(
            name="data folder",
            state=State.FAIL,
            detail=f"{data} cannot be written: {(error.strerror or str(error)).lower()}",
            advice="give this user the right to write there, or set ASSAY_DATA",
        )


def disk(settings: Settings) -> Finding:
    """Whether the disk of the data folder has room."""
    free = shutil.disk_usage(_existing(settings.data.absolute())).free
    state = State.FAIL if free < _FULL else State.WARN if free < _TIGHT else State.OK
    return Finding(
        name="disk",
        state=state,
        detail=f"{free // _MB:,} MB free",
        advice="" if state is State.OK else "free some space, or set ASSAY_DATA to another disk",
    )


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())
