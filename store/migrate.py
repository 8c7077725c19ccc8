"""Bring a database to the shape that this release expects."""

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from store.engine import reading, writing
from store.errors import UnknownRevision

_SCRIPTS: Final = "store:migrations"


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the database to the newest revision, in one transaction.

    Any number of processes may call it at once: the first does the work, the others find it done.

    Returns:
        The revision before (None: it was empty) and the one now.

    Raises:
        UnknownRevision: the database was written by a newer release; nothing was changed.
        StoreError: see ``store.errors``.
    """
    with writing(engine) as connection:
        before = _stamp(connection)
        try:
            command.upgrade(configuration(connection), "head")
        except CommandError as error:
            if before is None or before in known_revisions():
                raise
            raise UnknownRevision(before) from error
        return before, head()


def pending(engine: Engine) -> bool:
    """Whether ``migrate`` would change anything, or refuse to."""
    return revision(engine) != head()


def ahead(engine: Engine | None) -> tuple[tuple[str, str], ...]:
    """Return what ``migrate`` would do: the revisions to come, oldest first, each with its topic.

    Without an engine: on a database that is not there yet.

    Raises:
        UnknownRevision: the database was written by a newer release.
    """
    stamp = None if engine is None else revision(engine)
    if stamp is not None and stamp not in known_revisions():
        raise UnknownRevision(stamp)
    scripts = _scripts().iterate_revisions("head", stamp or "base")
    return tuple((script.revision, script.doc) for script in reversed(list(scripts)))


def revision(engine: Engine) -> str | None:
    """Return the revision of the database; None when it is empty."""
    with reading(engine) as connection:
        return _stamp(connection)


def configuration(connection: Connection) -> Config:
    """Return what Alembic needs to work on an open, writing transaction."""
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    config.attributes["connection"] = connection
    return config


def _stamp(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    return ScriptDirectory.from_config(config)


def known_revisions() -> frozenset[str]:
    """Return every revision that this release can read and bring up to date."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def head() -> str:
    """Return the revision that this release works on."""
    return _scripts().get_heads()[0]
