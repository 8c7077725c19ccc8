from tools.agreements import fallen


def test_a_count_below_its_floor_is_named():
    assert fallen({"lint": 5, "diff": 2}, {"lint": 4, "diff": 2}) == ["lint: 4 agree, 5 did before"]


def test_a_kind_that_was_not_counted_has_fallen():
    assert fallen({"lint": 0}, {}) == ["lint: none agree, 0 did before"]


def test_higher_counts_are_fine():
    assert fallen({"lint": 5}, {"lint": 6}) == []
