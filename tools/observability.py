"""Alert rules and the dashboard, written from the names that the service itself exposes.

``python -m tools.observability`` writes both; a test holds that they are up to date.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tools.alerts import rules
from tools.dashboard import dashboard

ROOT: Final = Path(__file__).parents[1]


def _board() -> str:
    return json.dumps(dashboard(), indent=2) + "\n"


WRITERS: Final[Mapping[str, Callable[[], str]]] = {
    "deploy/prometheus/rules.yml": rules,
    "deploy/grafana/assay.json": _board,
}


def main() -> None:
    """Write both files."""
    for name, write in WRITERS.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write())


if __name__ == "__main__":
    main()
