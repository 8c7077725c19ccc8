"""What one run took, measured on a process of its own."""

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run took.

    Attributes:
        cpu: Seconds of all threads, user and system together.
        wall: Seconds on the clock.
        peak: Resident memory at its highest, in MB of 2**20 bytes.
    """

    cpu: float
    wall: float
    peak: float
    note: str = ""


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of CPU and of wall seconds, the highest peak, and the last note.

    Raises:
        ValueError: ``costs`` is empty.
    """
    if not costs:
        raise ValueError("nothing was measured")
    return Cost(
        cpu=statistics.median(cost.cpu for cost in costs),
        wall=statistics.median(cost.wall for cost in costs),
        peak=max(cost.peak for cost in costs),
        note=costs[-1].note,
    )


def cold(
    command: Sequence[str],
    folder: Path,
    *,
    output: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Run a command and return what it took as a whole process; what it says is let go.

    The peak that the system tells counts from the fork on, so the caller must itself be small.

    Args:
        command: Program and arguments.
        folder: Where it runs.
        output: File for its standard output; None: nowhere.
        environment: All of its variables; None: the caller's.
    """
    began = time.perf_counter()
    with (output or Path(os.devnull)).open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=folder, stdout=said, stderr=subprocess.DEVNULL, env=environment
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    return Cost(cpu=used.ru_utime + used.ru_stime, wall=wall, peak=used.ru_maxrss / 1024)
