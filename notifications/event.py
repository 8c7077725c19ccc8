"""Story -> JSON for programs: a structured CloudEvents 1.0 document.

It holds what the contract says and how many rows break it: no row, no cell and no sentence in which
one could stand.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from contracts.instants import instant
from contracts.values import Json
from incidents.model import IncidentKind
from notifications.letter import ranked
from notifications.story import Broken, News, Story
from notifications.words import short

MOST_PROMISES: Final = 100
_LONGEST: Final = 500  # characters of a description


def event(story: Story, *, key: str, text: str) -> str:
    """Return the event; ``key`` is its id, ``text`` the same for people."""
    over = story.news is News.RECOVERED
    outage = story.kind is IncidentKind.OUTAGE
    return envelope(
        story.news.value,
        key=key,
        source=story.url,
        subject=story.product,
        at=story.now,
        content={
            "product": {
                "key": story.product,
                "name": story.name,
                "domain": story.domain,
                "owner": story.owner,
                "link": story.scorecard or None,
            },
            "contract": {"version": story.version or None},
            "incident": {
                "id": story.incident_id,
                "kind": story.kind.value,
                "link": story.link or None,
                "opened_at": instant(story.opened_at),
                "resolved_at": instant(story.now) if over else None,
                "again": story.again,
            },
            "run": story.run_id or None,
            "reason": story.reason if outage or over else "",
            "broken": _listed(story.broken),
            "broken_count": len(story.broken),
            "text": text,
        },
    )


def envelope(
    kind: str, *, key: str, source: str, subject: str, at: datetime, content: dict[str, Json]
) -> str:
    """Return an event of any kind as JSON text."""
    document = {
        "specversion": "1.0",
        "id": key,
        "source": source or "assay",
        "type": kind,
        "subject": subject,
        "time": instant(at),
        "datacontenttype": "application/json",
        "data": content,
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _listed(broken: Sequence[Broken]) -> list[Json]:
    return [_promise(one) for one in ranked(broken)[:MOST_PROMISES]]


def _promise(broken: Broken) -> Json:
    return {
        "clause": broken.clause,
        "kind": broken.kind.value if broken.kind else None,
        "description": short(broken.description, _LONGEST),
        "threshold": short(broken.threshold, _LONGEST),
        "schema": broken.schema,
        "column": broken.column,
        "severity": broken.severity.value,
        "new": broken.fresh,
        "rows": broken.rows,
        "failed_rows": broken.failed_rows,
    }
