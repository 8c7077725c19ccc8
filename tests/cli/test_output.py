import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from typing_extensions import override

from cli.output import BAD, line, plural, progress, show, show_json, table, visible


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


@given(st.text())
def test_nothing_that_is_shown_can_command_a_terminal(text):
    shown = visible(text)

    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in shown)
    assert len(shown.splitlines()) <= 1


def test_a_command_to_the_terminal_is_spelt_out(capsys):
    show(line("a\x1b[31mb\nc", ("\u202ed", BAD)))

    assert capsys.readouterr().out == "a\\x1b[31mb\\x0ac\\u202ed\n"


def test_markup_and_emoji_codes_are_plain_text(capsys):
    show(line("[red]x[/red] :smile: 'y' 12"))

    assert capsys.readouterr().out == "[red]x[/red] :smile: 'y' 12\n"


def test_colour_stands_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)

    show(line("it ", ("failed", BAD)))

    assert screen.getvalue() == "it \x1b[1;31mfailed\x1b[0m\n"


def test_no_color_is_obeyed(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)

    show(line("it ", ("passed", "green")))

    assert screen.getvalue() == "it passed\n"


def test_long_lines_are_not_broken(capsys):
    show(line("x" * 500))

    assert capsys.readouterr().out == "x" * 500 + "\n"


def test_columns_are_as_wide_as_they_look(capsys):
    show(*table(("name", "n"), [["日本", "1"], [("é", BAD), "1,000"]], right={1}))

    assert capsys.readouterr().out == "name      n\n日本      1\né     1,000\n"


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=5))
def test_the_last_column_begins_at_one_place(rows):
    lines = table(("", ""), [(first, "|" + last) for first, last in rows])

    shown = [
        text.plain[: text.plain.rindex("|" + visible(last))]
        for text, (_, last) in zip(lines, rows, strict=True)
        if last.strip() == last
    ]
    starts = {cell_len(before) for before in shown}
    assert len(starts) <= 1


def test_a_table_without_headings_has_no_first_line(capsys):
    show(*table(("", ""), [["a", "b"]]))

    assert capsys.readouterr().out == "a  b\n"


def test_json_is_whole_and_readable(capsys):
    show_json({"name": "Grüße", "rows": [1, None]})

    assert capsys.readouterr().out == (
        '{\n  "name": "Grüße",\n  "rows": [\n    1,\n    null\n  ]\n}\n'
    )


def test_progress_is_silent_where_nobody_looks(capsys):
    with progress("judging"):
        pass

    assert capsys.readouterr() == ("", "")


def test_progress_is_shown_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)

    with progress("judging [orders]"):
        pass

    assert "judging [orders]" in screen.getvalue()


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [(1, "clause", "1 clause"), (1000, "row", "1,000 rows"), (2, "breach", "2 breaches")],
)
def test_counts_read_well(count, noun, words):
    assert plural(count, noun) == words
