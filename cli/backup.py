"""``assay backup`` and ``assay restore``: the embedded database as one file, and back."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url

from cli.database import existing_engine
from cli.errors import BadUsage, Unready
from cli.exits import Exit
from cli.options import settings
from cli.output import FAINT, GOOD, STRONG, Form, line, plural, progress, show, show_json
from runtime.clock import now
from runtime.folder import occupied
from runtime.settings import Settings
from store.backup import Copy, back_up
from store.backup import restore as put_back
from store.ticket import ticket

_PATIENCE: Final = 5.0  # seconds that a restore waits for whoever writes
_LEFT_OUT: Final = "secrets, which stay where their references point; data; settings"


def backup(
    file: Path, *, data: Path | None = None, force: bool = False, form: Form = "text"
) -> int:
    """Copy the embedded database to FILE while the service runs, and check that the copy is whole.

    Contracts, runs, results, incidents, notices, tokens (as digests) and the audit log are in it.
    Secrets are not: only the references to them. FILE can be read by its owner alone.

    Args:
        file: Where the copy goes.
        data: Folder of the embedded database; by default what the settings say.
        force: Whether a FILE that is there is replaced, once the new copy is whole.
        form: Answer for people or for programs.
    """
    read = settings(data=data)
    database = _embedded(read, _DUMP, file)
    existing_engine(read).dispose()
    if file.exists() and not force:
        raise BadUsage(f"{file} is there already; name another file, or replace it with --force")
    if file.exists() and file.samefile(database):
        raise BadUsage(f"{file} is the database itself; name another file")
    with progress(f"copying {database}"):
        copy = back_up(database, file)
    if form == "json":
        show_json({"file": str(file), **_document(copy)})
        return Exit.OK
    show(
        line("backup ", ("whole", GOOD), ": ", (str(file), STRONG), f", {_size(copy)}"),
        line(_holds(copy)),
        line(("not in it  ", FAINT), _LEFT_OUT),
    )
    return Exit.OK


def restore(file: Path, *, data: Path | None = None, form: Form = "text") -> int:
    """Put the backup FILE in the place of the embedded database, which is kept beside it.

    Refused while a service runs on the folder, and when FILE is damaged or of a newer release; then
    nothing is changed. A backup of an older release is migrated.

    Args:
        file: What 'assay backup' wrote.
        data: Folder of the embedded database; by default what the settings say.
        form: Answer for people or for programs.
    """
    read = settings(data=data)
    database = _embedded(read, _LOAD, file)
    if not file.exists():
        raise Unready(f"no file at {file}")
    if database.exists() and file.samefile(database):
        raise BadUsage(f"{file} is the database itself; name a backup")
    with (
        occupied(database.parent),
        ticket(Path(f"{database}.ticket"), patience=_PATIENCE),
        progress(f"restoring {file}"),
    ):
        before, copy = put_back(file, database, now=now())
    if form == "json":
        kept = None if before is None else str(before)
        show_json({"database": str(database), "before": kept, **_document(copy)})
        return Exit.OK
    show(line("restored ", ("whole", GOOD), ": ", (str(database), STRONG), f", {_size(copy)}"))
    show(line(_holds(copy)))
    if before is not None:
        show(line(("before     ", FAINT), f"kept at {before}"))
    return Exit.OK


_DUMP: Final = "pg_dump --format=custom --file={file} {place}"
_LOAD: Final = "pg_restore --clean --if-exists --no-owner --single-transaction {place} {file}"


def _embedded(read: Settings, instead: str, file: Path) -> Path:
    """Return the file of the embedded database.

    Raises:
        BadUsage: The database is on a server; says which of its own programs does it.
    """
    url = make_url(read.database)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).absolute()
    command = instead.format(file=file, place=_place(url))
    raise BadUsage(f"the database is on a server, whose own program does this: {command}")


def _place(url: URL) -> str:
    """Return how PostgreSQL's programs are told a database; never with its password."""
    given = {"host": url.host, "port": url.port, "username": url.username, "dbname": url.database}
    return " ".join(f"--{name}={value}" for name, value in given.items() if value is not None)


def _document(copy: Copy) -> dict[str, int | str | dict[str, int]]:
    return {"bytes": copy.bytes, "revision": copy.revision, "rows": dict(copy.rows)}


def _size(copy: Copy) -> str:
    return f"{copy.bytes / 1_000_000:,.1f} MB, revision {copy.revision}"


def _holds(copy: Copy) -> str:
    return "holds      " + ", ".join(plural(count, noun) for noun, count in copy.rows.items())
