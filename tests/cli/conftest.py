"""A command line without a past: no settings from outside, its own folder, a faked service."""

import os

import httpx2
import pytest

from cli import client
from cli.main import run
from tests.cli.fakes import Ended, FakeService

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.2.0
status: active
domain: sales
name: orders
servers:
  - server: here
    type: local
    path: orders.csv
    format: csv
schema:
  - name: orders
    properties:
      - name: amount
        logicalType: number
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """Take away what the surroundings would tell the command, and stand in an empty folder."""
    for name in os.environ:
        if name.startswith("ASSAY_") or name in {"NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def assay(capsys):
    """Run a command in this process."""

    def call(*arguments):
        status = run(arguments)
        written = capsys.readouterr()
        return Ended(int(status), written.out, written.err)

    return call


@pytest.fixture
def service(monkeypatch):
    """A service that answers what it is told to."""
    fake = FakeService()
    real = client.create_http

    def create(read):
        http = real(read)
        http._transport = httpx2.MockTransport(fake.handle)
        return http

    monkeypatch.setattr("cli.client.create_http", create)
    monkeypatch.setattr("cli.probes.network.create_http", create)
    return fake


@pytest.fixture
def contract(tmp_path):
    """A valid contract as a file of the current folder."""
    (tmp_path / "orders.yaml").write_text(CONTRACT)
    return "orders.yaml"
