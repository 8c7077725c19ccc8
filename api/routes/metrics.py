"""What Prometheus reads. Open to readers, or to all where the operator says so."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from access.errors import require
from access.model import Action
from api.ask import BEARER, PartsOfApp, ask
from api.openapi import answers, problems
from runtime.metrics import Metrics

router = APIRouter(tags=["health"])

_EXAMPLE: Final = "# TYPE assay_queue_runs gauge\nassay_queue_runs 3.0\n"


async def _reader(
    request: Request,
    held: PartsOfApp,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
) -> None:
    """Let in anybody where figures are public, else whoever may read."""
    if not held.settings.public_metrics:
        require((await ask(request, held, bearer)).by, Action.READ)


@router.get(
    "/metrics",
    summary="Read the figures of the service",
    response_class=Response,
    responses={
        200: answers("The figures, in Prometheus' text format.", "text/plain", _EXAMPLE),
        **problems(401),
    },
    dependencies=[Depends(_reader)],
)
async def read_metrics(request: Request) -> Response:
    """Tell how much waits and for how long, what came of runs, and how requests are answered."""
    metrics: Metrics = request.app.state.metrics
    return Response(
        await run_in_threadpool(metrics.text), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
    )
