"""A real PostgreSQL for a test: a schema of its own, dropped after it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import TupleRow

from checks.dataset import Dataset
from checks.location import Address, Limits, Location
from checks.sources.postgresql import PostgreSql
from contracts.model import Schema

ADDRESS = Address(host="127.0.0.1", port=5432, database="postgres", user="postgres")
LIMITS = Limits(statement_seconds=20)
_RIGHTS: Final = 20261120  # number of the lock
MARKS = [pytest.mark.integration, pytest.mark.enable_socket]


class Postgres:
    """A schema, and whoever was made to read it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.schema = f"assay_{uuid4().hex[:12]}"
        self.readers: list[str] = []
        self.run(f"CREATE SCHEMA {self.schema}")

    def run(self, *statements: str) -> list[TupleRow]:
        """Run each by itself, unqualified names being the schema's, and return the last's rows."""
        self.connection.execute(f"SET search_path TO {self.schema}, public")
        rows: list[TupleRow] = []
        for statement in statements:
            cursor = self.connection.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
        return rows

    def at(self, user: str = "postgres", **options) -> Location:
        address = Address(
            host=ADDRESS.host, port=ADDRESS.port, database=ADDRESS.database, user=user
        )
        options = {"schema": self.schema, **options}
        return Location(source="postgresql", address=address, options=options)

    def reader(self, *, usage: bool = True) -> str:
        """A user who may look into the schema, and read nothing in it as yet."""
        name = f"{self.schema}_reader{len(self.readers)}"
        self.run(f"CREATE ROLE {name} LOGIN")
        self.readers.append(name)
        if usage:
            self.run(f"GRANT USAGE ON SCHEMA {self.schema} TO {name}")
        return name

    def opened(self, *schemas: Schema, user: str = "postgres", limits: Limits = LIMITS) -> Dataset:
        return PostgreSql().open(schemas, self.at(user), limits=limits)

    def drop(self) -> None:
        self.run(f"DROP SCHEMA {self.schema} CASCADE")
        for reader in self.readers:
            with self.alone():
                self.run(f"DROP OWNED BY {reader}", f"DROP ROLE {reader}")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other tests away from what belongs to the whole database while the block runs.

        Two who grant or revoke rights on it at once make the server raise "tuple concurrently
        updated".
        """
        self.run(f"SELECT pg_advisory_lock({_RIGHTS})")
        try:
            yield
        finally:
            self.run(f"SELECT pg_advisory_unlock({_RIGHTS})")


def made() -> Iterator[Postgres]:
    """One schema, for a fixture to yield from."""
    with reached() as connection:
        postgres = Postgres(connection)
        try:
            yield postgres
        finally:
            postgres.drop()


def reached() -> psycopg.Connection:
    """A connection of its own; without a server the test is skipped, or fails where one must be."""
    try:
        return psycopg.connect(
            host=ADDRESS.host,
            port=ADDRESS.port,
            dbname=ADDRESS.database,
            user=ADDRESS.user,
            connect_timeout=5,
            autocommit=True,
        )
    except psycopg.OperationalError as error:
        missing = f"no PostgreSQL answers at {ADDRESS.host}:{ADDRESS.port}"
        if os.environ.get("ASSAY_REQUIRE_SERVICES") == "1":
            pytest.fail(f"{missing}: {error}")
        pytest.skip(missing)
