"""Secrets of the settings that are kept in files: ``ASSAY_<NAME>_FILE`` names where."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsError
from typing_extensions import override

_LONGEST: Final = 4096  # bytes of a file; no secret is longer


class SecretFiles(PydanticBaseSettingsSource):
    """Reads the file that stands behind each secret setting, if one is named for it."""

    def __init__(self, settings: type[BaseSettings], variable: Callable[[str], str | None]) -> None:
        """``variable`` gives what a variable of the environment holds."""
        super().__init__(settings)
        self._variable = variable

    @override
    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the secret (None without a file), its name, and that it is no JSON."""
        path = self._path(field, field_name)
        return None if path is None else _read(_name(field_name), path), field_name, False

    @override
    def __call__(self) -> dict[str, Any]:
        """Return the secrets of all files that are named.

        Raises:
            SettingsError: one of them cannot be read, or holds nothing.
        """
        found = {name: self.get_field_value(field, name)[0] for name, field in self._fields()}
        return {name: secret for name, secret in found.items() if secret is not None}

    def paths(self) -> frozenset[Path]:
        """Return the files that are named, whether they are there or not."""
        named = (self._path(field, name) for name, field in self._fields())
        return frozenset(path.resolve() for path in named if path is not None)

    def _fields(self) -> Iterator[tuple[str, FieldInfo]]:
        for name, field in self.settings_cls.model_fields.items():
            if SecretStr in (field.annotation, *get_args(field.annotation)):
                yield name, field

    def _path(self, field: FieldInfo, field_name: str) -> Path | None:
        stated = self._variable(_name(field_name))
        return Path(stated) if stated else None


def _name(field_name: str) -> str:
    return f"ASSAY_{field_name.upper()}_FILE"


def _read(name: str, path: Path) -> str:
    try:
        body = path.read_bytes() if path.is_file() else None  # a pipe or a device would never end
        text = "" if body is None else body[: _LONGEST + 1].decode()
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise SettingsError(f"{name}: {path}: {why}") from error
    except UnicodeDecodeError:  # its text quotes what was read
        raise SettingsError(f"{name}: {path} is no text in UTF-8") from None
    if body is None:
        raise SettingsError(f"{name}: there is no file {path}")
    if len(body) > _LONGEST:
        raise SettingsError(f"{name}: {path} is longer than {_LONGEST:,} bytes")
    secret = text.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise SettingsError(f"{name}: {path} is empty")
    return secret
