import pytest

from cli.main import run
from runtime import embedded

pytestmark = [
    pytest.mark.integration,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("service"),  # they want the machine for themselves
]


def test_the_story_comes_true_from_end_to_end(capsys: pytest.CaptureFixture[str]):
    status = run(["demo", "--exit"])

    told = capsys.readouterr().out
    assert status == 0, told
    for words in (
        "published sales-orders 1.0.0",
        "incident 1: 3 promises broken",
        "Subject: [Assay] sales.orders: 3 promises broken",
        "incident 1 is resolved by a later pass",
        "sales.orders: recovered after",
    ):
        assert words in told


def test_a_server_that_died_is_noticed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(embedded, "_commands", lambda settings: {"api": ["false"]})

    status = run(["demo", "--exit"])

    assert status == 4
    assert "the api ended at once" in capsys.readouterr().err
