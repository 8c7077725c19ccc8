"""Plain data of a document -> ``Contract``, and the findings that a JSON Schema cannot express.

It may be run on a document that the standard's schema has refused: what is absent or of a wrong
type is read as not said, so that all findings come together. The contract it gives then is not to
be used.
"""

import re
from typing import Final

from contracts.model import Contract
from contracts.nodes import Node
from contracts.notes import Notes
from contracts.read_columns import read_schemas
from contracts.read_support import read_owner_emails, read_webhooks, warn_of_unreachable
from contracts.read_terms import (
    read_gate,
    read_servers,
    read_sla,
    read_target,
    read_team,
    read_timetable,
    warn_of_strangers,
)
from contracts.tree import Document

MAX_ID: Final = 200
_API_VERSION: Final = re.compile(r"v3\.[0-2]\.[0-9]{1,3}")
_NOT_IN_ID: Final = re.compile(r"[/\x00-\x1f\x7f-\x9f]")


def read(document: Document, notes: Notes) -> Contract:
    """Read a contract; what is wrong with it goes to ``notes``."""
    root = Node(document.value)
    _judge_identity(root, notes)
    warn_of_strangers(root, notes)
    warn_of_unreachable(root, notes)
    contract_id, name = root["id"].said(), root["name"].text()
    team = read_team(root)
    description = root["description"]
    return Contract(
        id=contract_id,
        version=root["version"].said(),
        api_version=root["apiVersion"].said(),
        status=root["status"].said(),
        name=name,
        domain=root["domain"].said("default"),
        product=root["dataProduct"].said(name or contract_id),
        purpose=description["purpose"].said(description.said()),
        schemas=read_schemas(root, notes),
        servers=read_servers(root, notes),
        sla=read_sla(root, notes),
        team=team,
        support=tuple(channel.mapping() for channel in root["support"].items()),
        owner_emails=read_owner_emails(root, team),
        webhooks=read_webhooks(root),
        tags=root["tags"].texts(),
        timetable=read_timetable(root, notes),
        target=read_target(root, notes),
        gate=read_gate(root, notes),
    )


def _judge_identity(root: Node, notes: Notes) -> None:
    """``id`` and ``version`` are parts of addresses; ``apiVersion`` says which form to expect."""
    for key in ("id", "version"):
        word = root[key].text()
        if word is not None and not _is_addressable(word):
            message = f"must be 1 to {MAX_ID} letters without '/' and control characters"
            notes.error(f"bad-{key}", f"/{key}", message)
    stated = root["apiVersion"].text()
    if stated is not None and not _API_VERSION.fullmatch(stated):
        message = f"{stated[:80]!r} is not read here: v3.0.0 to v3.2.x are"
        notes.error("unknown-api-version", "/apiVersion", message)


def _is_addressable(word: str) -> bool:
    short = len(word) <= MAX_ID and word.strip() not in {"", ".", ".."}
    return short and _NOT_IN_ID.search(word) is None
