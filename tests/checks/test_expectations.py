import subprocess
import sys

from checks import expectations as module
from checks.expectations import expectations, snake


def test_the_names_are_those_that_the_engine_knows():
    code = (
        "from checks.engines.great_expectations.ask import _CORE, _ELSEWHERE\n"
        "print(*sorted(set(_CORE) - _ELSEWHERE - {'expectation'}))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert sorted(name.replace("_", "") for name in expectations()) == done.stdout.split()


def test_names_are_spelt_as_contracts_spell_them():
    assert snake("ExpectColumnToExist") == "expect_column_to_exist"
    assert snake("expect_column_to_exist") == "expect_column_to_exist"


def test_a_package_that_is_not_there_has_none(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    expectations.cache_clear()

    found = expectations()
    expectations.cache_clear()

    assert list(found) == []
