import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values import Severity
from scorecards.badge import badge
from scorecards.score import score
from tests.scorecards.standings import NOW, clause

GOOD = score([clause("/a")], NOW)
AMBER = badge(replace(GOOD, low=70.0))


def words(svg: str) -> list[str]:
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    return [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_badge_leads_with_the_low_end():
    assert words(badge(replace(GOOD, low=92.46, quality=97.0))) == ["data quality", "92.4"]


def test_without_recent_verdicts_there_is_no_evidence():
    assert words(badge(replace(GOOD, assurance=0.79)))[1] == "no evidence"


def test_at_enough_assurance_the_number_shows():
    assert words(badge(replace(GOOD, assurance=0.8)))[1] == "100"


def test_where_nothing_has_weight_nothing_is_measured():
    empty = score([clause("/a", Severity.INFO)], NOW)

    assert words(badge(empty))[1] == "not measured"


def test_what_could_not_be_judged_is_no_number_and_not_green():
    svg = badge(GOOD, errored=True)

    assert words(svg) == ["data quality", "not judged"]
    assert "<title>data quality: not judged</title>" in svg
    assert re.findall(r"#[0-9a-f]{6}", svg)[0] == re.findall(r"#[0-9a-f]{6}", AMBER)[0]


@pytest.mark.parametrize(
    ("low", "shown"), [(19.7, "19.7"), (89.0, "89"), (95.0, "not judged"), (None, "not judged")]
)
def test_an_outage_hides_no_failure(low: float | None, shown: str):
    failing = replace(GOOD, low=low, failing=1)

    assert words(badge(failing, errored=True))[1] == shown


def test_a_badge_speaks_to_those_who_do_not_see_it():
    svg = badge(replace(GOOD, low=49.0))

    assert "<title>data quality: 49 of 100</title>" in svg
    assert 'role="img" aria-label="data quality: 49 of 100"' in svg
    assert "<title>x: no evidence</title>" in badge(replace(GOOD, assurance=0.0), label="x")


@pytest.mark.parametrize("low", [100.0, 90.0, 89.9, 50.0, 49.0, 1.0])
def test_white_text_is_readable_on_every_colour(low: float):
    for svg in (badge(replace(GOOD, low=low)), badge(replace(GOOD, assurance=0.0)), AMBER):
        for colour in re.findall(r"#[0-9a-f]{6}", svg):
            assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_levels_have_colours_of_their_own():
    colours = {re.findall(r"#[0-9a-f]{6}", badge(replace(GOOD, low=low)))[0] for low in (95, 70, 9)}

    assert len(colours) == 3


def test_a_longer_label_takes_more_room():
    narrow, wide, widest = (badge(GOOD, label=label) for label in ("ill", "mmm", "数据数"))

    widths = [int(ET.fromstring(svg).attrib["width"]) for svg in (narrow, wide, widest)]  # noqa: S314
    assert widths[0] < widths[1] == widths[2]


@given(st.text())
def test_any_label_gives_a_document_that_parses(label: str):
    shown = words(badge(GOOD, label=label))[0]

    assert len(shown) <= 60
