"""Clauses as rows, and back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, insert, select

from contracts.clause import Clause, Kind
from contracts.timetable import Timetable
from contracts.values import Dimension, EngineName, Json, Severity
from store.tables.promise import CLAUSE, VERSION

_PREFIX: Final = "clause_"
CLAUSE_COLUMNS: Final = tuple(column.label(f"{_PREFIX}{column.name}") for column in CLAUSE.c)


def clause_row(clause: Clause, contract_id: str, version: str, position: int) -> dict[str, object]:
    """Return the row of a clause of ``version``, without its number and without ``retired_at``."""
    return {
        "contract_id": contract_id,
        "key": clause.key,
        "version": version,
        "position": position,
        "pointer": clause.pointer,
        "kind": clause.kind.value,
        "schema_name": clause.schema,
        "column_name": clause.column,
        "engine": word(clause.engine),
        "arguments": dict(clause.arguments),
        "threshold": clause.threshold,
        "description": clause.description,
        "severity": clause.severity.value,
        "dimension": word(clause.dimension),
        "skipped": clause.skipped,
        "executable": clause.executable,
        "key_columns": list(clause.key_columns),
        "sensitive": clause.sensitive,
        "sensitive_columns": list(clause.sensitive_columns),
        "owner": clause.owner,
        "timetable": None if clause.timetable is None else stored_timetable(clause.timetable),
    }


def clause_of(row: RowMapping) -> Clause:
    """Return the clause in a row that was selected by ``CLAUSE_COLUMNS``."""
    return Clause(
        key=row["clause_key"],
        pointer=row["clause_pointer"],
        kind=Kind(row["clause_kind"]),
        schema=row["clause_schema_name"],
        column=row["clause_column_name"],
        engine=engine_of(row["clause_engine"]),
        arguments=row["clause_arguments"],
        threshold=row["clause_threshold"],
        description=row["clause_description"],
        severity=Severity(row["clause_severity"]),
        dimension=dimension_of(row["clause_dimension"]),
        skipped=row["clause_skipped"],
        executable=row["clause_executable"],
        key_columns=tuple(row["clause_key_columns"]),
        sensitive=row["clause_sensitive"],
        sensitive_columns=tuple(row["clause_sensitive_columns"]),
        owner=row["clause_owner"],
        timetable=timetable_from(row["clause_timetable"]),
    )


def stored_timetable(timetable: Timetable) -> dict[str, Json]:
    """Return what is stored of a clause's own timetable, a cron line."""
    return {
        "cron": timetable.cron,
        "timezone": timetable.timezone,
        "jitter": timetable.jitter,
        "missed": timetable.missed,
    }


def timetable_from(stored: Mapping[str, Any] | None) -> Timetable | None:
    """Return the timetable that was stored."""
    return None if stored is None else Timetable(**stored)


def clause_ids(connection: Connection, contract_id: str) -> Mapping[str, int]:
    """Return the number of each clause that a contract ever had, by key."""
    rows = connection.execute(
        select(CLAUSE.c.key, CLAUSE.c.id).where(CLAUSE.c.contract_id == contract_id)
    )
    return dict(rows.all())


def numbers_for(
    connection: Connection, contract_id: str, version: str, clauses: Sequence[Clause]
) -> Mapping[str, int]:
    """Return the number of each of ``clauses`` by key, and of others of the contract.

    A newer release may find promises in a document that the one which published it did not see:
    they get rows here, so that no answer is lost. Where ``version`` is current they are the
    contract's, else they are retired at once.
    """
    numbers = clause_ids(connection, contract_id)
    unknown = [clause for clause in clauses if clause.key not in numbers]
    if not unknown:
        return numbers
    published = connection.execute(
        select(VERSION.c.current, VERSION.c.published_at).where(
            VERSION.c.contract_id == contract_id, VERSION.c.version == version
        )
    ).one()
    retired_at = None if published.current else published.published_at
    rows = [
        {**clause_row(clause, contract_id, version, place), "retired_at": retired_at}
        for place, clause in enumerate(unknown, start=len(numbers))
    ]
    connection.execute(insert(CLAUSE), rows)
    return clause_ids(connection, contract_id)


def word(value: EngineName | Dimension | None) -> str | None:
    """Return what is stored for a word of a closed list."""
    return None if value is None else value.value


def engine_of(stored: str | None) -> EngineName | None:
    """Return the engine that was stored."""
    return None if stored is None else EngineName(stored)


def dimension_of(stored: str | None) -> Dimension | None:
    """Return the dimension that was stored."""
    return None if stored is None else Dimension(stored)
