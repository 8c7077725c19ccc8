import pytest

from tools.chaos.__main__ import orders, read


def test_by_default_both_databases_are_tried():
    asked = read(["--runs", "3000", "--faults", "200", "--seed", "7"])

    assert [(one.database, one.runs, one.faults, one.seed) for one in orders(asked)] == [
        ("sqlite", 3000, 200, 7),
        ("postgresql", 3000, 200, 7),
    ]


def test_a_control_is_tried_on_one_database():
    assert [one.database for one in orders(read(["--control", "fence"]))] == ["sqlite"]


def test_plain_begin_is_about_sqlite_alone(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        read(["--control", "begin", "--database", "postgresql"])

    assert "about SQLite" in capsys.readouterr().err
