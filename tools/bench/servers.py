"""CPU time of servers on this machine, from the system's table of processes."""

import os
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
# Places in /proc/<pid>/stat after the command's closing bracket, see proc(5).
_PARENT, _USER, _SYSTEM, _USER_OF_ENDED, _SYSTEM_OF_ENDED = 1, 11, 12, 13, 14


def parent(pid: int) -> int:
    """The process that started ``pid``.

    Raises:
        OSError: there is no such process here.
    """
    return int(_stat(_PROCESSES / str(pid))[_PARENT])


def own_seconds(pid: int) -> float:
    """CPU seconds that process ``pid`` has used, all its threads together.

    Raises:
        OSError: there is no such process here.
    """
    own = _stat(_PROCESSES / str(pid))
    return (int(own[_USER]) + int(own[_SYSTEM])) / _TICKS


def seconds(postmaster: int) -> float:
    """CPU seconds of all processes that the server has started, be they ended or not.

    Raises:
        OSError: there is no such process here.
    """
    own = _stat(_PROCESSES / str(postmaster))
    ticks = sum(int(own[place]) for place in (_USER_OF_ENDED, _SYSTEM_OF_ENDED))
    for process in _PROCESSES.glob("[0-9]*"):
        try:
            stat = _stat(process)
        except OSError:  # it ended while we looked
            continue
        if int(stat[_PARENT]) == postmaster:
            ticks += int(stat[_USER]) + int(stat[_SYSTEM])
    return ticks / _TICKS


def _stat(process: Path) -> list[str]:
    return (process / "stat").read_text().rpartition(")")[2].split()
