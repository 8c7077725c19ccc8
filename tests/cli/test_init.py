"""``assay init``."""

import json
from pathlib import Path

import pytest

from cli.main import run


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{n},{'' if n == 7 else n % 3}\n" for n in range(20))
    (tmp_path / "orders.csv").write_text(f"id,kind\n{rows}")
    return tmp_path


def test_it_drafts_from_a_file_and_says_what_it_left_out(capsys):
    status = run(["init", "--from", "orders.csv"])

    assert status == 0
    assert capsys.readouterr().out == (
        "drafted orders.odcs.yaml from 1 file\n"
        "  6 promises that every row keeps\n"
        "  1 more in comments, which most rows keep:\n"
        "    orders.kind  required  95.0 % of 20 rows: 1 break it\n"
        "\n"
        "next: say in it who promises what, then assay check orders.odcs.yaml\n"
    )
    assert run(["lint", "orders.odcs.yaml"]) == 0
    assert run(["check", "orders.odcs.yaml"]) == 0


def test_a_file_that_is_there_is_kept(here: Path, capsys):
    (here / "orders.odcs.yaml").write_text("mine")

    status = run(["init", "--from", "orders.csv"])

    assert status == 2
    assert "is there already; --force replaces it" in capsys.readouterr().err
    assert (here / "orders.odcs.yaml").read_text() == "mine"


def test_with_force_it_is_replaced(here: Path):
    (here / "orders.odcs.yaml").write_text("mine")

    assert run(["init", "--from", "orders.csv", "--force"]) == 0
    assert (here / "orders.odcs.yaml").read_text().startswith("apiVersion")


def test_programs_get_every_measured_rate(capsys):
    run(["init", "--from", "orders.csv", "--format", "json"])

    told = json.loads(capsys.readouterr().out)
    assert told["path"] == "orders.odcs.yaml"
    assert told["objects"] == [{"name": "orders", "rows": 20}]
    assert [each for each in told["proposals"] if not each["promised"]] == [
        {
            "schema": "orders",
            "column": "kind",
            "kind": "required",
            "value": True,
            "rows": 20,
            "failed_rows": 1,
            "rate": 0.95,
            "promised": False,
        }
    ]


def test_a_contract_goes_to_stdout_when_asked_to(here: Path, capsys):
    run(["init", "--to", "-"])

    assert capsys.readouterr().out.startswith("apiVersion: v3.2.0\nkind: DataContract\n")
    assert not list(here.glob("*.yaml"))


def test_without_data_it_shows_where_what_stands(capsys):
    assert run(["init"]) == 0
    assert capsys.readouterr().out == (
        "drafted customers.odcs.yaml\n"
        "\n"
        "next: say in it who promises what, then assay check customers.odcs.yaml\n"
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("none.csv", "assay: cannot read none.csv: no such file\n"),
        (".", "assay: cannot read .: it is a folder; name the files in it\n"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, told: str, capsys):
    assert run(["init", "--from", name]) == 2
    assert capsys.readouterr().err == told


def test_a_broken_file_ends_with_what_is_wrong_with_it(here: Path, capsys):
    (here / "bad.parquet").write_text("no parquet")

    assert run(["init", "--from", "bad.parquet"]) == 4
    assert "bad cannot be read" in capsys.readouterr().err
