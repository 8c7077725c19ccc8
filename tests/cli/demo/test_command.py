import pytest

from cli.main import run
from runtime import embedded
from tests.sockets import free_port

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


def test_the_story_comes_true_from_end_to_end(capsys: pytest.CaptureFixture[str]):
    status = run(["demo", "--exit", "--port", str(free_port())])

    told = capsys.readouterr().out
    assert status == 0, told
    for words in (
        "five products of three domains are published through the API",
        "sales.orders            incident",
        "procurement.suppliers   incident",
        "| Subject: [Assay] sales.orders",
        "'assay gate' stops every pipeline",
        "all five recovered",
    ):
        assert words in told
    assert len(told.splitlines()) < 40


def test_a_server_that_died_is_noticed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(embedded, "_commands", lambda settings: {"api": ["false"]})

    status = run(["demo", "--exit", "--port", str(free_port())])

    assert status == 4
    assert "the api ended at once" in capsys.readouterr().err
