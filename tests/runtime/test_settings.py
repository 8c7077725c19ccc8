from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError

from runtime.settings import Settings, environment, is_secret_file, is_setting, variable


def test_defaults_work_without_any_variable():
    settings = Settings()

    assert settings.database == f"sqlite:///{Path.cwd() / 'assay-data' / 'assay.db'}"
    assert settings.base_url == "http://127.0.0.1:9250"
    assert settings.service_url == settings.base_url


def test_a_variable_wins_over_a_default(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSAY_PUBLIC_URL", "https://assay.example.org/")
    monkeypatch.setenv("ASSAY_DATABASE_URL", "postgresql+psycopg://db/assay")
    monkeypatch.setenv("ASSAY_URL", "https://elsewhere.example.org/")

    settings = Settings()

    assert settings.base_url == "https://assay.example.org"
    assert settings.database == "postgresql+psycopg://db/assay"
    assert settings.service_url == "https://elsewhere.example.org"


def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSAY_CONCURRENCY", "0")

    with pytest.raises(ValidationError, match="concurrency"):
        Settings()


def test_a_child_sees_the_same_settings(monkeypatch: pytest.MonkeyPatch):
    settings = Settings(smtp_password=SecretStr("s3cret"), port=1234, data=Path("/srv/x"))

    for name, value in environment(settings, EXTRA="1").items():
        monkeypatch.setenv(name, value)

    assert Settings() == settings


def test_secrets_are_not_shown():
    assert "s3cret" not in repr(Settings(smtp_password=SecretStr("s3cret")))


def test_a_variable_beside_the_settings_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SALES_PASSWORD", "x")

    assert (variable("SALES_PASSWORD"), variable("NO_SUCH")) == ("x", None)


def test_settings_are_told_from_other_variables_in_any_case():
    found = [is_setting(name) for name in ("ASSAY_TOKEN", "assay_Token", "ASSAY_SALES", "TOKEN")]

    assert found == [True, True, False, False]


@pytest.fixture
def password_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "password"
    path.write_text("p@ss/word\n")
    monkeypatch.setenv("ASSAY_DATABASE_PASSWORD_FILE", str(path))
    monkeypatch.setenv("ASSAY_DATABASE_URL", "postgresql+psycopg://assay@db:5432/assay?x=1")
    return path


def test_a_secret_may_be_kept_in_a_file(password_file: Path):
    assert Settings().database == "postgresql+psycopg://assay:p%40ss%2Fword@db:5432/assay?x=1"


@pytest.mark.usefixtures("password_file")
@pytest.mark.parametrize("url", ["postgresql+psycopg://a:b@db/x", "postgresql+psycopg://db/x"])
def test_a_url_with_a_password_or_without_a_user_is_left_alone(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ASSAY_DATABASE_URL", url)

    assert Settings().database == url


@pytest.mark.usefixtures("password_file")
def test_the_variable_itself_wins_over_its_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSAY_DATABASE_PASSWORD", "other")

    assert Settings().database_password == SecretStr("other")


@pytest.mark.usefixtures("password_file")
def test_what_a_file_holds_goes_into_no_environment(monkeypatch: pytest.MonkeyPatch):
    settings = Settings()

    handed_on = environment(settings)

    assert "ASSAY_DATABASE_PASSWORD" not in handed_on
    assert "p@ss/word" not in " ".join(handed_on.values())
    for name, value in handed_on.items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


@pytest.mark.usefixtures("password_file")
def test_a_secret_that_is_not_the_files_is_handed_on():
    settings = Settings(database_password=SecretStr("other"))

    assert ("ASSAY_DATABASE_PASSWORD", "other") in environment(settings).items()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no file"),
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"x" * 5000, "longer than 4,096 bytes"),
    ],
)
def test_a_file_that_holds_no_secret_is_named(
    content: bytes | None, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("ASSAY_SMTP_PASSWORD_FILE", str(path))

    with pytest.raises(SettingsError, match="ASSAY_SMTP_PASSWORD_FILE") as told:
        Settings()

    assert why in str(told.value)


def test_a_file_of_a_setting_is_known(password_file: Path, tmp_path: Path):
    assert is_secret_file(password_file)
    assert is_secret_file(tmp_path / "." / "password")
    assert not is_secret_file(tmp_path / "other")
