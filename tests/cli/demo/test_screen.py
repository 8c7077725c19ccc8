import io

import pytest

from cli.demo.screen import Screen, StoryBroken


def test_a_step_is_one_line_with_its_time_and_details_stand_below():
    out = io.StringIO()
    screen = Screen(out)

    screen.step("published [orders]")
    screen.detail("one\ntwo")

    first, *rest = out.getvalue().splitlines()
    assert first.endswith(" s  published [orders]")
    assert rest == ["          one", "          two"]


def test_waiting_returns_what_came():
    answers = iter([None, None, 7])

    seen = Screen(io.StringIO()).until(
        "a number", lambda: next(answers), alive=lambda: None, seconds=5
    )

    assert seen == 7


def test_waiting_in_vain_breaks_the_story():
    with pytest.raises(StoryBroken, match="in vain: a number"):
        Screen(io.StringIO()).until("a number", lambda: None, alive=lambda: None, seconds=0.2)


def test_waiting_ends_when_the_service_died():
    def alive() -> None:
        raise StoryBroken("the service's api died")

    with pytest.raises(StoryBroken, match="api died"):
        Screen(io.StringIO()).until("a number", lambda: None, alive=alive, seconds=5)


def test_a_terminal_shows_what_is_awaited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    out = io.StringIO()

    with Screen(out).waiting("waiting for the run"):
        pass

    assert "waiting for the run" in out.getvalue()
