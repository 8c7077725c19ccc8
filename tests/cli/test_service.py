import socket
import sys
from collections.abc import Callable

import pytest

from store.engine import writing


@pytest.fixture
def became(monkeypatch, store, tmp_path):
    """What this process would have become: its words and its environment."""
    told = []

    def become(path, words, environment):
        told.append((path, words, environment))
        raise SystemExit(0)

    monkeypatch.setenv("ASSAY_DATA", str(tmp_path))
    monkeypatch.setattr("cli.service.os.execve", become)
    return told


def call(assay: Callable[..., object], *words: str) -> None:
    with pytest.raises(SystemExit):
        assay(*words)


@pytest.mark.enable_socket
def test_the_api_listens_where_the_settings_say(assay, became, monkeypatch):
    monkeypatch.setenv("ASSAY_PORT", "0")

    call(assay, "api", "--format", "json")

    path, words, environment = became[0]
    assert path == sys.executable
    assert words[1:6] == ["-m", "uvicorn", "--factory", "api.main:create", "--host"]
    assert words[words.index("--port") + 1] == "0"
    assert environment["ASSAY_LOG_FORMAT"] == "json"


@pytest.mark.enable_socket
def test_a_port_that_is_taken_is_one_line(assay, became, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("ASSAY_PORT", str(port))

        done = assay("api")

    assert (done.status, done.out, became) == (4, "", [])
    assert done.err == (
        f"assay: cannot listen on 127.0.0.1:{port}: address already in use; "
        "choose another by ASSAY_HOST and ASSAY_PORT\n"
    )


def test_a_worker_is_a_celery_worker_as_it_must_be_set(assay, became, monkeypatch):
    monkeypatch.setenv("ASSAY_CONCURRENCY", "3")

    call(assay, "worker")

    words = became[0][1]
    assert words[2:8] == ["celery", "-A", "worker.main", "worker", "--pool", "prefork"]
    assert words[words.index("--concurrency") + 1] == "3"
    assert {"--without-gossip", "--without-mingle", "--without-heartbeat"} <= set(words)


def test_a_scheduler_runs_beside_a_broker_that_is_shared(assay, became, monkeypatch):
    monkeypatch.setenv("ASSAY_BROKER_URL", "redis://localhost")

    call(assay, "scheduler")

    assert became[0][1][1:] == ["-m", "worker.scheduler"]


def test_a_scheduler_without_one_would_be_of_no_use(assay, became):
    done = assay("scheduler")

    assert (done.status, became) == (2, [])
    assert "set ASSAY_BROKER_URL" in done.err


@pytest.mark.parametrize("command", ["api", "worker", "scheduler"])
def test_nothing_starts_without_a_database(assay, command, monkeypatch, tmp_path):
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path))

    done = assay(command)

    assert done.status == 4
    assert "'assay migrate' makes one" in done.err


def test_nothing_starts_on_a_database_of_another_release(assay, monkeypatch, tmp_path):
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path))
    (tmp_path / "assay.db").touch()

    done = assay("worker")

    assert done.status == 4
    assert done.err == (
        "assay: the database is of another release; bring it here with 'assay migrate'\n"
    )


def test_nothing_starts_on_a_database_of_a_newer_release(assay, became, store):
    with writing(store._engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    done = assay("worker")

    assert (done.status, became) == (4, [])
    assert "is at revision 9999, which this release does not know" in done.err
    assert "run that release, or put a backup" in done.err
