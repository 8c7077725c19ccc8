"""Executes the commands of a document as its reader would, and holds what it says they print.

In a document, ``sh`` blocks are commands of one shell, one after the other; ``sh background`` is a
command in another terminal that keeps running; ``text`` right after a block is what it prints,
where ``...`` stands for anything.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from tests.sockets import free_port

_BLOCK: Final = re.compile(r"^```(\w+)( background)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PORT: Final = "9250"  # what documents call it
_PATIENCE: Final = 90
_SHELL: Final = "/bin/bash"


@dataclass(frozen=True)
class Block:
    """Commands, and what they print as far as the document says it."""

    line: int
    commands: str
    background: bool
    expected: str | None


def blocks(text: str) -> Iterator[Block]:
    """Find what a document has its reader do."""
    found = list(_BLOCK.finditer(text))
    for place, match in enumerate(found):
        if match[1] != "sh":
            continue
        following = found[place + 1] if place + 1 < len(found) else None
        told = following is not None and following[1] == "text"
        beside = told and not text[match.end() : following.start()].strip()  # type: ignore[union-attr]  # told
        yield Block(
            line=text.count("\n", 0, match.start()) + 1,
            commands=match[3],
            background=match[2] is not None,
            expected=following[3] if beside and following else None,
        )


@dataclass
class Reader:
    """Somebody in an empty folder who types what a document says."""

    folder: Path
    port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def follow(self, document: Path) -> None:
        """Do everything that the document says.

        Raises:
            AssertionError: a command printed something else.
        """
        state = self.folder.parent / "state"
        for block in blocks(document.read_text()):
            if block.background:
                self._start(block.commands, state)
                continue
            printed = self._do(block.commands, state)
            if block.expected is not None:
                where = f"{document.name}:{block.line}"
                assert _fits(printed, block.expected), f"{where} printed:\n{printed}"

    def leave(self) -> None:
        """End what keeps running."""
        for process in self.running:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.running:
            process.wait(_PATIENCE)

    def _do(self, commands: str, state: Path) -> str:
        """Type commands where the last ones left off: in their folder, with their variables."""
        script = f"cd {self.folder}; [ -f {state} ] && . {state}; {{\n{commands}\n}} 2>&1"
        script += f'\n{{ export -p; echo "cd \\"$PWD\\""; }} > {state}'
        done = subprocess.run(
            [_SHELL, "-c", script],
            env=self._env(),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        return done.stdout.replace(str(self.port), _PORT).replace(str(self.folder), "~")

    def _start(self, commands: str, state: Path) -> None:
        script = f"cd {self.folder}; [ -f {state} ] && . {state}; exec {commands}"
        with (self.folder.parent / "background.log").open("wb") as log:
            self.running.append(
                subprocess.Popen(
                    [_SHELL, "-c", script],
                    env=self._env(),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
        self._await()

    def _await(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError((self.folder.parent / "background.log").read_text())

    def _env(self) -> dict[str, str]:
        return {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self.folder.parent),
            "LANG": "C.UTF-8",
            "ASSAY_PORT": str(self.port),
        }


def _fits(printed: str, expected: str) -> bool:
    """Whether ``printed`` is ``expected``, where ``...`` stands for anything."""
    lines = [line.rstrip() for line in expected.strip().splitlines()]
    pattern = r".*?".join(re.escape(part) for part in "\n".join(lines).split("..."))
    told = "\n".join(line.rstrip() for line in printed.strip().splitlines())
    return re.fullmatch(pattern, told, re.DOTALL) is not None
