"""``assay incidents``: products in trouble; take one on, or end it."""

from typing import Annotated, Final

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cli.answers import Incident, shaped
from cli.client import connect
from cli.exits import Exit
from cli.output import BAD, FAINT, Form, Part, line, show, show_json, table
from cli.products import collect
from cli.times import instant
from contracts.values import Json

app: Final = App(name="incidents", help="Look at incidents, take them on, end them.")
IncidentId = Annotated[int, Parameter(name="ID", validator=Number(gte=1))]


@app.default
def default(*, form: Form = "text") -> int:
    """List the incidents that are open."""
    return list_(form=form)


@app.command(name="list")
def list_(
    *,
    product: str | None = None,
    everything: Annotated[bool, Parameter(name="--all", negative="")] = False,
    form: Form = "text",
) -> int:
    """List incidents, newest first.

    Args:
        product: Only those of this product.
        everything: Also those that are over.
        form: Answer for people or for programs.
    """
    query: dict[str, str | int | bool] = {} if everything else {"open": True}
    if product is not None:
        query["product"] = product
    with connect() as client:
        found = collect(client, "/incidents", query)
    if form == "json":
        show_json({"items": found})
        return Exit.OK
    rows = [_row(shaped(Incident, item)) for item in found]
    if not rows:
        show(line("no incident" if everything else "no open incident"))
        return Exit.OK
    show(*table(("id", "product", "state", "since", "taken on by", "what"), rows, right={0}))
    return Exit.OK


@app.command
def ack(incident: IncidentId, /, *, form: Form = "text") -> int:
    """Take an incident on.

    Args:
        incident: Number of the incident.
        form: Answer for people or for programs.
    """
    with connect() as client:
        return _say(client.post(f"/incidents/{incident}/acknowledge"), form)


@app.command
def resolve(incident: IncidentId, /, *, reason: str, form: Form = "text") -> int:
    """End an incident by your word.

    Args:
        incident: Number of the incident.
        reason: Why it is over; stands on its page.
        form: Answer for people or for programs.
    """
    with connect() as client:
        return _say(client.post(f"/incidents/{incident}/resolve", {"reason": reason}), form)


def _say(answer: Json, form: Form) -> int:
    if form == "json":
        show_json(answer)
    else:
        found = shaped(Incident, answer)
        show(line(f"incident {found.id} of {found.product} is {found.state}: {found.title}"))
    return Exit.OK


def _row(found: Incident) -> list[Part]:
    return [
        str(found.id),
        found.product,
        (found.state, BAD if found.open else FAINT),
        instant(found.opened_at),
        found.acknowledged_by or ("nobody", FAINT),
        found.title,
    ]
