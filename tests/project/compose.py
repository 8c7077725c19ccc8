"""The services of ``docker-compose.yml`` as processes of this machine, without an engine."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
DONE, HEALTHY = "service_completed_successfully", "service_healthy"


def services() -> dict[str, Any]:
    """The services by name, variables at their defaults."""
    found: dict[str, Any] = _document()["services"]
    return found


def secrets() -> dict[str, str]:
    """Where each secret is kept on the host."""
    return {name: said["file"] for name, said in _document()["secrets"].items()}


def ordered(found: Mapping[str, Any]) -> list[str]:
    """The names, each after all that it depends on."""
    order: list[str] = []
    while len(order) < len(found):
        free = [n for n, s in found.items() if n not in order and not needs(s).keys() - set(order)]
        assert free, "the services wait for one another"
        order += free
    return order


def needs(service: Mapping[str, Any]) -> dict[str, str]:
    """What a service waits for, and until when."""
    return {name: said["condition"] for name, said in service.get("depends_on", {}).items()}


def seconds(stated: str) -> float:
    """Seconds of a length of time such as ``15s``."""
    assert stated.endswith("s")
    return float(stated[:-1])


def _document() -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text()
    document: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text))
    return document


@dataclass
class Project:
    """Runs services as compose would, with what is a container's own replaced.

    Attributes:
        folder: Stands for ``/run/secrets``, the logs and the working directory.
        replaced: What to put in place of parts of commands and of the environment.
    """

    folder: Path
    replaced: Mapping[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, service: Mapping[str, Any], *more: str) -> None:
        """Start a service's own command with its own environment."""
        command = [self._here(word) for word in [*self._entrypoint(service), *service["command"]]]
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*command, *more],
                env=self._environment(service),
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def await_well(self, name: str, service: Mapping[str, Any], condition: str) -> None:
        """Wait until the service is what others wait for."""
        if condition == DONE:
            assert self.running[name].wait(60) == 0, self.log(name).read_text()
            return
        until = time.monotonic() + 60
        while not self.is_well(service):
            assert self.running[name].poll() is None, self.log(name).read_text()
            assert time.monotonic() < until, self.log(name).read_text()
            time.sleep(0.2)

    def is_well(self, service: Mapping[str, Any]) -> bool:
        """Whether the health check of the service succeeds."""
        kind, *words = service["healthcheck"]["test"]
        assert kind == "CMD"
        program, *rest = [self._here(word) for word in words]
        found = shutil.which(program, path=f"{BIN}:{os.environ['PATH']}")
        assert found is not None
        port = ["-p", self.replaced["6379"]] if program == "redis-cli" else []
        done = subprocess.run(
            [found, *port, *rest],
            env=self._environment(service),
            cwd=self.folder,
            capture_output=True,
            timeout=seconds(service["healthcheck"]["timeout"]),
            check=False,
        )
        return done.returncode == 0

    def stop(self, name: str, service: Mapping[str, Any]) -> None:
        """End the service as compose does; one that outlives its grace is a failure."""
        process = self.running[name]
        if process.poll() is None:
            process.terminate()
        process.wait(seconds(service["stop_grace_period"]))

    def leaves_nothing(self, name: str) -> bool:
        """Whether all that the service started has ended with it."""
        try:
            os.killpg(self.running[name].pid, 0)
        except ProcessLookupError:
            return True
        return False

    def kill(self) -> None:
        """End what is left."""
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def run(self, service: Mapping[str, Any], *words: str, **more: str) -> str:
        """Run another ``assay`` command in the service's place; returns what it wrote."""
        done = subprocess.run(
            [BIN / "assay", *words],
            env={**self._environment(service), **more},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def log(self, name: str) -> Path:
        """What the service wrote."""
        return self.folder / f"{name}.log"

    def _entrypoint(self, service: Mapping[str, Any]) -> Sequence[str]:
        return [str(BIN / "assay")] if service["image"].startswith("assay:") else []

    def _environment(self, service: Mapping[str, Any]) -> dict[str, str]:
        own = {name: self._here(str(said)) for name, said in service.get("environment", {}).items()}
        home = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(self.folder)}
        return {**home, **own}

    def _here(self, stated: str) -> str:
        for there, here in self.replaced.items():
            stated = stated.replace(there, here)
        return stated
