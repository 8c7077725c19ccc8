"""``assay completion``: what teaches a shell the commands and their options."""

from typing import Literal

from cli.main import app


def completion(shell: Literal["bash", "zsh", "fish"], /) -> None:
    """Write the completion script of a shell to stdout.

    For bash: ``assay completion bash > ~/.local/share/bash-completion/completions/assay``; for zsh
    into a file called ``_assay`` in a folder of ``fpath``; for fish into
    ``~/.config/fish/completions/assay.fish``.

    Args:
        shell: Which shell it is for.
    """
    print(app.generate_completion(prog_name="assay", shell=shell))  # noqa: T201 - a script, not words for people
