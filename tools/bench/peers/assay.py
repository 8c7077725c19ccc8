"""Assay itself as a whole process: ``assay check``."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.bench.contract import lineitems
from tools.bench.peers.peer import Command, Work, gathered
from tools.bench.verdicts import Said


class Assay:
    """``assay check``, with the rows behind failures or without."""

    note = ""

    def __init__(self, *, evidence: bool = True) -> None:
        self._more = [] if evidence else ["--evidence", "0"]
        self.name = " ".join(["assay check", *self._more])

    def command(self, work: Work) -> Command:
        """The contract, judged in the folder of the data."""
        contract = work.folder / "assay.odcs.json"
        contract.write_text(json.dumps(lineitems(work.rows)))
        return Command(
            arguments=[*self.program(), "check", str(contract), "--format", "json", *self._more],
            folder=work.data,
            answer=work.folder / "assay.json",
            said=True,
        )

    def program(self) -> list[str]:
        """What runs Assay."""
        return [str(Path(sys.executable).with_name("assay"))]

    def verdicts(self, answer: str, work: Work) -> Mapping[str, Said]:
        """Of every clause, gathered by rule."""
        said = {
            str(result["clause"]): Said(outcome=result["outcome"], failed_rows=_count(result))
            for result in json.loads(answer)["results"]
        }
        return gathered(said, work)


def _count(result: Mapping[str, object]) -> int | None:
    """Rows that failed; of a query that counts them, what it measured."""
    if result["outcome"] != "failed":
        return None
    counted = result["failed_rows"] if result["failed_rows"] is not None else result["measured"]
    return counted if isinstance(counted, int) else None
