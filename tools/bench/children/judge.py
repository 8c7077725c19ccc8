"""Judge a contract, warm, once for the figures: ``python -m tools.bench.children.judge FILE``.

The JSON file holds ``contract``, ``folder``, ``memory_mb``, ``warm`` (contract and folder of a
small table that goes first) and ``postmaster``: the process id of the server that holds the data,
or null.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any, Final

from checks import sources
from checks.dataset import Answer, Dataset, Parameters
from checks.location import Limits, Location
from checks.model import Report
from contracts.model import Schema
from contracts.parse import parse
from runtime.clock import now
from tools.bench.children.meter import Meter, peak
from usecases.judge import judge_locally

_ABOUT_NAMES: Final = re.compile(
    r"^\s*(CREATE|DROP|SET|SHOW|DESCRIBE|BEGIN|COMMIT|ROLLBACK|DECLARE|CLOSE)\b"
    r"|information_schema|pg_catalog|pg_class|parquet_schema|duckdb_columns",
    re.IGNORECASE,
)
_SECONDS: Final = 600.0


class Statements:
    """The statements that read data, whatever the source, since it was last cleared."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._load = sources.load
        sources.load = lambda name: _Watched(self._load(name), self)

    def watch(self, session: type) -> None:
        """Keep what any session of this class runs from now on."""
        run: FunctionType = vars(session)["run"]
        if hasattr(run, "watched"):
            return

        def watched(own: object, statement: str, parameters: Parameters = ()) -> Answer:
            if not _ABOUT_NAMES.search(statement):
                self.texts.append(statement)
            answer: Answer = run(own, statement, parameters)
            return answer

        watched.watched = True  # type: ignore[attr-defined]  # our own mark
        session.run = watched  # type: ignore[attr-defined]  # every session's, by the protocol


class _Watched:
    """A source whose sessions are watched."""

    def __init__(self, source: sources.Source, statements: Statements) -> None:
        self._source = source
        self._statements = statements

    def open(self, schemas: Sequence[Schema], location: Location, *, limits: Limits) -> Dataset:
        dataset = self._source.open(schemas, location, limits=limits)
        self._statements.watch(type(dataset.session))
        return dataset

    def probe(self, location: Location, *, limits: Limits) -> str:
        return self._source.probe(location, limits=limits)


def judge(asked: Mapping[str, Any], memory_mb: int) -> Report:
    """Judge with both engines, on two threads."""
    limits = Limits(memory_mb=memory_mb, threads=2, statement_seconds=_SECONDS)
    contract = parse(Path(asked["contract"]).read_bytes())
    return judge_locally(
        contract, server=None, folder=Path(asked["folder"]), limits=limits, clock=now
    )


def told(report: Report) -> dict[str, list[object]]:
    """By key of the clause: its outcome, failed rows, and what was measured."""
    findings = {result.clause.key: result.finding for result in report.results}
    return {
        key: [finding.outcome.value, finding.failed_rows, finding.measured]
        for key, finding in findings.items()
    }


def main() -> None:
    """Judge, and write what it took and what was said as JSON."""
    asked = json.loads(Path(sys.argv[1]).read_text())
    statements = Statements()
    judge(asked["warm"], asked["memory_mb"])
    statements.texts.clear()
    meter = Meter(asked["postmaster"])
    meter.start()
    report = judge(asked, asked["memory_mb"])
    spent = meter.stop()
    found = {
        "cpu": spent.cpu,
        "wall": spent.wall,
        "peak": peak(),
        "statements": statements.texts,
        "phases": dict(report.phases),
        "outcome": report.outcome.value,
        "said": told(report),
    }
    sys.stdout.write(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
