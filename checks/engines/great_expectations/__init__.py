"""Great Expectations over SQLAlchemy: judges what a contract says under ``quality``."""

from checks.engines.great_expectations.lazily import load

load()
