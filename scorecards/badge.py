"""Score -> badge: a small SVG that stands alone, for a README or a wiki page."""

import re
from html import escape
from typing import Final

from scorecards.assurance import ENOUGH
from scorecards.model import Score
from scorecards.words import points

_GREEN, _AMBER, _RED = "#14795a", "#955300", "#b42a24"
_LEVELS: Final = ((90.0, _GREEN), (50.0, _AMBER), (0.0, _RED))
_UNKNOWN: Final = "#5a626c"
_LABEL: Final = "#2b3036"
_LONGEST: Final = 60
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
_NARROW: Final = frozenset(" !'(),.:;I[]fijlrt|")
_WIDE: Final = frozenset("%@MWmw")
_IDEOGRAPHS: Final = "\u2e80"
_PADDING: Final = 7
_HEIGHT: Final = 20


def badge(score: Score, *, label: str = "data quality", errored: bool = False) -> str:
    """Draw S_low, or say why there is no number.

    ``not measured`` where no clause has weight; ``no evidence`` where assurance is below 0.8;
    ``not judged``, and never green, where the last try at a blocking clause came to nothing. Only a
    low score of a product that fails is told before that: an outage must not hide it.

    Args:
        score: The score to show.
        label: What stands left of it; at most 60 characters are shown.
        errored: Whether a blocking clause could not be judged when it was last tried.

    Returns:
        An SVG document without outer references, with a title for those who do not see it.
    """
    shown = _UNPRINTABLE.sub(" ", label)[:_LONGEST]
    value, colour = _value(score, errored=errored)
    left, right = _width(shown), _width(value)
    spoken = escape(f"{shown}: {value} of 100" if value[0].isdigit() else f"{shown}: {value}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'viewBox="0 0 {left + right} {_HEIGHT}" role="img" aria-label="{spoken}">'
        f"<title>{spoken}</title>"
        f'<rect width="{left + right}" height="{_HEIGHT}" rx="4" fill="{colour}"/>'
        f'<path d="M4 0h{left - 4}v{_HEIGHT}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="{_LABEL}"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" '
        f'text-anchor="middle">{_text(shown, left, 0)}{_text(value, right, left)}</g></svg>'
    )


def _value(score: Score, *, errored: bool) -> tuple[str, str]:
    """Return the words on the right and the colour behind them."""
    value, colour = _known(score)
    hidden = not score.failing or colour in {_GREEN, _UNKNOWN}
    return ("not judged", _AMBER) if errored and hidden else (value, colour)


def _known(score: Score) -> tuple[str, str]:
    if score.low is None:
        return "not measured", _UNKNOWN
    if score.assurance < ENOUGH:
        return "no evidence", _UNKNOWN
    low = score.low
    return points(low), next(colour for least, colour in _LEVELS if low >= least)


def _width(text: str) -> int:
    """Return the room for ``text`` with padding, in pixels."""
    return round(sum(_advance(char) for char in text)) + 2 * _PADDING


def _advance(char: str) -> float:
    """Return the rough width of a letter in Verdana at 11 px; ideographs are square."""
    if char in _NARROW:
        return 4.5
    return 11 if char in _WIDE or char >= _IDEOGRAPHS else 7


def _text(text: str, width: int, start: int) -> str:
    fitted = width - 2 * _PADDING
    return (
        f'<text x="{start + width / 2:g}" y="14" textLength="{fitted}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )
