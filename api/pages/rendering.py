"""Templates -> HTML. Whatever comes from a document is escaped, in HTML and in SVG alike."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from api.ask import Ask
from api.charts.ring import BAND_RADIUS, RADIUS
from api.charts.scale import HEIGHT, LEFT, RIGHT, WIDTH
from api.pages import words
from api.pages.promises import place
from runs.words import asked_by
from scorecards.words import capped, counted, lost, percent, points
from usecases.incidents import list_incidents

_TEMPLATES: Final = Path(__file__).parent.parent / "templates"
_MANY: Final = 99
_THEMES: Final = frozenset({"light", "dark"})


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (words.moment, words.number, percent, words.plain, words.engine, words.seconds)
    made.filters |= {found.__name__: found for found in (*filters, words.schedule, place)}
    made.filters |= {"asked_by": asked_by}
    made.filters |= {"points": points, "lost": lost, "part": _part, "moved": words.moved}
    made.globals |= {"ago": words.ago, "counted": counted, "capped": capped}
    made.globals |= {"WIDTH": WIDTH, "HEIGHT": HEIGHT, "LEFT": LEFT, "RIGHT": RIGHT}
    made.globals |= {"ENOUGH": words.ENOUGH, "RADIUS": RADIUS, "BAND_RADIUS": BAND_RADIUS}
    return made


def _part(text: str) -> str:
    """Return ``text`` as one part of an address."""
    return quote(text, safe="")


_ENVIRONMENT: Final = _environment()


def page(
    asked: Ask,
    request: Request,
    template: str,
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> HTMLResponse:
    """Render a page for somebody who is logged in."""
    trouble = list_incidents(asked.store, by=asked.by, only_open=True, limit=_MANY + 1)
    shown = f"{_MANY}+" if len(trouble) > _MANY else str(len(trouble) or "")
    frame = {"by": asked.by, "trouble": shown, "now": asked.clock()}
    return bare(request, template, **{**frame, **values})


def bare(
    request: Request,
    template: str,
    *,
    status: int = 200,
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> HTMLResponse:
    """Render a page for anybody."""
    theme = request.cookies.get("assay_theme", "")
    frame = {"by": None, "trouble": "", "now": None, "path": request.url.path}
    frame |= {"theme": theme if theme in _THEMES else "", "search": ""}
    text = _ENVIRONMENT.get_template(template).render({**frame, **values})
    return HTMLResponse(text, status_code=status)
