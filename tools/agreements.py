"""Hold the counts of agreement with recorded cases: they may rise, never fall.

usage: python -m tools.agreements CONFORMANCE_SCRIPT CASES_DIR [KIND ...]

Runs the script over the cases and compares each count with ``tests/agreements.json``. A higher
count is written there, to be committed. Exit status 1 when a count fell.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

_FLOOR: Final = Path(__file__).parents[1] / "tests" / "agreements.json"
_LINE: Final = re.compile(r"^(\w+): (\d+) of (\d+) agree$", re.MULTILINE)


def fallen(floor: dict[str, int], counted: dict[str, int]) -> list[str]:
    """Return a sentence for each kind whose count is below its floor, or was not counted."""
    return [
        f"{kind}: {counted.get(kind, 'none')} agree, {least} did before"
        for kind, least in floor.items()
        if counted.get(kind, -1) < least
    ]


def main(arguments: list[str]) -> int:
    """Run, compare, raise the floor; returns the exit status."""
    script, cases, *kinds = arguments
    floor: dict[str, int] = json.loads(_FLOOR.read_text())
    wanted = kinds or list(floor)
    done = subprocess.run(  # noqa: S603 - the script that was named
        [sys.executable, script, cases, *wanted], capture_output=True, text=True, check=False
    )
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    counted = {kind: int(count) for kind, count, _ in _LINE.findall(done.stdout)}
    faults = fallen({kind: floor[kind] for kind in wanted}, counted)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    raised = {kind: max(least, counted.get(kind, 0)) for kind, least in floor.items()}
    if raised != floor:
        _FLOOR.write_text(json.dumps(raised, indent=2) + "\n")
        sys.stdout.write(f"raised: commit {_FLOOR.name}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
