"""``assay run``: have the service judge a product now, and see how it goes."""

import time
from collections.abc import Sequence
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.text import Text

from cli import report
from cli.answers import Results, Run, Runs, shaped
from cli.client import Client, connect
from cli.errors import Unready
from cli.exits import Exit
from cli.options import settings
from cli.output import BAD, FAINT, STRONG, UNSURE, Form, line, progress, show, show_json
from contracts.values import Json

_PAUSES: Final = (0.1, 0.2, 0.4, 0.8)  # seconds between looks; the last one for ever
_OVER: Final = {"done", "errored", "lost"}
_GRAVEST: Final = (Exit.UNJUDGED, Exit.NO, Exit.OK)


def run(
    product: str,
    /,
    *,
    watch: Annotated[bool, Parameter(name=["--watch", "--wait"], negative="")] = False,
    evidence: Annotated[int, Parameter(validator=Number(gte=0, lte=20))] = 5,
    timeout: Annotated[float, Parameter(validator=Number(gt=0))] = 900.0,
    form: Form = "text",
) -> int:
    """Ask for a run of every port of a product.

    Args:
        product: Key of the product, such as ``sales.orders``.
        watch: Wait until the runs are over, and end as they did.
        evidence: Offending rows to show of each failed clause, 0 to 20; programs get them all.
        timeout: Seconds to wait at most.
        form: Answer for people or for programs.
    """
    with connect() as client:
        answer = client.post(f"/products/{product}/runs")
        queued = shaped(Runs, answer).runs
        if not watch:
            _say_queued(queued, answer, form)
            return Exit.OK
        with progress(f"waiting for {product} to be judged"):
            over = _wait(client, queued, timeout)
        return _say_over(client, over, form, rows=evidence)


def _say_queued(queued: Sequence[Run], answer: Json, form: Form) -> None:
    if form == "json":
        show_json(answer)
        return
    for one in queued:
        show(line("queued run ", (str(one.id), STRONG), f" of {_contract(one)}"))
    show(line(("next: ", FAINT), f"assay scorecard {queued[0].product}, or --watch to wait for it"))


def _wait(client: Client, queued: Sequence[Run], timeout: float) -> list[tuple[Run, Json]]:
    """Return each run as it ended, with the service's own words for it.

    Raises:
        Unready: A run is not over after ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    over: list[tuple[Run, Json]] = []
    looks = 0
    while len(over) < len(queued):
        answer = client.get(f"/runs/{queued[len(over)].id}")
        seen = shaped(Run, answer)
        if seen.state in _OVER:
            over.append((seen, answer))
            continue
        if time.monotonic() >= deadline:
            raise Unready(
                f"run {seen.id} is still {seen.state} after {timeout:g} s; "
                "'assay doctor' says whether a worker is alive"
            )
        time.sleep(_PAUSES[min(looks, len(_PAUSES) - 1)])
        looks += 1
    return over


def _say_over(client: Client, over: Sequence[tuple[Run, Json]], form: Form, *, rows: int) -> int:
    results = [client.get(f"/runs/{one.id}/results") for one, _ in over]
    if form == "json":
        show_json(
            {
                "runs": [
                    {**document, "results": found["results"]}
                    for (_, document), found in zip(over, results, strict=True)
                    if isinstance(document, dict) and isinstance(found, dict)
                ]
            }
        )
    else:
        for (one, _), found in zip(over, results, strict=True):
            show(*_told(one, shaped(Results, found), rows))
        show(
            Text(),
            line(("card: ", FAINT), f"{settings().service_url}/products/{over[0][0].product}"),
        )
    ends = {_exit(one) for one, _ in over}
    return next(status for status in _GRAVEST if status in ends)


def _told(one: Run, found: Results, rows: int) -> list[Text]:
    verdict, style = _verdict(one)
    lines = [line((f"run {one.id}", STRONG), f" of {_contract(one)}: ", (verdict, style))]
    if one.error and all(one.error != result.reason for result in found.results):
        lines.append(line(one.error))
    if found.results:
        lines.append(report.counts(found.results, one.seconds.get("total")))
    return [*lines, *report.details(found.results, rows)]


def _verdict(one: Run) -> tuple[str, str]:
    if one.state == "lost":
        return "lost", BAD
    outcome = one.outcome or one.state
    return outcome, report.STYLES.get(outcome, UNSURE)


def _exit(one: Run) -> Exit:
    if one.state != "done":
        return Exit.UNJUDGED
    return {"passed": Exit.OK, "failed": Exit.NO}.get(one.outcome or "", Exit.UNJUDGED)


def _contract(one: Run) -> str:
    return f"{one.contract.id} {one.contract.version}"
