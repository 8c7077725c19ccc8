"""A session that keeps what it was asked, to count statements by."""

import pytest
from typing_extensions import override

from checks.sources import files
from checks.sources.session import LockedSession


def overhear(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that sessions over files are asked from now on, in order."""
    statements: list[str] = []

    class Overheard(LockedSession):
        @override
        def run(self, statement, parameters=()):
            statements.append(statement)
            return super().run(statement, parameters)

    monkeypatch.setattr(files, "LockedSession", Overheard)
    return statements


def about_data(statements: list[str]) -> list[str]:
    """Those among ``statements`` that read the data, not its description."""
    aside = ("CREATE ", "DESCRIBE ", "SELECT name, num_children FROM parquet_schema")
    return [each for each in statements if not each.startswith(aside)]
