import os
import stat

import pytest

from cli.errors import BadUsage, Unready
from cli.formats.outputs import Outputs
from tests.cli.formats.build import FAILED, suite

SUITES = [suite(FAILED)]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_are_written_whole_into_folders_that_may_be_missing(tmp_path):
    outputs = Outputs(junit=str(tmp_path / "a/b/j.xml"), sarif=str(tmp_path / "s.sarif"))

    outputs.write(SUITES, of="check", form="text")

    assert (tmp_path / "a/b/j.xml").read_text().startswith("<?xml")
    assert '"2.1.0"' in (tmp_path / "s.sarif").read_text()
    assert names(tmp_path) == ["a", "s.sarif"]
    assert names(tmp_path / "a/b") == ["j.xml"]


def test_a_file_may_be_read_by_whom_others_may(tmp_path):
    before = os.umask(0o027)
    try:
        Outputs(junit=str(tmp_path / "j.xml")).write(SUITES, of="check", form="text")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "j.xml").stat().st_mode) == 0o640


def test_what_is_there_is_kept_when_writing_fails(tmp_path, monkeypatch):
    target = tmp_path / "j.xml"
    target.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)

    with pytest.raises(Unready) as caught:
        Outputs(junit=str(target)).write(SUITES, of="check", form="text")

    assert str(caught.value) == f"cannot write {target}: no space left on device"
    assert target.read_text() == "old"
    assert names(tmp_path) == ["j.xml"]


def test_a_link_stays_one(tmp_path):
    (tmp_path / "real.xml").write_text("old")
    (tmp_path / "link.xml").symlink_to("real.xml")

    Outputs(junit=str(tmp_path / "link.xml")).write(SUITES, of="check", form="text")

    assert (tmp_path / "link.xml").is_symlink()
    assert (tmp_path / "real.xml").read_text().startswith("<?xml")


def test_a_dash_is_stdout_and_notes_go_beside_it(capsys):
    Outputs(junit="-", github=True).write(SUITES, of="check", form="text")

    written = capsys.readouterr()
    assert written.out.startswith("<?xml")
    assert written.err.startswith("::error file=orders.yaml,")


@pytest.mark.parametrize(("form", "stream"), [("text", "out"), ("json", "err")])
def test_notes_never_stand_in_a_document(capsys, form, stream):
    Outputs(github=True).write(SUITES, of="check", form=form)

    written = capsys.readouterr()._asdict()
    assert written.pop(stream).startswith("::error ")
    assert list(written.values()) == [""]


@pytest.mark.parametrize(
    ("outputs", "form"),
    [
        (Outputs(junit="-", sarif="-"), "text"),
        (Outputs(junit="-"), "json"),
        (Outputs(sarif="-"), "json"),
    ],
)
def test_stdout_holds_one_document(outputs, form):
    with pytest.raises(BadUsage, match="stdout holds one document"):
        outputs.claim(form)


def test_one_document_on_stdout_is_fine():
    Outputs(junit="-", sarif="x").claim("text")
    Outputs(junit="x", sarif="y", github=True).claim("json")

    assert not Outputs().wanted
