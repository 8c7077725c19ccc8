"""A worker that judges nothing: ``celery -A tools.bench.children.no_judge worker``.

It is the service's own worker but for its judge: it measures the way of a run alone.
Importing this changes the worker of the process: only a worker of its own may do so.
"""

from runtime.settings import Settings
from tools.bench.children.passing import no_judge
from worker import app as worker

vars(worker)["judge_with"] = no_judge
app = worker.create_app(Settings())
