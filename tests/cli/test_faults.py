import io
import json

import pytest
from typing_extensions import override

from access.errors import Unauthenticated
from cli.demo.screen import StoryBroken
from cli.errors import BadUsage, Refused, ServiceFault, Unready
from cli.faults import Asked, close_quietly, told
from contracts.errors import InvalidContract
from contracts.problems import Problem
from runtime.embedded import CannotStart
from runtime.folder import FolderUnusable
from store.errors import StoreUnavailable
from usecases.errors import Conflict, NotFound, Unlocatable

PROBLEM = Problem(code="x", pointer="/id", line=1, column=1, message="must be text")
FOR_PROGRAMS = Asked(command="assay run", form="json")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadUsage("no"), 2),
        (Refused("no"), 3),
        (Unready("no"), 4),
        (ServiceFault("no"), 5),
        (NotFound("server", "x"), 2),
        (Conflict("taken", "no"), 2),
        (Unlocatable("no"), 4),
        (InvalidContract((PROBLEM,)), 3),
        (Unauthenticated("no"), 5),
        (StoreUnavailable("disk full"), 4),
        (OSError(28, "No space left on device"), 4),
        (CannotStart("the port is taken"), 4),
        (FolderUnusable("it is full"), 4),
    ],
)
def test_each_expected_fault_is_one_line_and_its_own_status(error, status, capsys):
    ended = told(error)

    written = capsys.readouterr()
    assert ended == status
    assert written.out == ""
    assert written.err.startswith("assay: ")
    assert written.err.count("\n") == 1


def test_a_fault_of_the_system_names_the_file(capsys):
    told(PermissionError(13, "Permission denied", "/data/assay.db"))

    assert capsys.readouterr().err == "assay: /data/assay.db: permission denied\n"


def test_a_bug_is_told_short_and_ends_with_70(capsys):
    ended = told(ZeroDivisionError("division\nby zero"))

    assert ended == 70
    assert capsys.readouterr().err == (
        "assay: a fault of ours: ZeroDivisionError: division by zero\n"
        "assay: set ASSAY_LOG_LEVEL=DEBUG to see where, and please report it\n"
    )


def test_a_bug_shows_where_it_is_when_asked(capsys, monkeypatch):
    monkeypatch.setenv("ASSAY_LOG_LEVEL", "DEBUG")

    told(ZeroDivisionError())

    assert "\nZeroDivisionError\n" in capsys.readouterr().err


def test_a_bug_beside_broken_settings_is_still_told(capsys, monkeypatch):
    monkeypatch.setenv("ASSAY_PORT", "many")

    assert told(ZeroDivisionError("x")) == 70
    assert "ZeroDivisionError: x" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (StoryBroken("no"), "no", 1),
        (BadUsage("no"), "usage", 2),
        (Refused("no"), "invalid", 3),
        (Unready("no"), "unjudged", 4),
        (ServiceFault("no"), "service", 5),
        (ZeroDivisionError("no"), "bug", 70),
    ],
)
def test_programs_get_what_where_and_what_to_do_in_one_line(error, code, status, capsys):
    ended = told(error, FOR_PROGRAMS)

    written = capsys.readouterr()
    document = json.loads(written.err)
    assert (ended, written.out, written.err.count("\n")) == (status, "", 1)
    assert (document["type"], document["exit"]) == (f"urn:assay:problem:{code}", status)
    assert document["command"] == "assay run"
    assert all(document[name] for name in ("title", "detail", "next"))


def test_programs_get_the_problems_of_a_document_with_their_places(capsys):
    told(InvalidContract((PROBLEM,)), FOR_PROGRAMS, file="a.yaml")

    document = json.loads(capsys.readouterr().err)
    assert document["detail"] == "a.yaml: /id: must be text"
    assert document["errors"] == [
        {"code": "x", "pointer": "/id", "line": 1, "column": 1, "severity": "error",
         "message": "must be text"}
    ]  # fmt: skip


def test_programs_get_where_a_bug_is_when_asked(capsys, monkeypatch):
    monkeypatch.setenv("ASSAY_LOG_LEVEL", "DEBUG")

    told(ZeroDivisionError("no"), FOR_PROGRAMS)

    assert "ZeroDivisionError: no" in json.loads(capsys.readouterr().err)["trace"]


def test_a_stream_that_works_is_only_flushed():
    stream = io.StringIO()

    close_quietly(stream)

    assert not stream.closed


def test_a_stream_that_nobody_reads_is_let_go():
    class Gone(io.StringIO):
        @override
        def flush(self) -> None:
            raise BrokenPipeError

    close_quietly(Gone())  # has no descriptor either: still no error
