"""What can go wrong between the service and its database.

StoreError
├── StoreUnavailable   the database cannot be used now; the message says why in one line
│   └── StoreFull      there is no room left to write
├── StoreConflict      what was to be written stands against what is there
├── NestedWrite        a thread opened a second writing transaction inside its first
├── UnknownRevision    the database was written by a newer release
└── Unremembered       what was asked for without waiting would have to be read
"""


class StoreError(Exception):
    """Base of all errors raised by ``store``."""


class StoreUnavailable(StoreError):
    """The database cannot be used now, such as ``database or disk is full``."""


class StoreFull(StoreUnavailable):
    """The disk has no room left; nothing of the transaction was written, and reading goes on."""


class StoreConflict(StoreError):
    """A uniqueness or a reference between rows was about to be broken; nothing was written."""


class NestedWrite(StoreError):
    """The thread is inside a writing transaction already, and would wait for itself for ever."""

    def __init__(self) -> None:
        super().__init__("this thread is inside a writing transaction already; pass its shelf on")


class UnknownRevision(StoreError):
    """The database stands at a revision that this release does not know."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        super().__init__(
            f"the database is at revision {revision}, which this release does not know; "
            "it was written by a newer one: run that release, or put a backup that this one can "
            "read back with 'assay restore'"
        )


class Unremembered(StoreError):
    """What was asked for without waiting is not remembered; ask again where waiting is no harm."""

    def __init__(self) -> None:
        super().__init__("it would have to be read")
