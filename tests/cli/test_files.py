import io
from types import SimpleNamespace

import pytest

from cli.errors import BadUsage
from cli.files import Source, read


def test_a_file_is_read_as_it_is(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xff\r\nid: 1")

    source = read("a.yaml")

    assert source.body == b"\xff\r\nid: 1"
    assert source.lines == ["\ufffd", "id: 1"]
    assert source.label == "a.yaml"


def test_a_dash_is_stdin(monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"id: 1")))

    source = read("-")

    assert (source.path, source.label, source.body) == ("-", "<stdin>", b"id: 1")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.yaml", "cannot read nowhere.yaml: no such file or directory"),
        (".", ". is a folder; name a contract file in it"),
        ("a\0b", "cannot read a\0b: embedded null byte"),
        ("--fromat", "there is no option --fromat; a file of that name is ./--fromat"),
    ],
)
def test_what_cannot_be_read_is_a_usage_error_that_says_why(name, message):
    with pytest.raises(BadUsage) as caught:
        read(name)

    assert str(caught.value) == message


def test_lines_end_as_an_editor_shows_them():
    assert Source(path="a", body=b"\xef\xbb\xbfa\nb\r\nc\rd").lines == ["a", "b", "c", "d"]
