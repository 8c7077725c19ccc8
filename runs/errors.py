"""What can be wrong with when something runs.

RunError
└── InvalidTimetable   a timetable that cannot be followed: nonsense cron, unknown zone ...
"""

from contracts.timetable import Timetable


class RunError(Exception):
    """Base of all errors raised by ``runs``."""


class InvalidTimetable(RunError):
    """No instant can be read from ``timetable``. ``reason`` says why, in one clause."""

    def __init__(self, timetable: Timetable, reason: str) -> None:
        self.timetable = timetable
        self.reason = reason
        super().__init__(f"{timetable.cron or timetable.every or 'empty timetable'}: {reason}")
