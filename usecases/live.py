"""Look at one run again and again while it is being judged."""

from access.errors import require
from access.model import Action, Principal
from runs.model import Run
from usecases.errors import NotFound
from usecases.ports import Store


def look_at_run(store: Store, run_id: int, *, by: Principal) -> Run:
    """Return a run without its results: one cheap read, and nothing is held afterwards.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such run.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        run = shelf.runs.get(run_id)
    if run is None:
        raise NotFound("run", str(run_id))
    return run
