"""One incident as text: what broke, what happened, who was told and how that went, what to do."""

from collections.abc import Iterator, Mapping

from rich.text import Text

from cli.answers import Breach, Event, IncidentWhole, Notice
from cli.output import BAD, FAINT, GOOD, STRONG, UNSURE, Part, indented, line
from cli.times import instant
from incidents.step import ASSAY

_MOST = 20  # broken promises shown
_STYLES = {"sent": GOOD, "dead": BAD, "retry": UNSURE}
_STATES = {"dead": "given up", "retry": "waits for another try", "sent": "sent"}
_OVER = {"resolved", "superseded"}


def whole(found: IncidentWhole, reasons: Mapping[str, str]) -> list[Text]:
    """Return an incident with all that belongs to it.

    Args:
        found: The incident.
        reasons: By clause: why it fails now, for what the incident itself does not tell.
    """
    told = [*_state(found)]
    told += _section("broken promises", _broken(found.breaches, reasons))
    told += _section("what happened", [_moment(event) for event in found.events])
    told += _section("notices", [row for notice in found.notices for row in _notice(notice)])
    return [*told, line(), *_next(found)] if _steps(found) else told


def _state(found: IncidentWhole) -> Iterator[Text]:
    """What it is and how it stands."""
    taken = found.acknowledged_by or "nobody yet"
    state: Part = (found.state, BAD if found.open else FAINT)
    yield line(f"incident {found.id}  ", (found.product, STRONG), "  ", state)
    yield line(found.title)
    yield line(f"since {instant(found.opened_at)}, taken on by {taken}")
    if found.resolved_at is not None:
        why = f": {found.reason}" if found.reason else ""
        yield line(f"resolved {instant(found.resolved_at)}{why}")


def _section(name: str, lines: list[Text]) -> list[Text]:
    return [line(), line((name, STRONG)), *indented(lines or [line(("none", FAINT))], 2)]


def _broken(breaches: list[Breach], reasons: Mapping[str, str]) -> list[Text]:
    lines = [text for one in breaches[:_MOST] for text in _breach(one, reasons)]
    beyond = len(breaches) - _MOST
    return [*lines, *([line(f"and {beyond:,} more")] if beyond > 0 else [])]


def _breach(one: Breach, reasons: Mapping[str, str]) -> Iterator[Text]:
    over = one.state in _OVER
    promised = one.threshold or "promised no more"
    yield line(
        (one.state, FAINT if over else BAD),
        "  ",
        (one.place or one.clause, STRONG),
        f": {promised}",
        (f"  ({one.severity})", FAINT),
    )
    reason = one.reason if one.reason is not None else reasons.get(one.clause)
    if reason and not over:
        yield from indented([line(reason)], 2)
    if one.place:
        yield from indented([line((one.clause, FAINT))], 2)


def _moment(event: Event) -> Text:
    who = "" if event.actor == ASSAY else f" by {event.actor}"
    detail = f": {event.detail}" if event.detail else ""
    return line((instant(event.at), FAINT), f"  {event.kind}{who}{detail}")


def _notice(notice: Notice) -> Iterator[Text]:
    state: Part = (_STATES.get(notice.state, notice.state), _STYLES.get(notice.state, ""))
    yield line(f"{notice.id}  {notice.channel} ", (notice.target, STRONG), "  ", state)
    for attempt in notice.attempts:
        how = attempt.error or ("under way" if attempt.ended_at is None else "arrived")
        yield line(f"   try {attempt.number}, {instant(attempt.started_at)}: {how}")
    if notice.why and not notice.attempts:
        yield line(f"   {notice.why}")
    elif notice.next_try is not None:
        yield line(f"   next try {instant(notice.next_try)}")
    if notice.disabled_since is not None:
        yield line(f"   the receiver is disabled since {instant(notice.disabled_since)}")


def _next(found: IncidentWhole) -> list[Text]:
    return [line(("next: ", FAINT), step) for step in _steps(found)]


def _steps(found: IncidentWhole) -> list[str]:
    """What somebody can do now."""
    steps: list[str] = []
    if found.open and found.acknowledged_by is None:
        steps.append(f"assay incidents ack {found.id} takes it on")
    if found.open:
        steps.append(f"assay run {found.product} --watch judges it again, once it is mended")
        steps.append(f"assay incidents resolve {found.id} --reason '...' ends it by your word")
    dead = [notice.id for notice in found.notices if notice.state == "dead"]
    steps += [f"assay notify resend {notice} sends it again, once mended" for notice in dead[-1:]]
    return steps
