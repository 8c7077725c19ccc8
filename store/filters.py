"""A filter of values -> conditions on a table's columns of the same names."""

from dataclasses import fields
from enum import Enum

from sqlalchemy import ColumnElement, Table

from contracts.filter import ContractFilter
from incidents.filter import IncidentFilter
from runs.filter import RunFilter


def alike(
    table: Table, wanted: ContractFilter | IncidentFilter | RunFilter
) -> list[ColumnElement[bool]]:
    """Return what must hold of a row of ``table``: nothing of what is None in ``wanted``."""
    asked = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    return [
        table.c[name] == (value.value if isinstance(value, Enum) else value)
        for name, value in asked.items()
        if value is not None
    ]
