from pathlib import Path

from tests.together import GROUPS, group_of

ROOT = Path(__file__).parents[2]


def test_every_module_of_a_group_is_there():
    assert [module for module in GROUPS if not (ROOT / module).is_file()] == []


def test_tests_of_one_group_go_to_one_process():
    up = group_of("tests/cli/test_up.py::test_it_starts[a::b]")

    assert up == group_of("tests/worker/test_crash.py::test_a_kill") == "service"


def test_any_other_test_may_go_anywhere():
    assert group_of("tests/cli/test_run.py::test_a") != group_of("tests/cli/test_run.py::test_b")
