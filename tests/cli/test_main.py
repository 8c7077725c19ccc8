import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

import pytest

from cli import main

HEAVY = {
    "pandas", "pandera", "great_expectations", "duckdb", "sqlalchemy", "ibis", "celery",
    "httpx2", "jsonschema", "fastapi", "contracts.parse", "store.engine",
}  # fmt: skip
COMMANDS = [
    "api", "audit", "backup", "check", "connection", "demo", "doctor", "events", "gate",
    "health", "incidents", "init", "lint", "login", "logout", "migrate",
    "notify", "products", "publish", "restore", "run", "schedule", "scheduler", "scorecard",
    "token", "up", "whoami", "worker", "completion",
]  # fmt: skip


def test_the_version_is_answered_fast_and_loads_nothing_heavy():
    code = (
        "import sys, cli.main; sys.argv = ['assay', '--version']; cli.main.main(); "
        "print(*sys.modules)"
    )
    started = time.monotonic()

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert HEAVY.isdisjoint(done.stdout.split())
    assert done.stdout.startswith("0.")
    assert time.monotonic() - started < 10  # the aim is 0.4 s on an idle machine


def test_every_command_of_the_design_is_there():
    names = [name for name in main.app if not name.startswith("-")]

    assert sorted(names) == sorted(COMMANDS)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in {"demo", "up"}])
def test_every_command_has_help(assay, command):
    done = assay(command, "--help")

    assert done.status == 0
    assert f"Usage: assay {command}" in done.out


def test_help_names_every_command(assay):
    done = assay("--help")

    assert done.status == 0
    assert all(f" {command} " in done.out for command in COMMANDS)


def test_a_command_that_does_not_exist_is_a_usage_error_with_the_nearest_one(assay):
    done = assay("lnit")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "assay: there is no command 'lnit'. Did you mean 'lint'? See 'assay --help'.\n"
    )


def test_a_command_like_no_other_gets_the_list(assay):
    done = assay("xyzzy")

    assert done.status == 2
    assert "There are: init, lint, check, publish" in done.err


def test_a_missing_argument_is_a_usage_error_that_names_the_help(assay):
    done = assay("incidents", "resolve", "3")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "assay: --reason is missing: why it is over, such as 'the file was sent again'; "
        "stands on its page. See 'assay incidents resolve --help'.\n"
    )


def test_an_option_without_its_value_is_told_from_one_that_was_left_out(assay):
    done = assay("incidents", "resolve", "3", "--reason")

    assert done.status == 2
    assert done.err.startswith("assay: --reason wants a value: why it is over, such as ")


def test_a_word_too_many_is_named(assay):
    done = assay("check", "a.yaml", "b.yaml")

    assert (done.status, done.out) == (2, "")
    assert done.err == "assay: there is no place for 'b.yaml'. See 'assay check --help'.\n"


@pytest.mark.parametrize("form", [("--format", "json"), ("--format=json",)])
def test_programs_are_told_of_faults_by_a_problem_document_on_stderr(assay, form):
    done = assay("lint", "nowhere.yaml", *form)

    assert (done.status, done.out) == (2, "")
    assert json.loads(done.err) == {
        "type": "urn:assay:problem:usage",
        "title": "this cannot be done as it was asked for",
        "detail": "cannot read nowhere.yaml: no such file or directory",
        "command": "assay lint",
        "next": "assay lint --help",
        "exit": 2,
    }


def test_a_command_line_that_is_not_understood_is_a_problem_document_too(assay):
    done = assay("incidents", "resolve", "3", "--format", "json")

    told = json.loads(done.err)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert told["detail"].startswith("--reason is missing: ")
    assert told["command"] == "assay incidents resolve"
    assert told["next"] == "assay incidents resolve --help"


def test_a_command_whose_module_cannot_be_loaded_is_a_bug_told_as_any_other(assay, monkeypatch):
    monkeypatch.setattr(type(main.app), "parse_commands", _raise(ImportError("no module")))

    done = assay("doctor", "--format", "json")

    assert (done.status, json.loads(done.err)["type"]) == (70, "urn:assay:problem:bug")


def test_an_interrupt_is_quiet(assay, monkeypatch):
    monkeypatch.setattr("cli.lint.read", _raise(KeyboardInterrupt()))

    done = assay("lint", "x.yaml")

    assert (done.status, done.out, done.err) == (130, "", "")


def test_a_reader_that_went_away_is_quiet(assay, monkeypatch):
    monkeypatch.setattr("cli.lint.read", _raise(BrokenPipeError()))

    done = assay("lint", "x.yaml")

    assert (done.status, done.out, done.err) == (141, "", "")


def test_help_whose_reader_went_away_is_no_failure(assay, monkeypatch):
    ended = SystemExit(1)  # what Rich makes of a pipe that is closed
    ended.__context__ = BrokenPipeError()
    monkeypatch.setattr("cli.lint.read", _raise(ended))

    assert assay("lint", "x.yaml").status == 0


def test_main_ends_as_its_command_does(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["assay", "lint", "nowhere.yaml", "--format", "json"])

    status = main.main()

    assert status == 2
    assert capsys.readouterr().out == ""


def test_a_stream_of_another_kind_is_written_to_as_it_is(monkeypatch):
    page = io.StringIO()
    monkeypatch.setattr("sys.argv", ["assay", "--version"])
    monkeypatch.setattr("sys.stdout", page)

    status = main.main()

    assert (status, page.getvalue()) == (0, f"{version('assay')}\n")


def test_a_pipe_that_closes_early_leaves_no_trace(contract):
    command = [sys.executable, "-m", "cli.main", "lint", contract]
    reader, writer = os.pipe()

    with subprocess.Popen(command, stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        os.close(reader)
        told = process.communicate(timeout=60)[1]

    assert (process.returncode, told) == (141, b"")


def test_help_that_is_not_read_to_its_end_is_no_failure():
    reader, writer = os.pipe()

    with subprocess.Popen(
        [sys.executable, "-m", "cli.main"], stdout=writer, stderr=subprocess.PIPE
    ) as process:
        os.close(writer)
        os.close(reader)
        told = process.communicate(timeout=60)[1]

    assert (process.returncode, told) == (0, b"")


def test_the_module_runs_as_a_script(contract):
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "lint", contract, "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0
    assert json.loads(done.stdout)["files"][0]["valid"] is True


def _raise(error: BaseException) -> Callable[..., object]:
    def call(*_: object, **__: object) -> object:
        raise error

    return call
