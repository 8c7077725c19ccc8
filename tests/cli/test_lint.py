import io
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.cli.conftest import CONTRACT

BROKEN = CONTRACT.replace("status: active\n", "status: active\nstatu: 1\n")


def test_a_valid_contract_is_told_in_one_line(assay, contract):
    done = assay("lint", contract)

    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "orders.yaml: valid\nnext: assay check orders.yaml judges the data it describes\n"
    )


def test_a_problem_is_shown_with_its_place_and_its_line(assay, tmp_path):
    (tmp_path / "broken.yaml").write_text(BROKEN)

    done = assay("lint", "broken.yaml")

    assert (done.status, done.err) == (3, "")
    assert done.out.startswith("broken.yaml:6:1: error unknown-key: 'statu' ")
    assert "\n    6 | statu: 1\n      | ^^^^^\n" in done.out
    assert "broken.yaml: invalid, 1 error" in done.out


def test_programs_get_the_shape_of_the_design(assay, tmp_path, contract):
    (tmp_path / "broken.yaml").write_text(BROKEN)

    done = assay("lint", contract, "broken.yaml", "--format", "json")

    good, bad = done.document["files"]
    assert done.status == 3
    assert (good["path"], good["valid"]) == ("orders.yaml", True)
    assert (bad["path"], bad["valid"]) == ("broken.yaml", False)
    first = bad["problems"][0]
    assert first | {"message": ""} == {
        "code": "unknown-key",
        "pointer": "/statu",
        "line": 6,
        "column": 1,
        "severity": "error",
        "message": "",
    }


def test_every_file_is_judged_and_one_bad_one_decides(assay, tmp_path, contract):
    (tmp_path / "broken.yaml").write_text(BROKEN)

    done = assay("lint", "broken.yaml", contract)

    assert done.status == 3
    assert "broken.yaml: invalid" in done.out
    assert "orders.yaml: valid" in done.out


def test_files_may_stand_on_both_sides_of_an_option(assay, tmp_path, contract):
    (tmp_path / "broken.yaml").write_text(BROKEN)

    done = assay("lint", "broken.yaml", "--strict", contract, "--format", "json", contract)

    paths = [file["path"] for file in done.document["files"]]
    assert (done.status, paths) == (3, ["broken.yaml", "orders.yaml", "orders.yaml"])


@pytest.mark.parametrize("command", ["lint", "publish"])
def test_without_a_file_it_says_what_it_needs(assay, command):
    done = assay(command, "--format", "text")

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("assay: FILE is missing: contract files; - reads stdin")


def test_stdin_is_a_dash(assay, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(BROKEN.encode())))

    done = assay("lint", "-", "--format", "json")

    assert done.status == 3
    assert done.document["files"][0]["path"] == "-"


def test_what_is_no_yaml_at_all_is_a_problem_like_any_other(assay, tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"id: [1\n")

    done = assay("lint", "x.yaml")

    assert (done.status, done.err) == (3, "")
    assert "x.yaml: invalid, 1 error" in done.out


def test_a_missing_file_is_a_usage_error_before_anything_is_judged(assay, contract):
    done = assay("lint", contract, "nowhere.yaml")

    assert (done.status, done.out) == (2, "")
    assert done.err == "assay: cannot read nowhere.yaml: no such file or directory\n"


def test_a_mistyped_option_is_no_file(assay, contract):
    done = assay("lint", contract, "--fromat", "json")

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("assay: there is no option --fromat")


def test_an_unknown_format_names_the_known_ones(assay, contract):
    done = assay("lint", contract, "--format", "xml")

    assert done.status == 2
    assert done.err == (
        'assay: Invalid value "xml" for --format. Choose from: "text", "json". '
        "See 'assay lint --help'.\n"
    )


def test_warnings_stand_after_errors(assay, tmp_path):
    warned = CONTRACT + "        quality:\n          - {metric: nullValues, mustBe: 0}\nx: 1\n"
    (tmp_path / "both.yaml").write_text(warned)

    done = assay("lint", "both.yaml")

    assert done.out == (
        "both.yaml:20:1: error unknown-key: 'x' is not a key of this place\n"
        "   20 | x: 1\n"
        "      | ^\n"
        "both.yaml:19:13: warning rule-without-id: give the rule an id, or changing it starts "
        "a new history\n"
        "   19 |           - {metric: nullValues, mustBe: 0}\n"
        "      |             ^\n"
        "both.yaml: invalid, 1 error, 1 warning\n"
    )


def test_what_keeps_a_clause_from_being_judged_is_a_warning(assay, tmp_path):
    odd = CONTRACT.replace("logicalType: number", "logicalType: string")
    (tmp_path / "odd.yaml").write_text(f"{odd}        logicalTypeOptions: {{pattern: '('}}\n")

    done, strict = assay("lint", "odd.yaml"), assay("lint", "odd.yaml", "--strict")

    assert (done.status, strict.status) == (0, 3)
    assert done.out == (
        "odd.yaml:18:39: warning bad-regex: '(' is no pattern of RE2: missing ): (\n"
        "   18 |         logicalTypeOptions: {pattern: '('}\n"
        "      |                                       ^^^\n"
        "odd.yaml: valid, 1 warning\n"
        "next: assay check odd.yaml judges the data it describes\n"
    )


def test_of_a_folder_every_contract_is_read_but_not_what_is_hidden(assay, tmp_path):
    for place in ("a/one.odcs.yaml", "two.odcs.yml", ".git/three.odcs.yaml", "a/other.yaml"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(BROKEN if "two" in place else CONTRACT)

    done = assay("lint", ".")

    assert done.status == 3
    assert done.out == (
        "a/one.odcs.yaml: valid\n"
        "two.odcs.yml:6:1: error unknown-key: 'statu' is not a key of this place "
        "(did you mean 'status'?)\n"
        "    6 | statu: 1\n"
        "      | ^^^^^\n"
        "two.odcs.yml: invalid, 1 error\n"
        "\n"
        "2 files: 1 invalid, 1 error\n"
    )


def test_a_folder_without_contracts_is_a_usage_error(assay, tmp_path):
    (tmp_path / "empty").mkdir()

    done = assay("lint", "empty")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "assay: no *.odcs.yaml in the folder empty; name a file to read it whatever it is called\n"
    )


def test_build_servers_are_told_of_problems(assay, tmp_path, contract):
    (tmp_path / "broken.yaml").write_text(BROKEN)

    done = assay("lint", "broken.yaml", contract, "--github", "--sarif", "s.sarif", "--junit", "j")

    assert done.status == 3
    assert done.out.endswith(
        "2 files: 1 invalid, 1 error\n"
        "::error file=broken.yaml,line=6,col=1,title=unknown-key::'statu' is not a key of this "
        "place (did you mean 'status'?)\n"
    )
    assert '"ruleId": "unknown-key"' in (tmp_path / "s.sarif").read_text()
    assert (tmp_path / "j").read_text().count("<testsuite ") == 2


def test_a_document_on_stdout_stands_there_alone(assay, contract):
    done = assay("lint", contract, "--junit", "-")

    assert done.out.startswith("<?xml")
    assert "orders.yaml: valid" not in done.out


HEAVY = {
    "pandas", "numpy", "duckdb", "ibis", "pandera", "great_expectations", "sqlglot", "sqlalchemy",
    "pydantic", "httpx2", "fastapi", "celery", "checks.execute", "runtime.settings",
}  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["--version"], {"jsonschema", "yaml", "usecases.lint"}),
        (["lint", "orders.yaml"], {"checks.patterns", "checks.sql"}),
    ],
)
def test_what_is_heavy_is_not_loaded(contract, arguments, loaded):
    code = (
        "import sys\nfrom cli.main import run\n"
        f"run({arguments})\n"
        f"print(*sorted({HEAVY | loaded} & set(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "\n")
