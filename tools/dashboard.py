"""A dashboard for Grafana 10 and later, as the JSON that it imports."""

from dataclasses import dataclass
from typing import Any, Final

from runtime import metrics as m

Json = dict[str, Any]  # whatever Grafana's JSON holds

_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_JOB: Final = 'job=~"$job"'
_COLUMNS: Final = 24
_RED: Final = {"color": "red", "value": None}
_GREEN: Final = {"color": "green", "value": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel. ``asks`` are (PromQL, legend); ``bad`` is where a number turns red, if it does."""

    title: str
    asks: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    bad: float | None = None
    help: str = ""


def _any(figure: m.Named, *by: str) -> str:
    return f"max by ({', '.join(('job', *by))}) ({figure.name}{{{_JOB}}})"


def _rate(figure: m.Named, *by: str) -> str:
    fold = "max" if figure.shared else "sum"
    return f"{fold} by ({', '.join(by) or 'job'}) (rate({figure.name}{{{_JOB}}}[$__rate_interval]))"


def _quantile(share: float, figure: m.Named, *by: str) -> str:
    fold = "max" if figure.shared else "sum"
    labels = ", ".join(("le", *by))
    rate = f"rate({figure.name}_bucket{{{_JOB}}}[$__rate_interval])"
    return f"histogram_quantile({share}, {fold} by ({labels}) ({rate}))"


_FAULTS: Final = (
    f'sum(rate({m.REQUESTS.name}{{{_JOB}, status=~"5.."}}[$__rate_interval])) '
    f"/ sum(rate({m.REQUESTS.name}{{{_JOB}}}[$__rate_interval]))"
)

PANELS: Final = (
    Panel(
        title="Engine: last sign of life",
        asks=((_any(m.BEATS, "engine"), "{{engine}}"),),
        unit="s",
        kind="stat",
        width=6,
        bad=60,
        help="Above a minute nothing is scheduled or sent.",
    ),
    Panel(
        title="Oldest queued run",
        asks=((_any(m.QUEUE_AGE), "age"),),
        unit="s",
        kind="stat",
        width=6,
        bad=300,
    ),
    Panel(
        title="Schedule lateness",
        asks=((_any(m.LATENESS), "late"),),
        unit="s",
        kind="stat",
        width=6,
        bad=120,
    ),
    Panel(
        title="Dead letters",
        asks=((_any(m.DEAD_LETTERS), "given up"),),
        kind="stat",
        width=6,
        bad=1,
    ),
    Panel(
        title="Runs, by outcome",
        asks=((_rate(m.RUNS, "outcome"), "{{outcome}}"), (_rate(m.REQUESTED), "asked for")),
        unit="ops",
        help="failed: the data broke a promise. errored and lost: nobody could tell.",
    ),
    Panel(
        title="Queue",
        asks=((_any(m.QUEUED), "queued"), (_any(m.RUNNING), "being judged")),
    ),
    Panel(
        title="Ages",
        asks=(
            (_any(m.QUEUE_AGE), "oldest queued run"),
            (_any(m.LATENESS), "schedule lateness"),
            (_any(m.OUTBOX_AGE), "oldest due notice"),
        ),
        unit="s",
    ),
    Panel(
        title="Judging, 95th percentile by phase",
        asks=((_quantile(0.95, m.DURATION, "phase"), "{{phase}}"),),
        unit="s",
    ),
    Panel(
        title="From request to claim",
        asks=((_quantile(0.5, m.WAIT), "p50"), (_quantile(0.95, m.WAIT), "p95")),
        unit="s",
    ),
    Panel(
        title="Claims of runs that ended",
        asks=((_rate(m.RUN_ATTEMPTS), "claims"),),
        unit="ops",
        help="Above the rate of runs that ended, runs are claimed more than once: workers die.",
    ),
    Panel(
        title="Outbox",
        asks=((_any(m.OUTBOX), "to arrive"), (_rate(m.NOTICE_ATTEMPTS), "tries per second")),
    ),
    Panel(
        title="Open incidents",
        asks=((_any(m.INCIDENTS, "kind", "state", "severity"), "{{kind}} {{state}} {{severity}}"),),
    ),
    Panel(
        title="Requests, by status",
        asks=((_rate(m.REQUESTS, "status"), "{{status}}"),),
        unit="reqps",
    ),
    Panel(title="Share of faults", asks=((_FAULTS, "5xx"),), unit="percentunit", width=12),
    Panel(
        title="Answers, 95th percentile by route",
        asks=((_quantile(0.95, m.ANSWERING, "route"), "{{route}}"),),
        unit="s",
        width=12,
    ),
    Panel(
        title="What runs",
        asks=(
            (f"count by (version, python) ({m.BUILD.name}{{{_JOB}}})", "{{version}} on {{python}}"),
        ),
        kind="stat",
        width=12,
    ),
    Panel(
        title="Database readable",
        asks=((_any(m.STORE_UP), "readable"),),
        kind="stat",
        width=12,
    ),
)


def dashboard() -> Json:
    """Return the dashboard."""
    return {
        "uid": "assay",
        "title": "Assay",
        "description": "Written by python -m tools.observability from the service's own names.",
        "tags": ["assay"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": []},
        "templating": {"list": _variables()},
        "panels": _panels(),
    }


def _variables() -> list[Json]:
    return [
        {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"},
        {
            "name": "job",
            "label": "Job",
            "type": "query",
            "datasource": _SOURCE,
            "query": f"label_values({m.BUILD.name}, job)",
            "refresh": 2,
            "multi": True,
            "includeAll": True,
            "current": {"text": "All", "value": "$__all"},
        },
    ]


def _panels() -> list[Json]:
    panels, x, y, height = [], 0, 0, 0
    for number, panel in enumerate(PANELS, start=1):
        if x + panel.width > _COLUMNS:
            x, y = 0, y + height
        height = 4 if panel.kind == "stat" else 8
        panels.append(_panel(panel, number, {"x": x, "y": y, "w": panel.width, "h": height}))
        x += panel.width
    return panels


def _panel(panel: Panel, number: int, place: Json) -> Json:
    steps: list[Json] = [_GREEN]
    if panel.bad is not None:
        steps.append({**_RED, "value": panel.bad})
    return {
        "id": number,
        "title": panel.title,
        "description": panel.help,
        "type": panel.kind,
        "datasource": _SOURCE,
        "gridPos": place,
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "thresholds": {"mode": "absolute", "steps": steps},
            },
            "overrides": [],
        },
        "options": _options(panel),
        "targets": [
            {
                "refId": chr(ord("A") + place_of),
                "datasource": _SOURCE,
                "expr": expr,
                "legendFormat": legend,
            }
            for place_of, (expr, legend) in enumerate(panel.asks)
        ],
    }


def _options(panel: Panel) -> Json:
    if panel.kind == "stat":
        return {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value"}
    return {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}}
