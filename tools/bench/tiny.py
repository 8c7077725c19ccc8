"""A CSV of ten rows: what a run costs beside its data, cold and warm."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.bench.children.start import ask
from tools.bench.cost import Cost

_PLAIN: Final = """\
apiVersion: v3.2.0
kind: DataContract
id: tiny
version: 1.0.0
status: active
servers: [{server: local, type: local, path: tiny.csv, format: csv}]
schema:
  - name: tiny
    properties:
      - {name: id, logicalType: integer, required: true, unique: true}
      - {name: word, logicalType: string}
"""
_QUALITY: Final = "    quality: [{id: rows, metric: rowCount, mustBe: 10}]\n"


def write(folder: Path) -> tuple[Path, Path]:
    """Write the data, a contract without quality clauses, and one with; returns both contracts."""
    (folder / "tiny.csv").write_text("id,word\n" + "".join(f"{n},w\n" for n in range(10)))
    plain, whole = folder / "plain.odcs.yaml", folder / "whole.odcs.yaml"
    plain.write_text(_PLAIN)
    whole.write_text(_PLAIN + _QUALITY)
    return plain, whole


def warm(contract: Path, folder: Path) -> Cost:
    """Judge twice in one process and return what the second time took, by phase in the note."""
    place = {"contract": contract, "folder": folder}
    run = ask("judge", {**place, "warm": place, "memory_mb": 1024, "postmaster": None})
    note = f"{run['outcome']}: {', '.join(_phases(run['phases']))}"
    return Cost(cpu=run["cpu"], wall=run["wall"], peak=run["peak"], note=note)


def _phases(seconds: dict[str, float]) -> Iterator[str]:
    for name, spent in seconds.items():
        yield f"{name} {1000 * spent:.0f} ms"
