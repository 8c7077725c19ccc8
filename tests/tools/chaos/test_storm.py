"""A bounded storm on each kind of database, and one whose service is broken on purpose."""

import json
import os
import shutil

import pytest

from tools.chaos.report import document
from tools.chaos.storm import Order, storm

RUNS, FAULTS = 200, 20


@pytest.fixture(autouse=True)
def _servers() -> None:
    """Without its servers the harness cannot be tried; where they must be there it fails."""
    needed = shutil.which("redis-server")
    if needed is None and os.environ.get("ASSAY_REQUIRE_SERVICES") != "1":
        pytest.skip("redis-server is not installed")


pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_doubled_or_wrong(database: str):
    outcome = storm(Order(database=database, runs=RUNS, faults=FAULTS, seed=1))

    assert outcome.clean, json.dumps(document(outcome))
    assert not outcome.restless
    assert (outcome.accepted, sum(outcome.done.values())) == (RUNS, FAULTS)
    assert outcome.amounts.steps_told > 0


def test_a_service_without_its_fence_is_caught():
    # Whether a freeze falls into a run is luck, also for a seed: the machine's pace has its part.
    storms = (
        storm(Order(database="sqlite", runs=60, faults=6, seed=seed, control="fence"))
        for seed in (1, 2, 3)
    )

    assert any(outcome.faulty.recorded_twice for outcome in storms)
