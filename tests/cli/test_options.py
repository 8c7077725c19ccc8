from pathlib import Path

import pytest
from pydantic import SecretStr

from cli import profiles
from cli.errors import BadUsage
from cli.options import settings, with_profile
from cli.profiles import Profile


def test_settings_that_cannot_be_are_a_usage_error_that_names_each(monkeypatch):
    monkeypatch.setenv("ASSAY_PORT", "many")
    monkeypatch.setenv("ASSAY_LEASE_SECONDS", "-1")

    with pytest.raises(BadUsage) as caught:
        settings()

    assert "ASSAY_PORT: " in str(caught.value)
    assert "ASSAY_LEASE_SECONDS: " in str(caught.value)
    assert "many" not in str(caught.value)  # a value may be a secret


def test_a_folder_on_the_command_line_stands_above_every_other_database(monkeypatch):
    monkeypatch.setenv("ASSAY_DATABASE_URL", "postgresql://elsewhere/assay")

    read = settings(data=Path("here"))

    assert read.database == f"sqlite:///{Path('here').absolute() / 'assay.db'}"


def test_without_one_the_environment_decides(monkeypatch):
    monkeypatch.setenv("ASSAY_DATABASE_URL", "postgresql://elsewhere/assay")

    assert settings().database == "postgresql://elsewhere/assay"


def test_the_doctor_looks_at_the_service_that_commands_would_talk_to(monkeypatch, tmp_path):
    kept = Profile(url="https://assay.example.org", token=SecretStr("assay_kept"))
    profiles.write(tmp_path, profiles.Profiles().keep("work", kept))
    monkeypatch.setenv("ASSAY_CONFIG", str(tmp_path))

    read = with_profile(settings(data=Path("here")))

    assert (read.service_url, read.token) == (kept.url, kept.token)
    assert read.data == Path("here")
