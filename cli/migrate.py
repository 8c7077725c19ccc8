"""``assay migrate``: bring the database to the shape that this release expects."""

from pathlib import Path

from cli.errors import Unready
from cli.exits import Exit
from cli.options import settings
from cli.output import GOOD, STRONG, Form, line, show, show_json
from store.engine import create_store_engine, database_file
from store.migrate import migrate as bring


def migrate(*, data: Path | None = None, form: Form = "text") -> int:
    """Bring the database to this release; one that is new is made. Any number may run at once.

    Args:
        data: Folder of the embedded database; by default what the settings say.
        form: Answer for people or for programs.
    """
    engine = create_store_engine(settings(data=data).database)
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


def _make_room(file: Path | None) -> None:
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unready(f"cannot make the data folder {file.parent}: {reason}") from error
