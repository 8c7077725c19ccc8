"""Each tool in an environment of its own, made when it is first wanted."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def binaries(folder: Path, requirements: Sequence[str]) -> Path:
    """The folder of an environment's programs; ``requirements``, all pinned, are installed by pip.

    Raises:
        subprocess.CalledProcessError: they cannot be installed.
    """
    environment = folder / "+".join(requirements).replace("[", "-").replace("]", "")
    whole = environment / "whole"
    if not whole.exists():
        shutil.rmtree(environment, ignore_errors=True)
        python = environment / "bin" / "python"
        for command in (
            [sys.executable, "-m", "venv", str(environment)],
            [str(python), "-m", "pip", "install", "-q", *requirements],
        ):
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own arguments
        whole.touch()
    return environment / "bin"
