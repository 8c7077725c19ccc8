"""Great Expectations over SQLAlchemy and DuckDB: judges what a contract says under ``quality``."""
