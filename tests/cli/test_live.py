"""The line that a terminal shows of a run."""

import io
import re
from types import SimpleNamespace

import pytest
from typing_extensions import override

from cli.answers import Run, shaped
from cli.errors import Unanswered
from cli.live import Progress, screen
from tests.cli.fakes import run_document

RUN = shaped(Run, run_document())
HALF = Progress(phase="asking Pandera", done=17, total=1042, seconds=3.2)
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> list[str]:
        """The lines that were drawn, without what turns before them."""
        lines = _CONTROL.sub("", self.getvalue()).replace("\r", "\n").splitlines()
        return [line[2:] for line in lines if line.strip()]


@pytest.fixture
def terminal(monkeypatch) -> Terminal:
    page = Terminal()
    monkeypatch.setattr("cli.live.sys", SimpleNamespace(stderr=page))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("cli.live.time.monotonic", lambda: 50.0)
    return page


def test_a_terminal_shows_phase_count_and_time(terminal):
    with screen("run 7  asked for"):
        pass
    with screen("run 7  asked for") as shown:
        shown.tell(RUN, "", HALF)

    assert terminal.shown[0] == "run 7  asked for"
    assert terminal.shown[-1] == "run 7 of orders 1.2.0  asking Pandera  17/1,042  3.2 s"


def test_of_several_runs_it_says_which_and_what_is_not_known_is_left_out(terminal):
    with screen("run 7") as shown:
        shown.tell(RUN, "2 of 3", Progress(phase="waiting for a worker"))

    assert terminal.shown[-1] == "run 7 of orders 1.2.0 (2 of 3)  waiting for a worker"


def test_a_lost_connection_stands_in_the_line(terminal):
    with screen("run 7") as shown:
        shown.tell(RUN, "", HALF)
        shown.lost(Unanswered("no service answers"))

    assert terminal.shown[-1] == ("run 7 of orders 1.2.0  the connection is lost, trying again")


def test_the_line_is_never_longer_than_the_terminal(terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")

    with screen("run 7") as shown:
        shown.tell(RUN, "", HALF)

    assert terminal.shown[-1] == "run 7 of orders 1.2.0  ask…"


def test_where_there_is_no_terminal_only_a_loss_is_told_and_once(capsys):
    with screen("run 7") as shown:
        shown.tell(RUN, "", HALF)
        shown.lost(Unanswered("no service answers"))
        shown.lost(Unanswered("no service answers"))
        shown.tell(RUN, "", HALF)
        shown.lost(Unanswered("it is away again"))

    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == (
        "assay: no service answers\nassay: trying again; the run goes on meanwhile\n"
        "assay: it is away again\nassay: trying again; the run goes on meanwhile\n"
    )
