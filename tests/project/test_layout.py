import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PYPROJECT["tool"]["uv"]["build-backend"]["module-name"]
LOCKS = ["requirements.lock", "requirements-prod.lock", "bootstrap.lock"]
LONGEST_FILE = 400
HEAVY = {"pandas", "pandera", "great_expectations", "ibis", "duckdb"}
FORKING = {"great_expectations", "pandera", "ibis", "duckdb", "pandas", "pyarrow", "polars"}
ADDRESS = re.compile(r"https?://|file:/|git\+|--(extra-)?index-url|--find-links|-i ", re.ASCII)


def imported(entry: str) -> set[str]:
    code = f"import sys, {entry}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_package_list_is_what_is_on_disk():
    on_disk = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "tools"}

    assert set(PACKAGES) == on_disk
    assert set(PYPROJECT["tool"]["importlinter"]["root_packages"]) == on_disk


@pytest.mark.parametrize("name", PACKAGES)
def test_no_dependency_ships_a_package_of_our_name(name: str):
    owners = set(importlib.metadata.packages_distributions().get(name, ()))
    spec = importlib.util.find_spec(name)

    assert owners <= {PYPROJECT["project"]["name"]}
    assert spec is not None
    assert spec.origin == str(ROOT / name / "__init__.py")


@pytest.mark.parametrize("name", PACKAGES)
def test_no_file_has_outgrown_its_noun(name: str):
    lengths = {path: len(path.read_text().splitlines()) for path in (ROOT / name).rglob("*.py")}

    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}


@pytest.mark.parametrize("entry", ["api.app", "api.main", "cli.main", "checks.execute"])
def test_starting_loads_no_engine(entry: str):
    assert HEAVY.isdisjoint(imported(entry))


@pytest.mark.parametrize("entry", ["worker.app", "worker.scheduler", "runtime.embedded"])
def test_a_process_that_forks_loads_no_engine(entry: str):
    assert FORKING.isdisjoint(imported(entry))


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_holds_an_address(name: str):
    lines = (ROOT / name).read_text().splitlines()

    assert [line for line in lines if ADDRESS.search(line)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_pinned_by_hash(name: str):
    text = (ROOT / name).read_text()
    pins = re.findall(r"^\S+==.*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)

    assert pins
    assert [pin.split("\n")[0] for pin in pins if "--hash=sha256:" not in pin] == []


def pinned(lock: str) -> set[str]:
    return set(re.findall(r"^\S+==\S+", (ROOT / lock).read_text(), re.MULTILINE))


def test_what_is_run_is_what_was_tested():
    production = pinned("requirements-prod.lock")

    assert production < pinned("requirements.lock")
    assert not any(pin.startswith(("pytest==", "mypy==", "playwright==")) for pin in production)
