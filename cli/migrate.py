"""``assay migrate``: bring the database to the shape that this release expects."""

from collections.abc import Sequence
from pathlib import Path

from cli.errors import Unready
from cli.exits import Exit
from cli.options import settings
from cli.output import GOOD, STRONG, Form, line, show, show_json
from runtime.settings import Settings
from store.engine import create_store_engine, database_file
from store.migrate import ahead, revision
from store.migrate import migrate as bring


def migrate(*, data: Path | None = None, check: bool = False, form: Form = "text") -> int:
    """Bring the database to this release; one that is new is made. Any number may run at once.

    Args:
        data: Folder of the embedded database; by default what the settings say.
        check: Change nothing: say what would be done, and end with 1 if there is something.
        form: Answer for people or for programs.
    """
    read = settings(data=data)
    if check:
        return _foretell(read, form)
    engine = create_store_engine(read.database)
    try:
        _make_room(database_file(engine))
        before, after = bring(engine)
    finally:
        engine.dispose()
    if form == "json":
        show_json({"before": before, "revision": after, "changed": before != after})
        return Exit.OK
    did = ("up to date", GOOD) if before == after else ("migrated", GOOD)
    came = "" if before == after else f", from {before or 'nothing'}"
    show(line("database ", did, ": revision ", (after, STRONG), came))
    return Exit.OK


def _foretell(read: Settings, form: Form) -> int:
    before, steps = _pending(read.database)
    if form == "json":
        pending = [{"revision": number, "topic": topic} for number, topic in steps]
        show_json({"before": before, "pending": pending})
    elif steps:
        show(line("database at ", (before or "nothing", STRONG), ": it would be migrated"))
        show(*(line("  ", (number, STRONG), f"  {topic}") for number, topic in steps))
    else:
        show(line("database ", ("up to date", GOOD), ": revision ", (before or "", STRONG)))
    return Exit.NO if steps else Exit.OK


def _pending(database: str) -> tuple[str | None, Sequence[tuple[str, str]]]:
    """Return the revision of a database, None where there is none yet, and the steps ahead."""
    engine = create_store_engine(database)
    try:
        file = database_file(engine)
        if file is not None and not file.exists():  # looking would make one
            return None, ahead(None)
        return revision(engine), ahead(engine)
    finally:
        engine.dispose()


def _make_room(file: Path | None) -> None:
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unready(f"cannot make the data folder {file.parent}: {reason}") from error
