"""The file of profiles."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from cli import profiles
from cli.errors import BadUsage
from cli.profiles import Profile, Profiles


def profile(word: str = "assay_secret", url: str = "https://assay.example.org") -> Profile:
    return Profile(url=url, token=SecretStr(word))


def test_what_is_kept_is_read_again_and_nobody_else_may(tmp_path: Path):
    kept = Profiles().keep("work", profile()).keep("home", profile("t", "http://127.0.0.1:9250"))

    path = profiles.write(tmp_path / "new", kept)

    assert profiles.read(tmp_path / "new") == kept
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["profiles.json"]


def test_without_a_file_there_are_none(tmp_path: Path):
    assert profiles.read(tmp_path) == Profiles()


def test_the_last_one_kept_is_current_until_it_is_dropped():
    kept = Profiles().keep("a", profile("a")).keep("b", profile("b"))

    assert kept.pick(None) == profile("b")
    assert kept.pick("a") == profile("a")
    assert kept.drop("b").pick(None) == profile("a")
    assert kept.drop("b").drop("a") == Profiles()


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (Profiles(), "there is no profile 'x'; known: none yet: 'assay login' makes one"),
        (Profiles().keep("work", profile()), "there is no profile 'x'; known: work"),
    ],
)
def test_an_unknown_name_lists_the_known_ones(known: Profiles, told: str):
    with pytest.raises(BadUsage) as caught:
        known.pick("x")

    assert str(caught.value) == told


def test_a_file_that_others_may_read_is_not_used(tmp_path: Path):
    path = profiles.write(tmp_path, Profiles().keep("a", profile()))
    path.chmod(0o640)

    with pytest.raises(BadUsage, match="others may read it: chmod 600 "):
        profiles.read(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        '{"current": 3}',
        '{"profiles": {"a": {"url": "ftp://x", "token": "t"}}}',
        '{"profiles": {"a": {}}}',
    ],
)
def test_a_file_that_is_none_of_ours_is_not_used(tmp_path: Path, text: str):
    path = tmp_path / "profiles.json"
    path.write_text(text)
    path.chmod(0o600)

    with pytest.raises(BadUsage, match="cannot be used; mend it, or remove it") as caught:
        profiles.read(tmp_path)

    assert "ftp" not in str(caught.value)  # it may hold a secret


@given(
    url=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    token=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
def test_any_text_survives_the_file(tmp_path_factory: pytest.TempPathFactory, url, token):
    folder = tmp_path_factory.mktemp("profiles")
    kept = Profiles().keep("a", profile(token, f"https://{url}"))

    profiles.write(folder, kept)

    assert profiles.read(folder) == kept
