import os
import signal
import socket
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from cli.main import run
from runtime import embedded
from tests.sockets import free_port

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


@pytest.fixture
def port() -> int:
    return free_port()


def stop_when_ready(port: int, stopped: list[float]) -> None:
    for _ in range(600):
        try:
            urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    stopped.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGTERM)


def test_the_whole_starts_says_where_and_stops_within_ten_seconds(
    tmp_path: Path, port: int, capsys: pytest.CaptureFixture[str]
):
    stopped: list[float] = []
    killer = threading.Thread(target=stop_when_ready, args=(port, stopped))
    killer.start()
    arguments = ["up", "--data", str(tmp_path / "data"), "--root", str(tmp_path)]

    status = run([*arguments, "--port", str(port)])
    took = time.monotonic() - stopped[0]
    killer.join()

    told = capsys.readouterr().out
    assert status == 0
    assert took < 10
    assert f"Assay is up at http://127.0.0.1:{port}" in told
    assert told.count("export ASSAY_TOKEN=assay_") == 1
    assert f"local  {tmp_path}" in told


def test_a_port_in_use_ends_with_one_line(
    tmp_path: Path, port: int, capsys: pytest.CaptureFixture[str]
):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()

        status = run(["up", "--data", str(tmp_path / "data"), "--port", str(port)])

    told = capsys.readouterr().err
    assert status == 4
    assert told == (
        f"assay: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "choose another with --port\n"
    )


def test_a_root_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    status = run(["up", "--data", str(tmp_path / "data"), "--root", str(tmp_path / "nowhere")])

    assert status == 4
    assert "nowhere" in capsys.readouterr().err


def test_the_first_token_is_told_even_when_the_start_fails(
    tmp_path: Path,
    port: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(embedded, "_commands", lambda settings: {"api": ["false"]})

    status = run(["up", "--data", str(tmp_path / "data"), "--port", str(port)])

    told = capsys.readouterr()
    assert status == 4
    assert "the api ended at once" in told.err
    assert told.out.count("export ASSAY_TOKEN=assay_") == 1
