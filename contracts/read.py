"""Plain data of a document -> ``Contract``, and the findings that a JSON Schema cannot express.

It may be run on a document that the standard's schema has refused: what is absent or of a wrong
type is read as not said, so that all findings come together. The contract it gives then is not to
be used.
"""

import re
from typing import Final

from contracts.model import Contract
from contracts.names import MAX_ADDRESS, MAX_NAME, flaw_of_address, flaw_of_name
from contracts.nodes import Node
from contracts.notes import Notes
from contracts.read_columns import read_schemas
from contracts.read_support import read_owner_emails, read_webhooks, warn_of_unreachable
from contracts.read_terms import (
    read_gate,
    read_servers,
    read_shared,
    read_sla,
    read_target,
    read_team,
    read_timetable,
    warn_of_strangers,
)
from contracts.tree import Document

_API_VERSION: Final = re.compile(r"v3\.[0-2]\.[0-9]{1,3}")


def read(document: Document, notes: Notes) -> Contract:
    """Read a contract; what is wrong with it goes to ``notes``."""
    root = Node(document.value)
    _judge_identity(root, notes)
    warn_of_strangers(root, notes)
    warn_of_unreachable(root, notes)
    contract_id, name = root["id"].said(), root["name"].text()
    team = read_team(root)
    description, shared = root["description"], read_shared(root, notes)
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
        timetable=read_timetable(root, shared, notes),
        shared=shared,
        target=read_target(root, notes),
        gate=read_gate(root, notes),
    )


def _judge_identity(root: Node, notes: Notes) -> None:
    """Judge what becomes an address or a key; ``apiVersion`` says which form to expect."""
    for key in ("id", "version"):
        word = root[key].text()
        if word is not None and (flaw := flaw_of_address(word)):
            notes.error(f"bad-{key}", f"/{key}", flaw)
    for key, longest in (("domain", MAX_ADDRESS), ("dataProduct", MAX_NAME), ("name", MAX_NAME)):
        word = root[key].text()
        if word and (flaw := flaw_of_name(word, longest=longest)):
            notes.error("bad-name", f"/{key}", flaw)
    _judge_form(root["apiVersion"].text(), notes)


def _judge_form(stated: str | None, notes: Notes) -> None:
    if stated is None or _API_VERSION.fullmatch(stated):
        return
    near = f"v{stated}" if _API_VERSION.fullmatch(f"v{stated}") else "v3.1.0"
    message = f"{stated[:80]!r} is not read here: v3.0.0 to v3.2.x are; write {near!r}"
    notes.error("unknown-api-version", "/apiVersion", message)
