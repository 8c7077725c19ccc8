"""``assay incidents``: products in trouble; take one on, or end it."""

from dataclasses import dataclass
from typing import Annotated, Final

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cli.answers import Card, Incident, IncidentWhole, shaped
from cli.client import Client, connect
from cli.errors import BadUsage, CliError
from cli.exits import Exit
from cli.incident import whole
from cli.output import BAD, FAINT, UNSURE, Form, Part, line, room, show, show_json, table
from cli.products import collect
from cli.times import ago, instant
from contracts.values import Json
from incidents.model import IncidentKind, IncidentState
from runtime.clock import now

app: Final = App(name="incidents", help="Look at incidents, take them on, end them.")
IncidentId = Annotated[int, Parameter(name="ID", validator=Number(gte=1))]
_HEADERS: Final = ("id", "product", "state", "since", "taken on by", "what")


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which incidents are listed.

    Attributes:
        product: Only those of this product.
        state: Only those in this state, also where that is over.
        kind: Only those of this kind: breach, where data broke promises; outage, where it could
            not be judged.
        everything: Also those that are over.
    """

    product: str | None = None
    state: IncidentState | None = None
    kind: IncidentKind | None = None
    everything: Annotated[bool, Parameter(name="--all", negative="")] = False

    @property
    def query(self) -> dict[str, str | int | bool]:
        """What the service is asked."""
        sought: dict[str, str | int | bool | None] = {
            "open": None if self.everything or self.state else True,
            "product": self.product,
            "state": self.state and self.state.value,
            "kind": self.kind and self.kind.value,
        }
        return {name: value for name, value in sought.items() if value is not None}

    @property
    def none(self) -> str:
        """What is said where there are none."""
        if self.product or self.state or self.kind:
            return "no incident is like that; leave something out to find more"
        return "no incident" if self.everything else "no open incident"


_ALL: Final = Sought()


@app.default
def default(
    incident: IncidentId | None = None, /, *, sought: Sought = _ALL, form: Form = "text"
) -> int:
    """List the incidents that are open, or show one whole.

    Args:
        incident: Number of the incident to show, with its timeline and every notice.
        sought: Which of them.
        form: Answer for people or for programs.
    """
    if incident is None:
        return list_(sought=sought, form=form)
    if sought != _ALL:
        raise BadUsage(f"'assay incidents show {incident}' shows one: leave the filters out")
    return show_(incident, form=form)


@app.command(name="list")
def list_(*, sought: Sought = _ALL, form: Form = "text") -> int:
    """List incidents, newest first.

    Args:
        sought: Which of them.
        form: Answer for people or for programs.
    """
    with connect() as client:
        found = collect(client, "/incidents", sought.query)
    if form == "json":
        show_json({"items": found})
        return Exit.OK
    incidents = [shaped(Incident, item) for item in found]
    if not incidents:
        show(line(sought.none))
        return Exit.OK
    width = room()
    rows = [_row(each, short=width is not None) for each in incidents]
    show(*table(_HEADERS, rows, right={0}, within=width))
    show(line(("next: ", FAINT), f"assay incidents show {incidents[0].id}"))
    return Exit.OK


@app.command(name="show")
def show_(incident: IncidentId, /, *, form: Form = "text") -> int:
    """Show one incident whole: what broke and why, its timeline, who was told, what to do.

    Args:
        incident: Number of the incident.
        form: Answer for people or for programs.
    """
    with connect() as client:
        answer = client.get(f"/incidents/{incident}")
        if form == "json":
            show_json(answer)
            return Exit.OK
        found = shaped(IncidentWhole, answer)
        reasons = _reasons(client, found)
    show(*whole(found, reasons))
    return Exit.OK


@app.command
def ack(incident: IncidentId, /, *, form: Form = "text") -> int:
    """Take an incident on. Somebody else's becomes yours.

    Args:
        incident: Number of the incident.
        form: Answer for people or for programs.
    """
    with connect() as client:
        before = shaped(Incident, client.get(f"/incidents/{incident}"))
        if not before.open:
            raise BadUsage(f"{_over(before)}; there is nothing to take on")
        answer = client.post(f"/incidents/{incident}/acknowledge")
    if form == "json":
        show_json(answer)
        return Exit.OK
    found = shaped(Incident, answer)
    name = f"incident {found.id} of {found.product}"
    if before.acknowledged_by == found.acknowledged_by:
        show(line(f"{name} was taken on by {found.acknowledged_by} already: {found.title}"))
    else:
        instead = f", in place of {before.acknowledged_by}" if before.acknowledged_by else ""
        show(line(f"{name} is taken on by {found.acknowledged_by}{instead}: {found.title}"))
    show(line(("next: ", FAINT), f"assay incidents show {found.id} tells what to do"))
    return Exit.OK


@app.command
def resolve(incident: IncidentId, /, *, reason: str, form: Form = "text") -> int:
    """End an incident by your word.

    The next run that finds a promise still broken opens it again.

    Args:
        incident: Number of the incident.
        reason: Why it is over, such as 'the file was sent again'; stands on its page.
        form: Answer for people or for programs.
    """
    with connect() as client:
        there = client.get(f"/incidents/{incident}")
        before = shaped(Incident, there)
        path = f"/incidents/{incident}/resolve"
        answer = client.post(path, {"reason": reason}) if before.open else _bare(there)
    if form == "json":
        show_json(answer)
        return Exit.OK
    found = shaped(Incident, answer)
    if not before.open:
        why = f": {found.reason}" if found.reason else ""
        show(line(f"nothing to do, {_over(found)}{why}"))
        return Exit.OK
    show(line(f"incident {found.id} of {found.product} is {found.state}: {found.reason}"))
    show(line(("next: ", FAINT), f"assay run {found.product} --watch says whether it is mended"))
    return Exit.OK


def _over(found: Incident) -> str:
    since = "" if found.resolved_at is None else f" since {instant(found.resolved_at)}"
    return f"incident {found.id} of {found.product} is over{since}"


def _bare(answer: Json) -> Json:
    """An incident as acting on it is answered, made of one that was asked for whole."""
    if not isinstance(answer, dict):
        return answer
    return {name: value for name, value in answer.items() if not isinstance(value, list)}


def _reasons(client: Client, found: IncidentWhole) -> dict[str, str]:
    """Return by clause why it fails now, from the scorecard, where the incident does not tell."""
    if not found.open or all(breach.reason is not None for breach in found.breaches):
        return {}
    try:
        card = shaped(Card, client.get(f"/products/{found.product}/scorecard"))
    except CliError:  # the incident is told without, rather than not at all
        return {}
    return {clause.clause: clause.reason for clause in card.clauses if clause.outcome == "failed"}


def _row(found: Incident, *, short: bool) -> list[Part]:
    styles = {"triggered": BAD}
    return [
        str(found.id),
        found.product,
        (found.state, styles.get(found.state, UNSURE) if found.open else FAINT),
        ago(found.opened_at, now()) if short else instant(found.opened_at),
        found.acknowledged_by or ("nobody", FAINT),
        found.title,
    ]
