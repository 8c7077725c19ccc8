import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from typing_extensions import override

from cli.output import (
    BAD,
    Part,
    indented,
    line,
    plural,
    progress,
    room,
    show,
    show_json,
    table,
    visible,
)


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


def test_progress_tells_how_far_it_is(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)

    with progress("judging") as tell:
        tell("3 of 9 clauses told")

    assert "3 of 9 clauses told" in screen.getvalue()


def test_progress_keeps_to_one_line(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)

    with progress("judging") as tell:
        tell("3 of 9 clauses told")

    assert "judging" in screen.getvalue()
    assert "told" not in screen.getvalue()
    assert "…" in screen.getvalue()


def narrow(monkeypatch):
    """Have a terminal of 40 letters for stdout."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    return screen


def test_a_long_line_is_broken_at_words_on_a_terminal(monkeypatch):
    screen = narrow(monkeypatch)

    show(line("  no column 'currency' in payments; there are id, order_id, amount"))

    assert screen.getvalue() == (
        "  no column 'currency' in payments;\n    there are id, order_id, amount\n"
    )


def test_a_word_is_never_broken(monkeypatch):
    screen = narrow(monkeypatch)

    show(line("see ", "/schema/orders/properties/amount/quality/never-below-nought", " there"))

    assert screen.getvalue() == (
        "see\n  /schema/orders/properties/amount/quality/never-below-nought\n  there\n"
    )


def test_a_row_of_a_table_is_never_broken(monkeypatch):
    screen = narrow(monkeypatch)

    show(*indented(table(("", ""), [["x" * 30, "y" * 30]]), 2))

    assert screen.getvalue() == f"  {'x' * 30}  {'y' * 30}\n"


def test_how_much_a_line_holds_is_known_of_a_terminal_only(monkeypatch):
    narrow(monkeypatch)
    wide = room()
    monkeypatch.setattr("sys.stdout", io.StringIO())

    assert (wide, room()) == (40, None)


def test_the_widest_columns_are_cut_for_the_others():
    rows: list[list[Part]] = [["7", "x" * 60, ("[" + "y" * 60 + "]", BAD)], ["8", "short", "[z]"]]

    lines = [text.plain for text in table(("id", "a", "b"), rows, within=40)]

    assert lines == [
        "id  a                  b",
        "7   xxxxxxxxxxxxxxxx…  [yyyyyyyyyyyyyy…]",
        "8   short              [z]",
    ]


@given(
    st.lists(st.lists(st.text(max_size=30), min_size=3, max_size=3), min_size=1, max_size=4),
    st.integers(44, 90),
)
def test_a_table_is_never_wider_than_it_may_be(rows, within):
    lines = table(("", "", ""), rows, within=within)

    assert all(text.cell_len <= within for text in lines)
