"""What asked for runs, and under which names the data of contracts is known elsewhere."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Text

from store.columns import BIG
from store.tables.build import instant, numbered

TRIGGER: Final = numbered(
    "run_trigger",
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("run_id", BIG, ForeignKey("run.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("trigger", Text, nullable=False),
    Column("cause", Text, nullable=False),
    instant("at"),
    instant("interval_end"),  # where the data ends that the run is about from then on
)

# A version that promises no data that has a name stands here with an empty one: it was read.
DATASET: Final = numbered(
    "contract_dataset",
    Column("contract_id", Text, ForeignKey("contract.id"), nullable=False),
    Column("version", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("name", Text, nullable=False),
    Index(None, "name"),
    Index(None, "contract_id", "version"),
)
