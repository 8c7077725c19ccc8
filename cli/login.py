"""``assay login``, ``logout`` and ``whoami``: which service, and as whom."""

import getpass
import re
import sys
from typing import Annotated, Final

from cyclopts import Parameter
from pydantic import BaseModel, SecretStr, ValidationError

from cli import profiles
from cli.answers import shaped
from cli.client import connect, connected
from cli.errors import BadUsage
from cli.options import service, settings
from cli.output import FAINT, GOOD, STRONG, Form, Part, line, show, show_json, table
from cli.profiles import Profile
from contracts.values import Json
from runtime.settings import Settings

_FIRST: Final = "default"
Name = Annotated[str, Parameter(name=["--profile"])]


class Me(BaseModel):
    """Who the service takes us for. ``domain`` is ``*`` for everywhere."""

    name: str
    role: str
    domain: str


def login(url: str | None = None, /, *, profile: Name = _FIRST) -> None:
    """Keep a token, so that no command needs it in its environment.

    The token is asked for, or read from stdin; it is never an argument, which others could see.

    Args:
        url: Where the service is reached (default: ASSAY_URL, else this machine).
        profile: Name to keep it under; ASSAY_PROFILE names the one to use.
    """
    if not re.fullmatch(profiles.NAME, profile):
        raise BadUsage("a profile's name is made of letters, digits, - and _, at most 40")
    read = settings()
    made = _profile((url or read.service_url).rstrip("/"), _secret())
    with connected(_as(read, made)) as client:
        me = shaped(Me, client.get("/me"))
    known = profiles.read(read.config_folder)
    path = profiles.write(read.config_folder, known.keep(profile, made))
    show(line(("logged in ", GOOD), f"to {made.url} as ", (me.name, STRONG), f", {_may(me)}"))
    show(line(("kept in ", FAINT), f"{path}, profile {profile}"))


def logout(*, profile: str | None = None) -> None:
    """Forget a token. It still opens the service until it is revoked.

    Args:
        profile: Name of the profile (default: the current one).
    """
    folder = settings().config_folder
    known = profiles.read(folder)
    name = profile or known.current
    if known.pick(profile) is None:
        raise BadUsage("there is nothing to log out of")
    profiles.write(folder, known.drop(name))
    show(line(f"forgot profile {name}; 'assay token revoke' ends the token itself"))


def whoami(*, form: Form = "text") -> None:
    """Say which service commands talk to, and as whom.

    Args:
        form: Answer for people or for programs.
    """
    read = settings()
    known = profiles.read(read.config_folder)
    with connect() as client:
        answer = client.get("/me")
    me = shaped(Me, answer)
    url = service().service_url
    if form == "json":
        show_json(_document(me, url, sorted(known.named)))
        return
    show(line((me.name, STRONG), f" at {url}, {_may(me)}"))
    used = "" if read.url else read.profile or known.current
    rows: list[tuple[Part, ...]] = [
        ("*" if name == used else "", name, entry.url) for name, entry in known.named.items()
    ]
    if rows:
        show(*table(("", "profile", "service"), rows))


def _document(me: Me, url: str, names: list[str]) -> Json:
    return {**me.model_dump(), "url": url, "profiles": [*names]}


def _secret() -> SecretStr:
    asked = sys.stdin.isatty()
    given = getpass.getpass("token (assay_...): ") if asked else sys.stdin.readline()
    if not given.strip():
        raise BadUsage("no token was given; an administrator makes one with 'assay token create'")
    return SecretStr(given.strip())


def _profile(url: str, token: SecretStr) -> Profile:
    try:
        return Profile(url=url, token=token)
    except ValidationError as error:
        raise BadUsage(f"{url!r} must begin with http:// or https://") from error


def _as(read: Settings, made: Profile) -> Settings:
    return read.model_copy(update={"url": made.url, "token": made.token})


def _may(me: Me) -> str:
    return f"{me.role} everywhere" if me.domain == "*" else f"{me.role} in domain {me.domain}"
