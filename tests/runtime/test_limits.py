from runtime.limits import build_limits
from runtime.settings import Settings


def test_limits_are_those_of_the_settings():
    limits = build_limits(Settings(memory_mb=256, threads=1, statement_seconds=2))

    assert (limits.memory_mb, limits.threads, limits.statement_seconds) == (256, 1, 2)
