import io
from types import SimpleNamespace

from tests.cli.conftest import CONTRACT

BROKEN = CONTRACT.replace("status: active\n", "status: active\nstatu: 1\n")


def test_a_valid_contract_is_told_in_one_line(assay, contract):
    done = assay("lint", contract)

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1].startswith("orders.yaml: valid")


def test_a_problem_is_shown_with_its_place_and_its_line(assay, tmp_path):
    (tmp_path / "broken.yaml").write_text(BROKEN)

    done = assay("lint", "broken.yaml")

    assert (done.status, done.err) == (3, "")
    assert done.out.startswith("broken.yaml:6:1: error unknown-key: 'statu' ")
    assert "\n    6 | statu: 1\n      | ^\n" in done.out
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
