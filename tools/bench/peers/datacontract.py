"""datacontract-cli, which reads the same standard."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tools.bench.contract import Document, lineitems
from tools.bench.peers.installed import binaries
from tools.bench.peers.peer import Command, Work, gathered
from tools.bench.rules import FIRST_QUANTITY, LAST_QUANTITY, LINK, PROPERTIES
from tools.bench.verdicts import Said

VERSION: Final = "1.2.8"
_REQUIREMENTS: Final = (f"datacontract-cli[duckdb]=={VERSION}",)
_KINDS: Final = {
    "field_is_present": "column_present",
    "field_required": "required",
    "field_minimum": "minimum",
    "field_maximum": "maximum",
    "field_enum": "enum",
    "field_regex": "pattern",
    "field_max_length": "max_length",
    "field_relationships": f"relationships/{LINK[1]}",
}
_OF_TABLE: Final = {
    "primary_key_unique": "/schema/lineitem/primary_key",
    "row_count": "/schema/lineitem/quality/enough-lines",
}
_MEAN: Final = {
    "id": "mean-quantity",
    "type": "sql",
    "query": "SELECT avg(l_quantity) FROM {object}",
    "mustBeBetween": [FIRST_QUANTITY, LAST_QUANTITY],
}


class Datacontract:
    """``datacontract test``, with samples of failing rows or without."""

    note = "types of Parquet are not judged, only warned of; the mean as SQL"

    def __init__(self, cache: Path, *, samples: bool = False) -> None:
        self.name = f"datacontract-cli {VERSION}" + (" with samples" if samples else "")
        self._program = str(binaries(cache, _REQUIREMENTS) / "datacontract")
        self._samples = samples

    def command(self, work: Work) -> Command:
        """The contract of Assay, but for the mean, which is no expectation there."""
        contract, answer = work.folder / "datacontract.odcs.json", work.folder / "datacontract.json"
        contract.write_text(json.dumps(_document(work.rows)))
        more = ["--include-failed-samples"] if self._samples else []
        return Command(
            arguments=[*self.test(contract), "--output", str(answer), *_AS_JSON, *more],
            folder=work.data,
            answer=answer,
        )

    def test(self, contract: Path) -> list[str]:
        """What judges a contract in the folder of its data."""
        return [self._program, "test", str(contract)]

    def verdicts(self, answer: str, work: Work) -> Mapping[str, Said]:
        """Of every check that has one; a warning is none."""
        said: dict[str, Said] = {}
        for check in json.loads(answer)["checks"]:
            clause = _clause(check)
            if clause and check["result"] != "warning":
                said[clause] = Said(outcome=check["result"], failed_rows=_count(check))
        return gathered(said, work)


_AS_JSON: Final = ("--output-format", "json")


def _document(rows: int) -> Document:
    document = lineitems(rows)
    lines = document["schema"][0]
    lines["quality"] = [_MEAN if rule["id"] == _MEAN["id"] else rule for rule in lines["quality"]]
    return document


def _clause(check: Mapping[str, object]) -> str | None:
    """Key of our clause of the same meaning; SQL rules are told by their ids."""
    kind, rule = str(check["type"]), check.get("qualityId")
    if check["model"] != "lineitem":
        return None
    if rule:
        return f"/schema/lineitem/quality/{rule}"
    if kind in _KINDS:
        return f"{PROPERTIES}{check['field']}/{_KINDS[kind]}"
    return _OF_TABLE.get(kind)


def _count(check: Mapping[str, object]) -> int | None:
    told = check["diagnostics"]
    if check["result"] != "failed" or not isinstance(told, Mapping):
        return None
    counted = told.get("failed_rows", told.get("value"))
    return counted if isinstance(counted, int) else None
