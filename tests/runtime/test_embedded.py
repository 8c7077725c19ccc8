import os
import socket
from pathlib import Path

import pytest

from runtime import embedded as module
from runtime.embedded import CannotStart, Started, await_ready, embedded
from runtime.settings import Settings
from runtime.supervisor import Supervisor
from store.engine import create_store_engine
from store.sql_store import SqlStore


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_commands", lambda settings: {})


@pytest.mark.enable_socket
def test_a_port_in_use_is_one_clear_line(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(data=tmp_path, port=taken.getsockname()[1])

        refused = pytest.raises(
            CannotStart, match=r"cannot listen on 127.0.0.1:\d+: Address already"
        )

        with refused, embedded(settings, ()):
            pass


@pytest.mark.enable_socket
@pytest.mark.usefixtures("nothing_runs")
def test_the_first_start_gives_a_token_and_the_second_none(tmp_path: Path):
    settings = Settings(data=tmp_path / "data", port=0)

    with embedded(settings, ()) as first:
        pass
    with embedded(settings, ()) as second:
        pass

    assert first.secret is not None
    assert first.secret.startswith("assay_")
    assert second.secret is None


@pytest.mark.enable_socket
@pytest.mark.usefixtures("nothing_runs")
def test_roots_become_the_local_connection(tmp_path: Path):
    settings = Settings(data=tmp_path / "data", port=0)

    with embedded(settings, (tmp_path,)):
        pass

    with SqlStore(create_store_engine(settings.database)).read() as shelf:
        assert [(c.name, c.roots) for c in shelf.connections.all()] == [("local", (tmp_path,))]


@pytest.mark.enable_socket
def test_a_child_that_ends_at_once_is_named(tmp_path: Path):
    supervisor = Supervisor(commands={"api": ["false"]}, environment=os.environ)
    supervisor.start()

    with pytest.raises(CannotStart, match="the api ended at once"):
        await_ready(Started(url="http://127.0.0.1:9", secret=None, supervisor=supervisor))

    supervisor.stop()


@pytest.mark.enable_socket
def test_a_service_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_START", 0.3)
    supervisor = Supervisor(commands={}, environment=os.environ)

    with pytest.raises(CannotStart, match="was not ready within"):
        await_ready(Started(url="http://127.0.0.1:9", secret=None, supervisor=supervisor))
