"""soda-core, whose contracts have a language of their own, on views of a DuckDB file."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tools.bench.contract import Document
from tools.bench.peers.installed import binaries
from tools.bench.peers.peer import MEMORY_MB, Command, Work
from tools.bench.rules import (
    FIRST_QUANTITY,
    KEY,
    LAST_QUANTITY,
    LATEST_DAYS,
    LINK,
    LONGEST,
    NEWEST,
    PATTERNS,
    RANGES,
    REQUIRED,
    SETS,
    TYPES,
)
from tools.bench.verdicts import Said

VERSION: Final = "4.28.0"
_REQUIREMENTS: Final = (f"soda-core=={VERSION}", f"soda-duckdb=={VERSION}")
_TYPES: Final = {"integer": "bigint", "number": "decimal", "string": "varchar", "date": "date"}
_SHORT: Final = {"l_linenumber": "integer"}
_TWICE: Final = "no line twice"
# A line of its table: column, name of the check, threshold, outcome, first of the diagnostics.
_LINE: Final = re.compile(
    r"^\|[^|]*\| (?P<name>[^|]+?) +\|[^|]*\| \S+ (?P<outcome>PASSED|FAILED) +\|(?P<told>[^|]*)\|"
)
_COUNT: Final = re.compile(r"(?:missing|invalid|duplicate|failed_rows)_count: (\d+)")
_VIEWS: Final = """
import duckdb, sys
with duckdb.connect(sys.argv[1]) as database:
    for name in ("lineitem", "orders"):
        database.execute(f"CREATE OR REPLACE VIEW {name} AS FROM '{sys.argv[2]}/{name}.parquet'")
"""


class Soda:
    """``soda contract verify``, which tells nobody of it."""

    name = f"soda-core {VERSION}"
    note = "the mean and freshness as SQL; of a repeated key the first row counts as good"

    def __init__(self, cache: Path) -> None:
        self._programs = binaries(cache, _REQUIREMENTS)

    def command(self, work: Work) -> Command:
        """The contract, the data source, and the file with the views that it reads."""
        contract, source = work.folder / "soda.yaml", work.folder / "soda-source.yaml"
        database = work.folder / "soda.duckdb"
        contract.write_text(json.dumps(_contract(work.rows)))
        source.write_text(json.dumps(_source(database)))
        python = str(self._programs / "python")
        subprocess.run([python, "-c", _VIEWS, str(database), str(work.data)], check=True)  # noqa: S603 - our own script
        verify = ["contract", "verify", "-c", str(contract), "-ds", str(source)]
        return Command(
            arguments=[str(self._programs / "soda"), *verify],
            folder=work.folder,
            answer=work.folder / "soda.txt",
            said=True,
            environment={"SODA_CORE_TELEMETRY_ENABLED": "false"},
        )

    def verdicts(self, answer: str, work: Work) -> Mapping[str, Said]:
        """Of every check, which is named for its rule."""
        names = {rule.name for rule in work.rules}
        lines = filter(None, map(_LINE.match, answer.splitlines()))
        return {line["name"]: _said(line) for line in lines if line["name"] in names}


def _said(line: re.Match[str]) -> Said:
    counted = _COUNT.search(line["told"])
    count = int(counted[1]) if counted else None
    if count is not None and line["name"] == _TWICE:
        count *= 2  # each planted key is there twice, and only the second row is counted
    return Said(outcome=line["outcome"].lower(), failed_rows=count)


def _source(database: Path) -> Document:
    limits = {"threads": "2", "memory_limit": f"{MEMORY_MB}MB"}
    connection = {
        "database": str(database),
        "schema": "main",
        "read_only": True,
        "configuration": limits,
    }
    return {"type": "duckdb", "name": "bench", "connection": connection}


def _contract(rows: int) -> Document:
    days = f"DATE '{NEWEST}' - max(l_shipdate)"
    mean = {"greater_than_or_equal": FIRST_QUANTITY, "less_than_or_equal": LAST_QUANTITY}
    checks = [
        {"schema": {"name": "columns and types"}},
        {"row_count": {"name": "enough-lines", "threshold": {"must_be": rows}}},
        {"duplicate": {"name": _TWICE, "columns": list(KEY)}},
        _rows("received-after-shipped", "l_shipdate > l_receiptdate"),
        _metric("mean-quantity", "avg(l_quantity)", {"must_be_between": mean}),
        _metric("fresh", days, {"must_be_less_than_or_equal": LATEST_DAYS}),
    ]
    columns = [_column(name) for name in TYPES]
    return {"dataset": "bench/main/lineitem", "columns": columns, "checks": checks}


def _rows(name: str, broken: str) -> Document:
    return {"failed_rows": {"name": name, "qualifier": name, "expression": broken}}


def _metric(name: str, expression: str, threshold: Document) -> Document:
    said = {"name": name, "qualifier": name, "expression": expression, "threshold": threshold}
    return {"metric": said}


def _column(name: str) -> Document:
    column: Document = {"name": name, "data_type": _SHORT.get(name, _TYPES[TYPES[name]])}
    checks = [{"invalid": check} for check in _invalid(name)]
    if name in REQUIRED:
        checks.append({"missing": {"name": f"{name} is there"}})
    return column | ({"checks": checks} if checks else {})


def _invalid(name: str) -> list[Document]:
    """What makes a cell invalid, each on its own so that each has a count."""
    found: dict[str, Document] = {}
    if name in RANGES:
        low, high = RANGES[name]
        found[f"{name} in range"] = {"valid_min": low, "valid_max": high}
    if name in SETS:
        found[f"{name} enum"] = {"valid_values": list(SETS[name])}
    if name in PATTERNS:
        found[f"{name} pattern"] = {"valid_format": {"name": "form", "regex": PATTERNS[name]}}
    if name in LONGEST:
        found[f"{name} max_length"] = {"valid_max_length": LONGEST[name]}
    if name == LINK[0]:
        table, column = LINK[1].split(".")
        linked = {"dataset": f"bench/main/{table}", "column": column}
        found["its order is there"] = {"valid_reference_data": linked}
    return [{"name": rule, "qualifier": rule, **check} for rule, check in found.items()]
