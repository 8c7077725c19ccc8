"""Services that this person logged in to, each under a name, in a file that only they can read."""

import json
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, SecretStr, ValidationError

from cli.errors import BadUsage, Unready

NAME: Final = r"[A-Za-z0-9_-]{1,40}"
_FILE: Final = "profiles.json"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Profile(BaseModel):
    """Where a service is reached, and the token that it is shown."""

    url: str = Field(pattern="^https?://")
    token: SecretStr


class _File(BaseModel):
    current: str = ""
    profiles: dict[str, Profile] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """All profiles by name; ``current`` is the one used where none is named, or empty."""

    current: str = ""
    named: Mapping[str, Profile] = field(default_factory=dict)

    def pick(self, name: str | None) -> Profile | None:
        """Return the profile called ``name``, or the current one; None where there is none.

        Raises:
            BadUsage: No profile has that name.
        """
        wanted = name or self.current
        if name and name not in self.named:
            known = ", ".join(sorted(self.named)) or "none yet: 'assay login' makes one"
            raise BadUsage(f"there is no profile {name!r}; known: {known}")
        return self.named.get(wanted)

    def keep(self, name: str, profile: Profile) -> "Profiles":
        """Return these with one more, which is the current one from now on."""
        return replace(self, current=name, named={**self.named, name: profile})

    def drop(self, name: str) -> "Profiles":
        """Return these without one."""
        rest = {other: profile for other, profile in self.named.items() if other != name}
        current = next(iter(rest), "") if self.current == name else self.current
        return Profiles(current=current, named=rest)


def read(folder: Path) -> Profiles:
    """Read the profiles kept in ``folder``; none where there is no file.

    Raises:
        BadUsage: Others may read the file, or it is none of ours.
    """
    path = folder / _FILE
    try:
        mode, text = path.stat().st_mode, path.read_text()
    except FileNotFoundError:
        return Profiles()
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsage(f"cannot read {path}: {error}") from error
    if mode & _OTHERS:
        raise BadUsage(f"{path} holds tokens and others may read it: chmod 600 {path}")
    try:
        found = _File.model_validate_json(text)
    except ValidationError as error:
        raise BadUsage(f"{path} cannot be used; mend it, or remove it and log in again") from error
    return Profiles(current=found.current, named=found.profiles)


def write(folder: Path, profiles: Profiles) -> Path:
    """Keep the profiles in ``folder``, whole or not at all, for nobody else to read.

    Raises:
        Unready: They cannot be written there.
    """
    path = folder / _FILE
    named = {
        name: {"url": profile.url, "token": profile.token.get_secret_value()}
        for name, profile in profiles.named.items()
    }
    document = {"current": profiles.current, "profiles": named}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, made = tempfile.mkstemp(dir=folder, prefix=".profiles-")  # made for its owner alone
        with os.fdopen(number, "w") as file:
            file.write(json.dumps(document, indent=2) + "\n")
        Path(made).replace(path)
    except OSError as error:
        raise Unready(f"cannot write {path}: {str(error.strerror).lower()}") from error
    return path
