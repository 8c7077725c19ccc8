"""Documents that walk a reader through something: done as they say, they print what they say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.walkthrough import Reader, blocks

DOCS = Path(__file__).parents[2] / "docs"
WALKS = ["tutorial.md", "how-to/ci.md", "how-to/own-data.md", "how-to/pipeline.md"]

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    folder = tmp_path / "here"
    folder.mkdir()
    somebody = Reader(folder=folder)
    yield somebody
    somebody.leave()


@pytest.mark.parametrize("name", WALKS)
def test_a_document_does_what_it_says(reader: Reader, name: str):
    reader.follow(DOCS / name)


def test_every_document_with_commands_is_walked_through():
    documents = {path for path in DOCS.rglob("*.md") if any(blocks(path.read_text()))}

    assert {str(path.relative_to(DOCS)) for path in documents} == set(WALKS)
