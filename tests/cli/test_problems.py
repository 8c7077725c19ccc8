import pytest

from cli.files import Source
from cli.output import show
from cli.problems import render
from contracts.problems import Level, Problem


def shown(capsys: pytest.CaptureFixture[str], body: str, *problems: Problem) -> str:
    show(*render(Source(path="a.yaml", body=body.encode()), problems))
    return capsys.readouterr().out


def problem(line: int, column: int, severity: Level = Level.ERROR) -> Problem:
    return Problem(
        code="bad", pointer="/x", line=line, column=column, severity=severity, message="is bad"
    )


def test_the_caret_stands_under_the_place(capsys):
    out = shown(capsys, "a: 1\nb:\t日本 x\n", problem(2, 7))

    assert out == (
        "a.yaml:2:7: error bad: is bad\n"
        "    2 | b: 日本 x\n"
        "      |         ^\n"
        "a.yaml: invalid, 1 error\n"
    )


def test_a_long_line_is_shown_around_the_place(capsys):
    out = shown(capsys, "x" * 1000 + "HERE" + "y" * 1000, problem(1, 1001))

    _, text, caret, _ = out.splitlines()
    assert text == "    1 | …" + "x" * 59 + "HERE" + "y" * 75 + "…"
    assert caret.index("^") == text.index("H")


def test_a_place_outside_the_text_shows_no_line(capsys):
    out = shown(capsys, "a: 1\n", problem(9, 1), problem(2, 1), problem(1, 99))

    assert out == (
        "a.yaml:9:1: error bad: is bad\n"
        "a.yaml:2:1: error bad: is bad\n"
        "a.yaml:1:99: error bad: is bad\n"
        "    1 | a: 1\n"
        "      |     ^\n"
        "a.yaml: invalid, 3 errors\n"
    )


def test_warnings_leave_a_document_valid(capsys):
    out = shown(capsys, "a: 1", problem(1, 1, Level.WARNING))

    assert out.endswith("a.yaml: valid, 1 warning\n")


def test_a_document_that_commands_the_terminal_does_not(capsys):
    out = shown(capsys, "a: \x1b[2J", problem(1, 4))

    assert "\x1b" not in out
    assert "    1 | a: \\x1b[2J\n      |    ^^^^^^^\n" in out
