import builtins
import importlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from checks.engines.great_expectations.lazily import Later, look_up_when_asked, postponing

ASKER = {
    "__init__": "from . import first",
    "first": "import heavy\nfrom heavy import part\nfrom heavy_too import other",
}
RARE = "'scipy', 'altair', 'great_expectations.datasource.fluent.pandas_datasource'"


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """``asker`` and ``neighbour``, which import alike, and the two ``heavy`` ones they import."""
    for package in ("asker", "neighbour"):
        (tmp_path / package).mkdir()
        for name, text in ASKER.items():
            (tmp_path / package / f"{name}.py").write_text(text)
    (tmp_path / "heavy.py").write_text("size = 7\nclass part:\n    weight = 9\n")
    (tmp_path / "heavy_too.py").write_text("other = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in list(sys.modules):
        if name.partition(".")[0] in {"asker", "neighbour", "heavy", "heavy_too"}:
            del sys.modules[name]


def bring_in(name):
    with postponing("asker", "heavy".__eq__):
        return importlib.import_module(name)


def run(code):
    """Run ``code`` in a process of its own and return the words it printed."""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.usefixtures("packages")
def test_what_is_chosen_is_loaded_when_it_is_first_used_and_not_before():
    first = bring_in("asker.first")

    assert "heavy" not in sys.modules
    assert (first.part.weight, first.heavy.size) == (9, 7)
    assert "heavy" in sys.modules


@pytest.mark.usefixtures("packages")
def test_what_is_not_chosen_is_loaded_at_once():
    first = bring_in("asker.first")

    assert first.other == 1


@pytest.mark.usefixtures("packages")
def test_other_packages_import_what_is_chosen_as_ever():
    neighbour = bring_in("neighbour.first")

    assert neighbour.heavy is sys.modules["heavy"]


@pytest.mark.usefixtures("packages")
def test_what_is_loaded_already_is_not_put_off():
    heavy = importlib.import_module("heavy")

    first = bring_in("asker.first")

    assert (first.heavy, first.part) == (heavy, heavy.part)


@pytest.mark.usefixtures("packages")
def test_import_statements_are_as_before_when_one_of_them_failed(tmp_path):
    (tmp_path / "asker" / "first.py").write_text("import no_such_module")
    before = builtins.__import__

    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        bring_in("asker.first")

    assert builtins.__import__ is before


@pytest.mark.usefixtures("packages")
def test_threads_that_use_it_at_once_never_see_it_half_loaded(tmp_path):
    (tmp_path / "heavy.py").write_text("import time\ntime.sleep(0.2)\nsize = 7\nclass part: ...")
    first = bring_in("asker.first")
    together = Barrier(4)

    def use(_):
        together.wait()
        return first.heavy.size

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(use, range(4))) == [7] * 4


@pytest.mark.usefixtures("packages")
def test_who_asks_a_module_for_a_name_put_off_gets_the_real_thing():
    first = bring_in("asker.first")

    look_up_when_asked(first)

    assert first.part is importlib.import_module("heavy").part
    with pytest.raises(AttributeError, match=r"'asker\.first' has no attribute 'no_such_name'"):
        _ = first.no_such_name


def test_what_is_not_there_is_told_at_its_first_use():
    absent = Later("no_such_module")

    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = absent.anything


def test_great_expectations_comes_without_what_sql_rarely_uses():
    said = run(f"""
import builtins, sys
from checks.engines.great_expectations.lazily import load
before = builtins.__import__
load(); load()
print("great_expectations" in sys.modules, builtins.__import__ is before)
print(*{{{RARE}}} & set(sys.modules))
""")

    assert said == ["True", "True"]


def test_an_expectation_that_needs_scipy_is_judged_after_it_was_put_off():
    said = run("""
import sys, tempfile
from pathlib import Path
from checks.engines.great_expectations.lazily import load
load()
from contracts.clause import Kind
from tests.checks.build import clause, column, judged, parquet, schema
def divergence(key, weights):
    partition = {"values": ["a", "b"], "weights": weights}
    return clause(Kind.EXPECTATION, "x", key=key,
        type="expect_column_kl_divergence_to_be_less_than",
        kwargs={"partition_object": partition, "threshold": 0.1})
print("scipy" in sys.modules)
with tempfile.TemporaryDirectory() as folder:
    location = parquet(Path(folder), "SELECT unnest(['a', 'b', 'a', 'b']) AS x")
    table = schema("orders", column("x", "string"))
    asked = [divergence("/like", [0.5, 0.5]), divergence("/unlike", [0.9, 0.1])]
    for finding in judged(location, [table], asked).values():
        print(finding.outcome, finding.measured and round(finding.measured, 6))
print("scipy" in sys.modules)
""")

    # 0.5 ln(0.5 / 0.9) + 0.5 ln(0.5 / 0.1)
    assert said == ["False", "passed", "0.0", "failed", "0.510826", "True"]


def test_charts_and_sources_that_were_put_off_are_the_real_ones_when_asked_for():
    said = run("""
from checks.engines.great_expectations.lazily import load
load()
import great_expectations.expectations.core.expect_column_kl_divergence_to_be_less_than as drawn
from great_expectations.datasource import fluent
print(drawn.alt.Chart.__module__.partition(".")[0])
from great_expectations.datasource.fluent.spark_s3_datasource import SparkS3Datasource
print(issubclass(SparkS3Datasource, fluent._SparkFilePathDatasource))
print(fluent.PandasDatasource.__name__)
""")

    assert said == ["altair", "True", "PandasDatasource"]


def test_scipy_that_was_loaded_before_is_the_one_used():
    said = run("""
from scipy import stats
from checks.engines.great_expectations.lazily import load
load()
import great_expectations.expectations.core.expect_column_kl_divergence_to_be_less_than as used
print(used.stats is stats)
""")

    assert said == ["True"]
