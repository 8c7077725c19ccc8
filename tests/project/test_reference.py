"""The written reference says what the programs say of themselves."""

from pathlib import Path

import pytest

from tools.reference import WRITERS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", WRITERS)
def test_the_reference_is_up_to_date(name: str):
    assert (DOCS / name).read_text() == WRITERS[name](), "python -m tools.reference writes it"
