"""Pandera over ibis and DuckDB: judges what a contract says under ``schema``."""
