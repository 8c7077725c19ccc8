"""A run that takes too long, or kills its worker: what is recorded, who is told, who goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.model import Outcome
from runs.model import Run, RunState
from runtime.clock import now
from runtime.embedded import Started, embedded
from runtime.settings import Settings
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.cast import ADMIN
from tests.worker.service import SLOW, until
from usecases.history import list_runs, run_detail
from usecases.publish import publish
from usecases.request_run import request_run

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


@pytest.fixture
def hurried(settings: Settings, tmp_path: Path) -> Iterator[tuple[Started, SqlStore]]:
    """A service whose runs may take 2 s, and data that takes half a minute to be judged."""
    lake = tmp_path / "lake"
    lake.mkdir()
    numbers = "\n".join(str(number) for number in range(4000))
    (lake / "numbers.csv").write_text(f"id\n{numbers}\n")
    limited = settings.model_copy(update={"run_seconds": 2, "attempts": 2})
    with embedded(limited, (lake,)) as started:
        yield started, SqlStore(create_store_engine(limited.database))


def ended(store: SqlStore) -> Callable[[], Run | None]:
    def look() -> Run | None:
        (run,) = list_runs(store, by=ADMIN, before=None, limit=2)
        return run if run.state.terminal else None

    return look


def test_a_run_beyond_its_time_ends_as_errored_and_says_so(hurried: tuple[Started, SqlStore]):
    started, store = hurried
    publish(store, SLOW.encode(), by=ADMIN, clock=now)
    request_run(store, "sales.slow", by=ADMIN, clock=now)

    run = until(ended(store), started)

    results = run_detail(store, run.id, by=ADMIN).results
    assert (run.state, run.attempt) == (RunState.ERRORED, 1)
    assert run.error.startswith("the run took longer than 2 s: ")
    assert {result.outcome for result in results} == {Outcome.ERRORED}
