import pytest

from contracts.document import load
from contracts.tags import tags_at

DOCUMENT = load(
    b"""
tags: [all]
schema:
  - name: orders
    tags: [money, 3]
    properties:
      - name: a/b
        tags: [key]
        required: true
    quality:
      - {id: x, tags: [daily]}
slaProperties:
  - {property: freshness}
"""
)


@pytest.mark.parametrize(
    ("pointer", "tags"),
    [
        ("", {"all"}),
        ("/slaProperties/0", {"all"}),
        ("/schema/0", {"all", "money"}),
        ("/schema/0/properties/0/required", {"all", "money", "key"}),
        ("/schema/0/quality/0", {"all", "money", "daily"}),
        ("/schema/7/properties/0", {"all"}),
        ("/schema/x", {"all"}),
    ],
)
def test_a_part_bears_its_own_tags_and_those_around_it(pointer, tags):
    assert tags_at(DOCUMENT, pointer) == tags
