"""CPU, wall seconds and peak memory of this process, and the CPU of the server it asks."""

import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.bench import servers

_SETTLED: Final = 0.1  # seconds in which a server's process ends and is counted by its parent
_STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds between ``start`` and ``stop``."""

    cpu: float
    wall: float


class Meter:
    """Measures what happens between ``start`` and ``stop``.

    ``postmaster`` is the process id of the PostgreSQL server whose CPU counts, too.
    """

    def __init__(self, postmaster: int | None = None) -> None:
        self._postmaster = postmaster
        self._cpu = self._wall = 0.0

    def start(self) -> None:
        """Begin to measure."""
        self._cpu, self._wall = self._used(), time.perf_counter()

    def stop(self) -> Spent:
        """Return what was spent since ``start``."""
        wall = time.perf_counter() - self._wall
        return Spent(self._used() - self._cpu, wall)

    def _used(self) -> float:
        own = resource.getrusage(resource.RUSAGE_SELF)
        used = own.ru_utime + own.ru_stime
        if self._postmaster is None:
            return used
        time.sleep(_SETTLED)
        return used + servers.seconds(self._postmaster)


def peak() -> float:
    """Resident memory of this process at its highest, in MB of 2**20 bytes.

    On Linux that of this program alone; elsewhere what the system tells, from the fork on.
    """
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
