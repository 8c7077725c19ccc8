import pytest

from contracts.record import is_lower


@pytest.mark.parametrize(
    ("version", "than", "expected"),
    [
        ("1.2.3", "1.2.4", True),
        ("1.9.0", "1.10.0", True),
        ("v1.0.0", "2.0.0", True),
        ("1.2.4", "1.2.4", False),
        ("2.0.0", "1.9.9", False),
        ("spring", "1.0.0", False),
        ("1.0", "2.0.0", False),
    ],
)
def test_versions_of_three_numbers_are_compared_by_number(version, than, expected):
    assert is_lower(version, than) is expected
