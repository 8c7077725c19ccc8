"""Where the data of one server entry lies, resolved by whoever may read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contracts.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place to read from.

    Attributes:
        source: Name of the source that opens it (see ``checks.sources``), such as ``files``.
        roots: Absolute folders that may be read; nothing outside them is.
        path: Path below a root, of which the first that has it counts, or an absolute one inside
            any root; ``{model}`` stands for a schema's physical name.
        format: ``csv`` or ``parquet``; None: by the file's ending.
        options: What the server entry says about the format: ``delimiter``, ``encoding``,
            ``header``, ``nullMarkers``.
    """

    source: str
    roots: tuple[Path, ...]
    path: str
    format: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one run may use.

    Attributes:
        memory_mb: Memory of the database; what needs more spills to disk.
        threads: Threads of the database.
        statement_seconds: Longest time of one statement.
        temp_directory: Where each session makes a folder of its own to spill to, and removes it;
            None: where the system keeps such folders.
    """

    memory_mb: int = 1024
    threads: int = 2
    statement_seconds: float = 60.0
    temp_directory: Path | None = None
