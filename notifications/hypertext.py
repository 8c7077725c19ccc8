"""Letter -> HTML for mail programs: tables, inline styles, nothing loaded from elsewhere."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from notifications.letter import Letter

_TEMPLATES: Final = Path(__file__).parent / "templates"


def hypertext(letter: Letter) -> str:
    """Return the message as an HTML document; everything in it is escaped."""
    return _template().render(letter=letter)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html.j2")
