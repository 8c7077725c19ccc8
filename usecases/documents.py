"""Values -> dicts that JSON can hold: the shapes that the API answers and the CLI prints.

Times are ISO 8601 in UTC with ``Z``; None means not yet, or not known. Numbers that JSON has no
word for (NaN, infinities) become text.
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from access.model import Token
from checks.model import Cell, Evidence, Report, Result
from contracts.instants import instant
from contracts.problems import Problem
from contracts.record import Version
from contracts.values import Json
from incidents.answer import Answer
from incidents.model import Breach, Incident, IncidentEvent
from products.model import Connection, Product
from runs.model import Run, Schedule
from runs.words import asked_by
from scorecards.line import Line, Snapshot, Unjudged
from scorecards.model import Score
from usecases.card import Card, PortCard, Summary
from usecases.connections import Try
from usecases.history import RunDetail
from usecases.incidents import IncidentDetail
from usecases.notice_documents import notice
from usecases.publish import Published

Document: TypeAlias = dict[str, Json]
_FAILURE: Final = ("reason", "measured", "unit", "rows", "failed_rows", "promised", "run")


def problem(found: Problem) -> Document:
    """Return one entry of ``problems`` as ``assay lint`` prints it."""
    return {
        "code": found.code,
        "pointer": found.pointer,
        "line": found.line,
        "column": found.column,
        "severity": found.severity.value,
        "message": found.message,
    }


def evidence(sample: Evidence) -> Document:
    """Return a sample of rows: every row is as long as ``columns``."""
    return {
        "columns": list(sample.columns),
        "rows": [[_cell(cell) for cell in row] for row in sample.rows],
        "offending": list(sample.offending),
        "masked": list(sample.masked),
    }


def result(answer: Result) -> Document:
    """Return one entry of ``results`` of a check or a run."""
    clause, finding = answer.clause, answer.finding
    return {
        "clause": clause.key,
        "pointer": clause.pointer,
        "kind": clause.kind.value,
        "schema": clause.schema,
        "column": clause.column,
        "engine": clause.engine.value if clause.engine else None,
        "outcome": finding.outcome.value,
        "severity": clause.severity.value,
        "blocking": clause.blocking,
        "dimension": clause.dimension.value if clause.dimension else None,
        "measured": _cell(finding.measured),
        "unit": finding.unit,
        "threshold": clause.threshold,
        "description": clause.description,
        "rows": finding.rows,
        "failed_rows": finding.failed_rows,
        "reason": finding.reason,
        "evidence": evidence(finding.evidence) if finding.evidence else None,
    }


def report(judged: Report) -> Document:
    """Return a report as ``assay check`` prints it; ``coverage.skipped`` counts by reason."""
    coverage = judged.coverage
    return {
        "contract": {"id": judged.contract_id, "version": judged.version},
        "server": judged.server,
        "outcome": judged.outcome.value,
        "coverage": {
            "clauses": coverage.clauses,
            "executed": coverage.executed,
            "skipped": dict(coverage.skipped),
        },
        "results": [result(answer) for answer in judged.results],
        "seconds": round(judged.seconds, 3),
    }


def run(row: Run) -> Document:
    """Return a run without its results; ``counts`` and ``seconds`` are empty until recorded."""
    return {
        "id": row.id,
        "product": row.product,
        "contract": {"id": row.contract_id, "version": row.version},
        "trigger": row.trigger.value,
        "cause": asked_by(row),
        "triggers": row.triggers,
        "state": row.state.value,
        "outcome": row.outcome,
        "interval": {
            "start": None if row.interval.whole else instant(row.interval.start),
            "end": instant(row.interval.end),
        },
        "attempt": row.attempt,
        "created": instant(row.created),
        "started": _maybe(row.started),
        "finished": _maybe(row.finished),
        "counts": dict(row.counts),
        "seconds": dict(row.seconds),
        "error": row.error,
    }


def run_detail(detail: RunDetail) -> Document:
    """Return a run with its results."""
    return {
        **run(detail.run),
        "results": [result(answer) for answer in detail.results],
        "evidence_shown": detail.evidence_shown,
    }


def product(row: Product) -> Document:
    """Return a data product."""
    return {
        "key": row.key,
        "domain": row.domain,
        "name": row.name,
        "purpose": row.purpose,
        "owner": row.owner,
    }


def score(found: Score) -> Document:
    """Return a score: quality 0..100 or None where nothing is measured, assurance 0..1."""
    return {
        "quality": found.quality,
        "low": found.low,
        "high": found.high,
        "uncapped": found.uncapped,
        "cap": found.cap,
        "assurance": found.assurance,
        "dimensions": [
            {
                "dimension": part.dimension.value,
                "value": part.value,
                "clauses": part.clauses,
                "failing": part.failing,
            }
            for part in found.dimensions
        ],
        "clauses": found.clauses,
        "failing": found.failing,
        "lost": dict(found.lost),
        "model": found.model,
    }


def summary(found: Summary) -> Document:
    """Return one product of a list."""
    return {
        **product(found.product),
        "score": score(found.score),
        **_unjudged(found.unjudged),
        "open_incidents": found.open_incidents,
        "last_run": run(found.last_run) if found.last_run else None,
    }


def card(found: Card) -> Document:
    """Return a scorecard whole."""
    return {
        **product(found.product),
        "at": instant(found.now),
        "score": score(found.score),
        **_unjudged(found.unjudged),
        "ports": [_port(port) for port in found.ports],
        "clauses": [_line(line, found.score.lost) for line in found.lines],
        "incidents": [incident(row) for row in found.incidents],
        "history": [_snapshot(row) for row in found.history],
        "runs": [run(row) for row in found.runs],
        "evidence_shown": found.evidence_shown,
    }


def incident(row: Incident) -> Document:
    """Return an incident without its timeline."""
    return {
        "id": row.id,
        "product": row.product,
        "kind": row.kind.value,
        "state": row.state.value,
        "open": row.state.open,
        "title": row.title,
        "opened_at": instant(row.opened_at),
        "resolved_at": _maybe(row.resolved_at),
        "acknowledged_by": row.acknowledged_by,
        "reason": row.reason,
    }


def incident_detail(detail: IncidentDetail) -> Document:
    """Return an incident with its timeline, breaches and notices, each oldest first."""
    return {
        **incident(detail.incident),
        "events": [_event(row) for row in detail.events],
        "breaches": [_breach(row, detail) for row in detail.breaches],
        "notices": [notice(row) for row in detail.notices],
    }


def version(row: Version) -> Document:
    """Return a published version without its bytes."""
    return {
        "id": row.contract_id,
        "version": row.version,
        "product": row.product,
        "sha256": row.sha256,
        "media_type": row.media_type,
        "published_at": instant(row.published_at),
        "published_by": row.published_by,
        "current": row.current,
    }


def published(done: Published) -> Document:
    """Return what publishing did; ``created`` is False when exactly these bytes were there."""
    return {
        **version(done.version),
        "created": done.created,
        "clauses": done.clauses,
        "executable": done.executable,
        "warnings": [problem(found) for found in done.warnings],
        "next_run": _maybe(done.next_run),
    }


def connection(row: Connection) -> Document:
    """Return a connection; ``roots`` are absolute folders, ``secret`` is only ever a reference."""
    database = row.database
    return {
        "name": row.name,
        "source": row.source,
        "roots": [str(root) for root in row.roots],
        "host": database.host if database else None,
        "port": database.port if database else None,
        "database": database.name if database else None,
        "user": database.user if database else None,
        "secret": database.secret if database else None,
        "tls": database.tls.value if database else None,
    }


def tried(answer: Try) -> Document:
    """Return what came of reaching for a connection."""
    return {
        "name": answer.name,
        "ok": answer.ok,
        "detail": answer.detail,
        "seconds": round(answer.seconds, 3),
    }


def token(row: Token) -> Document:
    """Return a token without its secret."""
    return {
        "id": row.id,
        "name": row.principal.name,
        "role": row.principal.role.value,
        "domain": row.principal.domain,
        "prefix": row.prefix,
        "created_at": instant(row.created_at),
        "expires_at": _maybe(row.expires_at),
        "revoked_at": _maybe(row.revoked_at),
    }


def _unjudged(found: Unjudged) -> Document:
    return {"errored": found.errored, "lost_runs": found.lost}


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else instant(at)


def _cell(cell: Cell) -> Cell:
    return str(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell


def _port(found: PortCard) -> Document:
    return {
        "name": found.port.name,
        "contract": {"id": found.version.contract_id, "version": found.version.version},
        "published_at": instant(found.version.published_at),
        "schedule": _schedule(found.schedule) if found.schedule else None,
    }


def _schedule(row: Schedule) -> Document:
    every: timedelta | None = row.timetable.every
    return {
        "cron": row.timetable.cron,
        "every_seconds": None if every is None else every.total_seconds(),
        "timezone": row.timetable.timezone,
        "next_run": instant(row.due_at),
        "paused": row.paused,
    }


def schedule(row: Schedule) -> Document:
    """Return a contract's schedule, and why it stands still where it does."""
    pause = row.pause
    told = {"at": instant(pause.at), "by": pause.by, "reason": pause.reason} if pause else None
    next_run = None if pause else instant(row.due_at)
    return {
        "contract": row.contract_id,
        **_schedule(row),
        "next_run": next_run,
        "pause": told,
    }


def _line(line: Line, lost: Mapping[str, float]) -> Document:
    return {
        **result(line.result),
        "contract": line.contract_id,
        "run": line.run_id,
        "known_at": _maybe(line.known_at),
        "good": line.good,
        "judged_at": _maybe(line.judged_at),
        "lost": lost.get(line.result.clause.key, 0.0),
    }


def _snapshot(row: Snapshot) -> Document:
    return {
        "at": instant(row.at),
        "run": row.run_id,
        "quality": row.quality,
        "low": row.low,
        "high": row.high,
        "assurance": row.assurance,
        "model": row.model,
    }


def _event(row: IncidentEvent) -> Document:
    return {"at": instant(row.at), "kind": row.kind, "actor": row.actor, "detail": row.detail}


def _breach(row: Breach, detail: IncidentDetail) -> Document:
    line = detail.lines.get(row.fingerprint)
    clause = line.result.clause if line else None
    return {
        "fingerprint": row.fingerprint,
        "clause": row.clause_key,
        "schema": clause.schema if clause else None,
        "column": clause.column if clause else None,
        "description": clause.description if clause else None,
        "threshold": clause.threshold if clause else None,
        "segment": row.segment,
        "severity": row.severity.value,
        "state": row.state.value,
        "opened_at": instant(row.opened_at),
        "resolved_at": _maybe(row.resolved_at),
        **_failure(detail.failures.get((row.fingerprint, row.opened_at))),
    }


def _failure(answer: Answer | None) -> Document:
    """Return how a breach failed last; all None where no result of it is kept."""
    if answer is None:
        return dict.fromkeys(_FAILURE)
    finding = answer.result.finding
    return {
        "reason": finding.reason,
        "measured": _cell(finding.measured),
        "unit": finding.unit,
        "rows": finding.rows,
        "failed_rows": finding.failed_rows,
        "promised": answer.result.clause.threshold,
        "run": answer.run_id,
    }
