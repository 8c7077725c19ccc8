"""The settings of this process, for commands."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsError

from cli import profiles
from cli.errors import BadUsage
from runtime.settings import Settings


def settings(*, data: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        data: Folder of the embedded database, above whatever the environment says of databases.

    Raises:
        BadUsage: A variable holds what it cannot hold; the line names each.
    """
    try:
        read = Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"ASSAY_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise BadUsage(f"the environment cannot be used: {wrong}") from error
    except SettingsError as error:
        raise BadUsage(f"the environment cannot be used: {error}") from error
    if data is None:
        return read
    return read.model_copy(update={"data": data, "database_url": None})


def service() -> Settings:
    """Read the settings, with the service and the token of the profile in use.

    What the environment says wins; a profile's token is shown to its own service only.

    Raises:
        BadUsage: A variable cannot be used, or there is no such profile.
    """
    return with_profile(settings())


def with_profile(read: Settings) -> Settings:
    """Return ``read`` with the service and the token of the profile in use; see ``service``."""
    if read.url is not None:
        return read
    found = profiles.read(read.config_folder).pick(read.profile)
    if found is None:
        return read
    return read.model_copy(update={"url": found.url, "token": read.token or found.token})
