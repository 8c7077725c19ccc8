import pytest

from cli.stream import Told, events


def test_events_come_with_what_they_say():
    lines = ["retry: 3000", "", "id: 1", "event: progress", 'data: {"done": 1}', "", "data: x", ""]

    assert list(events(lines)) == [
        Told(kind="progress", text='{"done": 1}'),
        Told(kind="message", text="x"),
    ]


@pytest.mark.parametrize(
    ("lines", "text"),
    [(["data: a", "data:  b", ""], "a\n b"), (["data:a", ""], "a"), (["data", ""], "")],
)
def test_lines_of_one_event_are_joined_and_one_blank_is_no_part_of_them(lines, text):
    assert list(events(lines)) == [Told(kind="message", text=text)]


def test_a_comment_is_a_sign_of_life():
    assert list(events([": still there", ""])) == [Told()]


def test_an_event_that_was_cut_off_is_left_out():
    assert list(events(["event: finished", 'data: {"id":'])) == []


def test_an_event_that_says_nothing_is_none():
    assert list(events(["event: progress", "", "data: x", ""])) == [Told(kind="message", text="x")]
