from tools.bench.rules import Rule
from tools.bench.verdicts import Said, miscounted, summary, wrong

KEPT = Said(outcome="passed", failed_rows=0)
BROKEN = Said(outcome="failed", failed_rows=7)


def rule(*clauses: str) -> Rule:
    return Rule(name="a rule", group="any", clauses=clauses, breaches="0")


def test_what_was_planted_and_found_is_right():
    assert wrong({"/a": BROKEN, "/b": KEPT}, {"/a": 7}) == []


def test_a_query_is_held_to_what_it_measured():
    assert wrong({"/a": Said(outcome="failed", measured=7)}, {"/a": 7}) == []


def test_a_skipped_clause_is_not_right_be_anything_planted_or_not():
    skipped = Said(outcome="skipped")

    assert wrong({"/a": skipped}, {}) == ["/a: skipped, not passed"]
    assert wrong({"/a": skipped}, {"/a": 7}) == ["/a: skipped, not failed"]


def test_a_wrong_count_is_not_right():
    assert wrong({"/a": BROKEN}, {"/a": 8}) == ["/a: 7 rows failed, not 8"]


def test_a_violation_that_nothing_was_said_of_is_not_right():
    assert wrong({}, {"/a": 8}) == ["/a: no such clause"]


def test_a_rule_of_two_clauses_breaks_in_the_rows_of_both():
    both = rule("/a/minimum", "/a/maximum")

    assert miscounted([5], [both], {"/a/minimum": 2, "/a/maximum": 3}) == []
    assert miscounted([2], [both], {"/a/minimum": 2, "/a/maximum": 3}) == ["a rule: 2, not 5"]


def test_problems_are_summed_up_by_what_is_wrong():
    problems = ["/a: skipped, not passed", "/b: skipped, not passed", "/c: errored, not passed"]

    assert summary(problems, 66) == "no, 3 of 66: 2 skipped, not passed; 1 errored, not passed"


def test_no_problem_is_summed_up_as_yes():
    assert summary([], 66) == "yes"


def test_only_the_most_frequent_ways_are_told():
    problems = [f"/{way}: {way}" for way in ("a", "b", "c", "d")]

    assert summary(problems, 9).endswith("; 1 more ways")
