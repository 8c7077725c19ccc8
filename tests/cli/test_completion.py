"""``assay completion``."""

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_knows_the_commands(assay, shell):
    done = assay("completion", shell)

    assert done.status == 0
    assert all(word in done.out for word in ("assay", "publish", "scorecard"))


def test_another_shell_is_wrong_usage(assay):
    assert assay("completion", "csh").status == 2
