from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from runtime.settings import Settings, environment, is_setting, variable


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
