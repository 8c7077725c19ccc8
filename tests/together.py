"""Which tests run on one process, one after the other.

The groups of ``--dist loadgroup`` are told by a suffix of the test's id, which pytest 9.2 no
longer lets a plug-in write: marks are passed over in silence. So the module tells them instead.
"""

from collections.abc import Mapping
from typing import Final

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # has no types

GROUPS: Final[Mapping[str, str]] = {
    # One browser, one site and one survey for all.
    "tests/api/test_browser.py": "browser",
    # They want the machine for themselves.
    "tests/cli/demo/test_command.py": "service",
    "tests/cli/test_up.py": "service",
    "tests/tools/chaos/test_storm.py": "service",
    "tests/project/test_compose.py": "service",
    "tests/worker/test_crash.py": "service",
    "tests/worker/test_distributed.py": "service",
    "tests/worker/test_forks.py": "service",
    "tests/worker/test_limits.py": "service",
    "tests/worker/test_stop.py": "service",
}


def group_of(test: str) -> str:
    """Return the group of a test by its id; a test of any other module is a group of its own."""
    return GROUPS.get(test.partition("::")[0], test)


class Together(LoadScopeScheduling):  # type: ignore[misc]  # has no types
    """Hands each group to one process; the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
