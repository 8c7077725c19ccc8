"""Start one of the processes beside and read what it writes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
_LAST: Final = 2000  # letters of what a failing process said


class ChildFailed(Exception):
    """A process ended with an error; ``said`` is the end of what it wrote about that."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(f"{name}: {said}")
        self.name = name
        self.said = said


def ask(name: str, asked: object) -> Any:  # noqa: ANN401 - whatever the process writes
    """Run ``tools.bench.children.<name>`` with ``asked`` and return what it wrote, both as JSON.

    PostgreSQL is asked as the user that PGUSER names, else as ``postgres``.

    Raises:
        ChildFailed: it did not end well.
    """
    environment = {"PGUSER": "postgres", **os.environ}  # noqa: TID251 - a benchmark's child
    with TemporaryDirectory(prefix="assay-bench-") as folder:
        file = Path(folder) / "asked.json"
        file.write_text(json.dumps(asked, default=str))
        command = [sys.executable, "-m", f"tools.bench.children.{name}", str(file)]
        done = subprocess.run(  # noqa: S603 - our own module
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise ChildFailed(name, done.stderr.strip()[-_LAST:])
    return json.loads(done.stdout)
