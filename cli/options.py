"""The settings of this process, for commands."""

from pathlib import Path

from pydantic import ValidationError

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
    if data is None:
        return read
    return read.model_copy(update={"data": data, "database_url": None})
