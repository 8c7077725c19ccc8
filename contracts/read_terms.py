"""What a contract says beside its schema: service levels, servers, people, and our own settings."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from contracts.model import Server, Sla, Team
from contracts.nodes import Node
from contracts.notes import Notes, guess
from contracts.read_cron import read_cron
from contracts.timetable import MAX_JITTER, Timetable, check_missed, check_timezone, read_schedule
from contracts.values import Dimension
from contracts.words import SLA_PROPERTIES, sla_kind

GATES: Final = ("observe", "warn", "block")
_OURS: Final = (
    "assaySchedule",
    "assayTimezone",
    "assayJitter",
    "assayMissed",
    "assayTarget",
    "assayGate",
    "assayExtraColumns",
    "assayPartition",
)
_SERVER_FIELDS: Final = {"server", "type", "path", "format", "customProperties"}
_WHOLE: Final = 100


def read_sla(root: Node, notes: Notes) -> tuple[Sla, ...]:
    """The service levels, in document order."""
    nodes = root["slaProperties"].items()
    ids: set[str] = set()
    for node in nodes:
        sla_id = node["id"].said()
        if sla_id and sla_id in ids:
            message = f"another entry has the id {sla_id!r}"
            notes.error("duplicate-id", f"{node.pointer}/id", message)
        ids.add(sla_id)
    return tuple(_read_level(node, root["slaDefaultElement"].text(), notes) for node in nodes)


def _read_level(node: Node, default_element: str | None, notes: Notes) -> Sla:
    word = node["property"].said()
    if sla_kind(word) is None:
        near = guess(word, SLA_PROPERTIES)
        message = f"{word[:80]!r} is no SLA property that can be judged{near}"
        notes.warn("unknown-sla", f"{node.pointer}/property", message)
    return Sla(
        pointer=node.pointer,
        property=word,
        id=node["id"].said() or None,
        value=node["value"].value,
        unit=node["unit"].text(),
        element=node["element"].text() or default_element,
        description=node["description"].said(),
        dimension=Dimension.TIMELINESS,
        cron=read_cron(node, notes),
    )


def read_servers(root: Node, notes: Notes) -> tuple[Server, ...]:
    """The places where the data lies, in document order."""
    names: set[str] = set()
    found = []
    for node in root["servers"].items():
        server = _read_server(node, notes)
        if server.name in names:
            notes.error(
                "duplicate-name",
                f"{node.pointer}/server",
                f"two servers are named {server.name[:80]!r}",
            )
        names.add(server.name)
        found.append(server)
    return tuple(found)


def _read_server(node: Node, notes: Notes) -> Server:
    custom = node.custom()
    connection = custom.get("connection", Node(None))
    _judge_server(connection, custom.get("nullMarkers", Node([])), notes)
    stated = {k: v for k, v in node.mapping().items() if k not in _SERVER_FIELDS}
    added = {name: value.value for name, value in custom.items() if name != "connection"}
    return Server(
        pointer=node.pointer,
        name=node["server"].said(node["id"].said(node["type"].said())),
        type=node["type"].said(),
        path=node["path"].text(),
        format=node["format"].text(),
        connection=connection.text(),
        options={**stated, **added},
    )


def _judge_server(connection: Node, markers: Node, notes: Notes) -> None:
    if connection.there and not connection.said().strip():
        message = "connection must name a connection of the service"
        notes.error("wrong-type", connection.pointer, message)
    if not _is_text_list(markers):
        notes.error("wrong-type", markers.pointer, "nullMarkers must be a list of texts")


def _is_text_list(node: Node) -> bool:
    return isinstance(node.value, list) and len(node.texts()) == len(node.value)


def read_team(root: Node) -> Team:
    """The team, in both of its forms: a list of members (3.0), or a mapping that holds one."""
    team = root["team"]
    members = team.items() or team["members"].items()
    return Team(
        name=team["name"].text(),
        owner=_owner(members),
        members=tuple(member["username"].said() for member in members if member["username"].said()),
    )


def _owner(members: list[Node]) -> str | None:
    """Who is in a role that says owner, else who stands first, of those who have not left."""
    staying = [member for member in members if not member["dateOut"].there] or members
    owners = [member for member in staying if "owner" in member["role"].said().lower()]
    return next((member["username"].text() for member in owners or staying), None)


def read_shared(root: Node, notes: Notes) -> Timetable:
    """What all timetables of the contract have in common, from the companions of a schedule."""
    custom = root.custom()
    zone = _words(custom, "assayTimezone", check_timezone, notes) or "UTC"
    missed = _words(custom, "assayMissed", check_missed, notes) or "run_once"
    return Timetable(timezone=zone, jitter=_jitter(custom, notes), missed=missed)


def read_timetable(root: Node, shared: Timetable, notes: Notes) -> Timetable | None:
    """When to judge, from ``assaySchedule``; None when no schedule is stated."""
    schedule = root.custom().get("assaySchedule")
    if schedule is None or not schedule.there:
        return None
    try:
        cron, every = read_schedule(schedule.text() or "")
    except ValueError as error:
        notes.error("bad-schedule", schedule.pointer, str(error))
        cron, every = None, timedelta(days=1)
    return replace(shared, cron=cron, every=every)


def _words(
    custom: Mapping[str, Node], name: str, check: Callable[[str], None], notes: Notes
) -> str | None:
    node = custom.get(name)
    if node is None or not node.there:
        return None
    try:
        check(node.text() or "")
    except ValueError as error:
        notes.error("bad-schedule", node.pointer, str(error))
        return None
    return node.text()


def _jitter(custom: Mapping[str, Node], notes: Notes) -> int | None:
    node = custom.get("assayJitter", Node(None))
    value = node.number()
    if isinstance(value, int) and 0 <= value <= MAX_JITTER:
        return value
    if node.there:
        notes.error(
            "bad-schedule", node.pointer, f"assayJitter is whole seconds from 0 to {MAX_JITTER}"
        )
    return None


def read_target(root: Node, notes: Notes) -> float | None:
    """``assayTarget``: per cent of good deliveries, in (0, 100]; None when not stated."""
    node = root.custom().get("assayTarget", Node(None))
    value = node.number()
    if value is not None and 0 < value <= _WHOLE:
        return float(value)
    if node.there:
        notes.error(
            "out-of-range", node.pointer, "assayTarget is per cent: above 0 and at most 100"
        )
    return None


def read_gate(root: Node, notes: Notes) -> str | None:
    """``assayGate``; None when not stated."""
    node = root.custom().get("assayGate", Node(None))
    if node.there and node.value not in GATES:
        notes.error("unknown-value", node.pointer, f"assayGate must be one of {', '.join(GATES)}")
    return node.text() if node.value in GATES else None


def warn_of_strangers(root: Node, notes: Notes) -> None:
    """Warn of contract-level names that look like ours and are not."""
    for name, node in root.custom().items():
        if name.lower().startswith("assay") and name not in _OURS:
            message = f"{name[:80]!r} means nothing here{guess(name, _OURS)}"
            notes.warn("unknown-setting", node.pointer, message)
