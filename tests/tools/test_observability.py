import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime import metrics
from tools.observability import ROOT, WRITERS

RULES = ROOT / "deploy" / "prometheus" / "rules.yml"
BOARD = ROOT / "deploy" / "grafana" / "assay.json"
KNOWN = {series for named in metrics.ALL for series in named.series}
LABELS = {label for named in metrics.ALL for label in named.labels} | {"job", "le"}
SINCE = re.compile(r"[0-9]+[smh]")


@pytest.fixture
def rules() -> Any:  # whatever YAML holds
    return yaml.safe_load(RULES.read_text())["groups"][0]["rules"]


@pytest.fixture
def board() -> Any:  # whatever JSON holds
    return json.loads(BOARD.read_text())


def promtool(*arguments: str, where: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed: apt-get install prometheus brings it")
    command = [program, *arguments]
    return subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)


def exprs_of(board) -> list[str]:
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def names_in(expr: str) -> set[str]:
    return set(re.findall(r"\bassay_\w+", expr))


def grouped_by(expr: str) -> set[str]:
    lists = re.findall(r"\b(?:by|on) \(([^)]*)\)", expr)
    return {label.strip() for one in lists for label in one.split(",")}


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_up_to_date(name: str):
    assert (ROOT / name).read_text() == WRITERS[name](), "python -m tools.observability writes it"


def test_names_keep_to_the_conventions():
    for named in metrics.ALL:
        assert re.fullmatch(r"assay_[a-z_]+", named.name)
        assert named.name.endswith("_total") == (named.kind == "counter")
        assert named.help.endswith(".")
    assert len(KNOWN) == sum(len(named.series) for named in metrics.ALL)


def test_no_label_grows_with_what_is_promised():
    assert LABELS.isdisjoint({"contract", "contract_id", "product", "run", "run_id", "clause"})


def test_rules_ask_only_for_what_is_told(rules):
    for rule in rules:
        assert names_in(rule["expr"]) <= KNOWN, rule["alert"]
        assert names_in(rule["expr"]), rule["alert"]
        assert grouped_by(rule["expr"]) <= LABELS, rule["alert"]


def test_each_rule_says_how_grave_it_is_and_what_to_do(rules):
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert SINCE.fullmatch(rule["for"])
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert set(rule["annotations"]) == {"summary", "description"}
        assert all(rule["annotations"].values())


def test_the_dashboard_asks_only_for_what_is_told(board):
    for expr in exprs_of(board):
        assert names_in(expr), expr
        assert names_in(expr) <= KNOWN, expr
        assert grouped_by(expr) <= LABELS, expr


def test_every_figure_is_on_the_dashboard(board):
    asked = set().union(*(names_in(expr) for expr in exprs_of(board)))

    assert [named.name for named in metrics.ALL if asked.isdisjoint(named.series)] == []


def test_panels_are_told_apart_and_do_not_overlap(board):
    numbers = [panel["id"] for panel in board["panels"]]
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in board["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(set(numbers)) == len(numbers)
    assert len(set(taken)) == len(taken)
    assert max(x for x, _ in taken) < 24
    assert {panel["type"] for panel in board["panels"]} == {"timeseries", "stat"}
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in board["panels"])
    assert board["templating"]["list"][0]["type"] == "datasource"


def test_prometheus_accepts_the_rules():
    done = promtool("check", "rules", RULES.name, where=RULES.parent)

    assert done.returncode == 0, done.stdout + done.stderr


def test_alerts_fire_when_they_shall_and_not_before():
    done = promtool("test", "rules", "rules_test.yml", where=RULES.parent)

    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_accepts_what_the_dashboard_asks(board, tmp_path: Path):
    asked = [
        expr.replace("$__rate_interval", "5m").replace("$job", ".+") for expr in exprs_of(board)
    ]
    recorded = [{"record": f"a:{number}", "expr": expr} for number, expr in enumerate(asked)]
    document = {"groups": [{"name": "board", "rules": recorded}]}
    (tmp_path / "board.yml").write_text(yaml.safe_dump(document))

    done = promtool("check", "rules", "board.yml", where=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
