"""``assay gate``: stop a pipeline that would read data which breaks its promise."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final, Literal

from cyclopts import Parameter
from cyclopts.validators import Number
from pydantic import BaseModel
from rich.text import Text

from cli.answers import Runs, shaped
from cli.client import Client, connect
from cli.errors import BadUsage, Unready
from cli.exits import Exit
from cli.output import (
    BAD,
    FAINT,
    GOOD,
    STRONG,
    UNSURE,
    Form,
    line,
    plural,
    progress,
    show,
    show_json,
)
from cli.products import suggesting
from cli.report import UNJUDGED
from contracts.values import Json
from scorecards.words import percent, points

_LOOK: Final = 2.0  # seconds between looks
_SHOWN: Final = 10  # reasons told; programs get them all
_EXITS: Final = {"open": Exit.OK, "closed": Exit.NO, "unsure": Exit.UNJUDGED}
_STYLES: Final = {"open": GOOD, "closed": BAD, "unsure": UNSURE}
_WORDS: Final = {
    "open": "may be relied on",
    "closed": "breaks its promise",
    "unsure": "cannot be told",
}
_LONGEST: Final = timedelta(days=366)


class Reason(BaseModel):
    """Why the gate does not open."""

    verdict: Literal["closed", "unsure"]
    detail: str


class Gate(BaseModel):
    """What the service says of a product; ``low`` is 0 to 100, None when nothing is measured."""

    product: str
    verdict: Literal["open", "closed", "unsure"]
    reasons: list[Reason]
    skipped: int = 0
    low: float | None
    assurance: float


def gate(
    product: str,
    /,
    *,
    min_score: Annotated[float | None, Parameter(validator=Number(gte=0, lte=100))] = None,
    max_age: timedelta | None = None,
    run: Annotated[bool, Parameter(negative="")] = False,
    wait: timedelta = timedelta(0),
    form: Form = "text",
) -> int:
    """Say whether to rely on a product: 0 yes, 1 no, 4 nobody can tell.

    It opens when no blocking promise is broken, unknown or unjudged.

    Args:
        product: Key of the product, such as ``sales.orders``.
        min_score: Least score it must have, 0 to 100: what is unproven counts as failed.
        max_age: Age up to which a verdict counts, such as ``6h`` or ``2d``.
        run: Have it judged now, and wait for that (10 minutes, unless --wait says otherwise).
        wait: How long to wait for the gate to open, such as ``10m``.
        form: Answer for people or for programs.
    """
    asked = _query(min_score, max_age)
    if run and not wait:
        wait = timedelta(minutes=10)
    with connect() as client, suggesting(client, product):
        runs = _queued(client, product) if run else []
        deadline = time.monotonic() + wait.total_seconds()
        with progress(f"waiting for {product}"):
            _await(client, runs, deadline)
            answer = _opened(client, f"/products/{product}/gate", asked, deadline, once=run)
    found = shaped(Gate, answer)
    if form == "json":
        show_json(answer)
    else:
        show(*_told(found))
    return _EXITS[found.verdict]


def _query(min_score: float | None, max_age: timedelta | None) -> dict[str, str]:
    query = {} if min_score is None else {"min_score": f"{min_score:g}"}
    if max_age is None:
        return query
    if not timedelta(seconds=1) <= max_age <= _LONGEST:
        raise BadUsage("--max-age lies between 1s and 366d")
    return query | {"max_age": str(int(max_age.total_seconds()))}


def _queued(client: Client, product: str) -> list[int]:
    return [one.id for one in shaped(Runs, client.post(f"/products/{product}/runs")).runs]


def _await(client: Client, runs: Sequence[int], deadline: float) -> None:
    """Wait until these runs are over.

    Raises:
        Unready: One is not, and the time is up.
    """
    for run in runs:
        while not _over(client.get(f"/runs/{run}")):
            if time.monotonic() >= deadline:
                raise Unready(f"run {run} is not over yet; --wait gives it longer")
            time.sleep(_LOOK / 4)


def _over(run: Json) -> bool:
    return isinstance(run, dict) and run.get("finished") is not None


def _opened(
    client: Client, path: str, asked: dict[str, str], deadline: float, *, once: bool
) -> Json:
    """Return the gate when it opens, or as it is at the deadline; ``once``: as it is now."""
    while True:
        answer = client.get(path, asked)
        is_open = isinstance(answer, dict) and answer.get("verdict") == "open"
        if once or is_open or time.monotonic() + _LOOK > deadline:
            return answer
        time.sleep(_LOOK)


def _told(found: Gate) -> list[Text]:
    score = "not measured" if found.low is None else f"at least {points(found.low)}"
    lines = [
        line(
            (found.verdict, _STYLES[found.verdict]),
            "  ",
            (found.product, STRONG),
            f" {_WORDS[found.verdict]}: score {score}, assurance {percent(found.assurance)}",
        )
    ]
    lines += [
        line("  ", (f"{reason.verdict:<6}", _STYLES[reason.verdict]), f"  {reason.detail}")
        for reason in found.reasons[:_SHOWN]
    ]
    if len(found.reasons) > _SHOWN:
        lines.append(line((f"  and {plural(len(found.reasons) - _SHOWN, 'reason')} more", FAINT)))
    if found.skipped:
        told = plural(found.skipped, "blocking promise")
        lines.append(line(("  note    ", FAINT), f"{told} {UNJUDGED}; see its scorecard"))
    if found.verdict != "open":
        lines.append(line(("next: ", FAINT), f"assay scorecard {found.product} shows all of it"))
    return lines
