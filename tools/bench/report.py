"""The table in the documentation, with the machine and the versions it was measured on."""

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

from runtime.clock import now
from tools.bench.children.start import ROOT
from tools.bench.table import Row, markdown

DOCUMENT: Final = ROOT / "docs" / "performance.md"
BEGIN: Final = "<!-- bench: begin -->"
END: Final = "<!-- bench: end -->"
_PACKAGES: Final = ("duckdb", "pandera", "great-expectations", "ibis-framework", "psycopg")
_PROCESSORS: Final = Path("/proc/cpuinfo")


def write(rows: Sequence[Row]) -> None:
    """Put the table of ``rows`` into the document, in place of the one that is there."""
    measured = f"{machine()} {versions()} Measured on {now().date().isoformat()}."
    DOCUMENT.write_text(replaced(DOCUMENT.read_text(), f"{measured}\n\n{markdown(rows)}"))


def replaced(document: str, text: str) -> str:
    """``document`` with ``text`` between the two marks.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the document lacks {BEGIN} or {END}")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def machine() -> str:
    """Cores, memory and processor in one sentence; nothing that tells which machine it is."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{os.cpu_count()} cores ({processor()}), {pages / 2**30:.0f} GB of memory."


def processor() -> str:
    """The processor's model, where the system tells; else its architecture."""
    if _PROCESSORS.exists():
        found = re.search(r"^model name\s*: (.+)$", _PROCESSORS.read_text(), re.MULTILINE)
        if found:
            return found[1].strip()
    return platform.machine()


def versions() -> str:
    """Python, the engines and the databases."""
    named = [f"{name} {version(name)}" for name in _PACKAGES]
    return f"Python {platform.python_version()}, {', '.join(named)}."
