"""``assay run``: have the service judge a product now, and see how it goes."""

from collections.abc import Sequence
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.text import Text

from cli import report
from cli.answers import Results, Run, Runs, shaped
from cli.client import Client, connect
from cli.exits import Exit
from cli.options import service
from cli.output import BAD, FAINT, STRONG, UNSURE, Form, line, note, show, show_json
from cli.products import suggesting
from cli.watch import Ended, wait
from contracts.values import Json

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
        watch: Wait until the runs are over, and end as they did; Ctrl-C stops the waiting only.
        evidence: Offending rows to show of each failed clause, 0 to 20; programs get them all.
        timeout: Seconds to wait at most.
        form: Answer for people or for programs.
    """
    with connect() as client:
        with suggesting(client, product):
            answer = client.post(f"/products/{product}/runs")
        queued = shaped(Runs, answer).runs
        if not watch:
            _say_queued(queued, answer, form)
            return Exit.OK
        try:
            over = wait(client, queued, timeout)
        except KeyboardInterrupt:
            _say_left(queued, service().service_url)
            return Exit.INTERRUPTED
        return _say_over(client, over, form, rows=evidence)


def _say_queued(queued: Sequence[Run], answer: Json, form: Form) -> None:
    if form == "json":
        show_json(answer)
        return
    for one in queued:
        joined = one.triggers > 1
        told = f", which waits already: {one.cause}" if joined else ""
        done = "joined run " if joined else "queued run "
        show(line(done, (str(one.id), STRONG), f" of {_contract(one)}{told}"))
    show(line(("next: ", FAINT), f"assay scorecard {queued[0].product}, or --watch to wait for it"))


def _say_left(queued: Sequence[Run], url: str) -> None:
    """Say that nobody watches any more, and how to look again."""
    told = ", ".join(f"run {one.id} of {_contract(one)}" for one in queued)
    note(f"stopped watching; {told} {'go' if len(queued) > 1 else 'goes'} on")
    for one in queued:
        note(("see it:  ", FAINT), f"{url}/runs/{one.id}")
    follow = f"assay events --follow --product {queued[0].product} --kind run.finished"
    note(("or wait: ", FAINT), follow)


def _say_over(client: Client, over: Sequence[Ended], form: Form, *, rows: int) -> int:
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
            line(("card: ", FAINT), f"{service().service_url}/products/{over[0][0].product}"),
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
