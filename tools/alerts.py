"""What to wake somebody for, as rules that Prometheus evaluates."""

from dataclasses import dataclass
from typing import Final

import yaml

from runtime import metrics as m

_WRITTEN: Final = "# Written by `python -m tools.observability`; do not edit it here.\n"
_LONG: Final = 10_000  # characters of a line: none is broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One rule.

    Attributes:
        expr: PromQL; what the processes share is taken from any of them, by ``job``.
        wait: How long it must hold before somebody is told, such as ``5m``.
        summary: What is wrong, in one line.
        description: What it means and what to do.
    """

    name: str
    expr: str
    wait: str
    severity: str
    summary: str
    description: str


def _shared(figure: m.Named, *by: str) -> str:
    return f"max by ({', '.join(('job', *by))}) ({figure.name})"


def _ended(window: str, outcomes: str = "") -> str:
    chosen = f'{{outcome=~"{outcomes}"}}' if outcomes else ""
    each = f"max by (job, outcome) (increase({m.RUNS.name}{chosen}[{window}]))"
    return f"sum by (job) ({each})"


_AGE: Final = f"min by (job, engine) ({m.BEATS.name})"
_STATUS: Final = f"sum by (job) (rate({m.REQUESTS.name}[10m]))"
_FAULTS: Final = f'sum by (job) (rate({m.REQUESTS.name}{{status=~"5.."}}[10m]))'
_BUCKETS: Final = f"sum by (job, le) (rate({m.ANSWERING.name}_bucket[10m]))"

ALERTS: Final = (
    Alert(
        name="AssayStoreDown",
        expr=f"{_shared(m.STORE_UP)} == 0",
        wait="2m",
        severity="critical",
        summary="Assay cannot read its database",
        description="Nothing is judged and nobody is told. See that the database runs and that "
        "ASSAY_DATABASE_URL leads to it; 'assay doctor' says what it finds.",
    ),
    Alert(
        name="AssayEngineSilent",
        expr=f"({_AGE} > 60) or ({_shared(m.STORE_UP)} == 1 unless on (job) {_shared(m.BEATS)})",
        wait="1m",
        severity="critical",
        summary="No scheduler of Assay shows life ({{ $labels.engine }})",
        description="Nothing is scheduled, dispatched or sent, so a green score may be old. Start "
        "a scheduler ('assay scheduler', or 'assay up') and read its log; no run is lost "
        "meanwhile.",
    ),
    Alert(
        name="AssaySchedulesLate",
        expr=f"{_shared(m.LATENESS)} > 120",
        wait="5m",
        severity="warning",
        summary="Schedules fire {{ $value | humanizeDuration }} late",
        description="A scheduler is alive but does not keep up, or its clock is wrong. Look at its "
        "log, at the load of the database and, with 'assay doctor', at the clocks.",
    ),
    Alert(
        name="AssayQueueOld",
        expr=f"{_shared(m.QUEUE_AGE)} > 300",
        wait="5m",
        severity="warning",
        summary="A run has waited for {{ $value | humanizeDuration }}",
        description="Too few workers, none at all, or a broker that does not answer. See that "
        "workers run and that the broker is reachable ('assay doctor'); add workers if all are "
        "busy.",
    ),
    Alert(
        name="AssayOutboxOld",
        expr=f"{_shared(m.OUTBOX_AGE)} > 600",
        wait="5m",
        severity="critical",
        summary="A notice has been due for {{ $value | humanizeDuration }}",
        description="People are not told of trouble. See that a scheduler runs and that the mail "
        "server and webhooks answer ('assay doctor', 'assay notify test').",
    ),
    Alert(
        name="AssayDeadLetters",
        expr=f"{_shared(m.DEAD_LETTERS)} > 0",
        wait="5m",
        severity="warning",
        summary="{{ $value }} notices were given up",
        description="Somebody was not told. GET /api/v1/notices/dead says who and why; mend the "
        "receiver, then send them again.",
    ),
    Alert(
        name="AssayRunsLost",
        expr=f"{_ended('15m', 'lost')} > 0",
        wait="0m",
        severity="warning",
        summary="Runs were lost: nobody could finish them",
        description="Each killed its worker at every attempt, or outlived its limits: memory, "
        "time, or a machine that went away. Their owners were told. See the run's page and the "
        "workers' logs.",
    ),
    Alert(
        name="AssayRunsErrored",
        expr=f"{_ended('30m', 'errored|lost')} / {_ended('30m')} > 0.2 and {_ended('30m')} >= 10",
        wait="15m",
        severity="warning",
        summary="{{ $value | humanizePercentage }} of runs could not tell",
        description="No data broke a promise here: the answers are missing. Most often a "
        "connection, a secret or a source is out; see the newest errored runs for the reason.",
    ),
    Alert(
        name="AssayApiFaults",
        expr=f"{_FAULTS} / {_STATUS} > 0.05",
        wait="10m",
        severity="critical",
        summary="{{ $value | humanizePercentage }} of the API's answers are faults",
        description="Look for the request_id of such an answer in the log of the API; 503 means "
        "that the database or the engine does not answer.",
    ),
    Alert(
        name="AssayApiSlow",
        expr=f"histogram_quantile(0.95, {_BUCKETS}) > 1",
        wait="15m",
        severity="warning",
        summary="The API takes {{ $value | humanizeDuration }} for one answer in twenty",
        description="See which route it is on the dashboard, then the load of the database; add "
        "API processes if theirs are busy.",
    ),
)


def rules() -> str:
    """Return the rule file."""
    listed = [
        {
            "alert": alert.name,
            "expr": alert.expr,
            "for": alert.wait,
            "labels": {"severity": alert.severity},
            "annotations": {"summary": alert.summary, "description": alert.description},
        }
        for alert in ALERTS
    ]
    document = {"groups": [{"name": "assay", "rules": listed}]}
    return _WRITTEN + yaml.safe_dump(document, sort_keys=False, width=_LONG)
