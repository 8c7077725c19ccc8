import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.main import app
from runtime.settings import Settings
from tests.project.compose import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
SYSTEMD = shutil.which("systemd-analyze")
KNOWN = {f"ASSAY_{name.upper()}" for name in Settings.model_fields}


def named(text: str) -> set[str]:
    return {name.removesuffix("_FILE") for name in re.findall(r"\b(ASSAY_\w+)=", text)}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_with_settings_that_there_are(unit: Path):
    text = unit.read_text()
    words = re.findall(r"^ExecStart=/opt/assay/bin/assay (\w+)$", text, re.MULTILINE)

    assert len(words) == 1
    assert words[0] in set(app)
    assert named(text) <= KNOWN
    assert "User=assay" in text
    assert "NoNewPrivileges=yes" in text


def test_every_part_has_a_unit_and_what_is_documented_is_a_setting():
    assert [unit.name for unit in UNITS] == [
        "assay-api.service",
        "assay-migrate.service",
        "assay-scheduler.service",
        "assay-worker@.service",
    ]
    assert named((ROOT / "deploy" / "assay.env.example").read_text()) <= KNOWN
    assert named((ROOT / "docs" / "production.md").read_text()) <= KNOWN


@pytest.mark.integration
@pytest.mark.skipif(SYSTEMD is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_the_unit(unit: Path, tmp_path: Path):
    for other in UNITS:
        shutil.copy(other, tmp_path)
    program = tmp_path / "assay"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for copied in tmp_path.glob("*.service"):
        copied.write_text(copied.read_text().replace("/opt/assay/bin/assay", str(program)))
    name = unit.name.replace("@.", "@1.")
    target = tmp_path / unit.name
    if name != unit.name:
        target = target.rename(tmp_path / name)

    done = subprocess.run(
        [str(SYSTEMD), "verify", "--man=no", str(target)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert [line for line in done.stderr.splitlines() if "assay" in line] == []
