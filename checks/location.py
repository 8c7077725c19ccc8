"""Where the data of one server entry lies, resolved by whoever may read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contracts.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database and who asks it. What is None is left to the client library's own defaults.

    Attributes:
        host: Name or IP address, or the folder of a Unix socket.
        password: Never shown, not even by ``repr``.
        tls: How the connection is secured, in the words of PostgreSQL's ``sslmode``.
    """

    host: str | None = None
    port: int | None = None
    database: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place to read from.

    Attributes:
        source: Name of the source that opens it (see ``checks.sources``), such as ``files``.
        roots: For files: absolute folders that may be read; nothing outside them is.
        path: For files: path below a root, of which the first that has it counts, or an absolute
            one inside any root; ``{model}`` stands for a schema's physical name.
        format: For files: ``csv`` or ``parquet``; None: by the file's ending.
        options: What the server entry says beside: ``delimiter``, ``encoding``, ``header``,
            ``nullMarkers`` of files, ``schema`` of a database.
        address: For databases: where and as whom.
    """

    source: str
    roots: tuple[Path, ...] = ()
    path: str = ""
    format: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one run may use.

    Attributes:
        memory_mb: Memory of DuckDB; what needs more spills to disk.
        threads: Threads of DuckDB.
        statement_seconds: Longest time of one statement.
        evidence: Whether rows behind failures are looked for: it takes a further scan.
        fused: Whether each engine puts all of its rules for an object into one statement; else
            each rule is asked alone.
        temp_directory: Where each session makes a folder of its own to spill to, and removes it;
            None: where the system keeps such folders.
    """

    memory_mb: int = 1024
    threads: int = 2
    statement_seconds: float = 60.0
    evidence: bool = True
    fused: bool = True
    temp_directory: Path | None = None
