import os
from pathlib import Path

import pytest

from runtime.secret import read_secret
from usecases.errors import UnreadableSecret

SECRET = "hunter2-canary"  # noqa: S105 - never a real one


def refused(reference: str) -> str:
    with pytest.raises(UnreadableSecret) as raised:
        read_secret(reference)
    return str(raised.value)


def test_a_variable_is_read_as_it_is_now(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SALES_PASSWORD", f" {SECRET}\n")
    first = read_secret("env:SALES_PASSWORD")
    monkeypatch.setenv("SALES_PASSWORD", "renewed")

    assert (first, read_secret("env:SALES_PASSWORD")) == (f" {SECRET}\n", "renewed")


@pytest.mark.parametrize(
    ("body", "secret"),
    [
        ("a", "a"),
        ("a\n", "a"),
        ("a\r\n", "a"),
        ("a\n\n", "a\n"),
        (" ä ", " ä "),
        ("x" * 4096, "x" * 4096),
    ],
)
def test_a_file_is_read_without_its_last_newline(tmp_path: Path, body: str, secret: str):
    path = tmp_path / "my secret"
    path.write_bytes(body.encode())

    assert read_secret(f"file:{path}") == secret


def test_a_link_to_a_file_is_followed(tmp_path: Path):
    (tmp_path / "data").write_text(SECRET)
    (tmp_path / "link").symlink_to(tmp_path / "data")

    assert read_secret(f"file:{tmp_path / 'link'}") == SECRET


def test_a_variable_that_is_not_set_is_named():
    assert refused("env:NO_SUCH") == (
        "the secret 'env:NO_SUCH' cannot be read: the service's environment has no variable NO_SUCH"
    )


@pytest.mark.parametrize("name", ["ASSAY_TOKEN", "ASSAY_DATABASE_URL", "assay_smtp_password"])
def test_a_setting_of_the_service_is_not_given_away(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv(name, SECRET)

    assert refused(f"env:{name}").endswith(f"{name} is a setting of the service itself")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is empty"),
        (b"\n", "it is empty"),
        (f"{SECRET}\0".encode(), "it holds a null character"),
        (b"\xff" + SECRET.encode(), "the file is no text in UTF-8"),
        (SECRET.encode() * 400, "the file is longer than 4,096 bytes"),
    ],
)
def test_a_file_that_holds_no_secret_is_told_without_what_it_holds(
    tmp_path: Path, body: bytes, why: str
):
    path = tmp_path / "secret"
    path.write_bytes(body)

    said = refused(f"file:{path}")

    assert said == f"the secret 'file:{path}' cannot be read: {why}"


def test_what_is_no_file_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")

    for name in ("pipe", "gone", "."):
        assert refused(f"file:{tmp_path / name}").endswith("there is no such file")


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "secret").write_text(SECRET)
    monkeypatch.setattr("runtime.secret.Path.open", refuse)

    assert refused(f"file:{tmp_path / 'secret'}").endswith("permission denied")


def test_a_password_in_place_of_a_reference_is_not_repeated(logs):
    assert SECRET not in refused(SECRET)
    assert SECRET not in str(logs)


def test_what_cannot_be_read_is_logged_with_its_reference(logs):
    refused("env:NO_SUCH")

    (event,) = logs
    assert (event["reference"], event["log_level"]) == ("env:NO_SUCH", "warning")


def test_a_file_that_holds_a_setting_is_not_given_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "password"
    path.write_text(SECRET)
    monkeypatch.setenv("ASSAY_DATABASE_PASSWORD_FILE", str(path))

    assert refused(f"file:{path}").endswith("it holds a setting of the service itself")
