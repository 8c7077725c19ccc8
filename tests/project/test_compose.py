import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cli.main import app
from runtime.settings import Settings
from tests.checks.postgres import ADDRESS, reached
from tests.project.compose import DONE, HEALTHY, ROOT, Project, needs, ordered, secrets, services
from tests.project.test_layout import PACKAGES
from tests.sockets import free_port

OURS = ["migrate", "api", "scheduler", "worker"]
PASSWORD = "canary/of:compose@test"  # noqa: S105 - never a real one
DOCKERFILE = (ROOT / "Dockerfile").read_text()
CONTRACT = ROOT / "examples" / "first.odcs.yaml"


def test_the_image_holds_every_package_and_nothing_else_of_ours():
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    files = re.findall(r"^COPY (?!--from)(.+) \./$", DOCKERFILE, re.MULTILINE)
    let_in = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    named = {name for line in files for name in line.split()}

    assert copied == set(PACKAGES)
    assert let_in == copied | named
    assert all((ROOT / name).exists() for name in let_in)


def test_the_image_runs_as_nobody_special_by_tag_and_by_hash():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert DOCKERFILE.count("--require-hashes") == 2


def test_the_commands_of_the_image_are_commands():
    words = [json.loads(found) for found in re.findall(r"(?:CMD|ENTRYPOINT) (\[.+\])", DOCKERFILE)]

    assert words == [["assay", "health", "api"], ["assay"], ["up"]]
    assert {"health", "up", *(services()[name]["command"][0] for name in OURS)} <= set(app)


@pytest.mark.parametrize("name", list(services()))
def test_a_service_is_hardened_and_limited(name: str):
    service = services()[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}
    assert "container_name" not in service
    assert re.fullmatch(r"[a-z]+:[\w.-]+", service["image"])


@pytest.mark.parametrize("name", OURS)
def test_settings_are_settings_and_secrets_are_files(name: str):
    service = services()[name]
    given = service["environment"]
    filed = {key for key in given if key.endswith("_FILE")}

    known = {f"ASSAY_{field.upper()}" for field in Settings.model_fields}
    assert {key.removesuffix("_FILE") for key in given} <= known
    assert {given[key] for key in filed} == {f"/run/secrets/{name}" for name in service["secrets"]}
    assert set(service["secrets"]) <= secrets().keys()


def test_only_the_api_is_reached_from_outside_and_that_on_this_machine():
    ports = {name: service.get("ports", []) for name, service in services().items()}

    assert {name: found for name, found in ports.items() if found} == {
        "api": ["127.0.0.1:9250:9250"]
    }


@pytest.fixture
def database() -> Iterator[str]:
    """A database of its own, and a role with the password; as ``user@host:port/name``."""
    name = f"assay_{uuid4().hex[:12]}"
    with reached() as connection:
        connection.autocommit = True
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        try:
            yield f"{name}@{ADDRESS.host}:{ADDRESS.port}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"DROP ROLE {name}")


@pytest.fixture
def project(tmp_path: Path, database: str) -> Iterator[Project]:
    kept = tmp_path / "secrets"
    kept.mkdir()
    (kept / "database_password").write_text(f"{PASSWORD}\n")
    (kept / "webhook_secret").write_text("x" * 40)
    port, broker = free_port(), free_port()
    replaced = {
        "assay@postgres:5432/assay": database,
        "redis:6379": f"127.0.0.1:{broker}",
        "6379": str(broker),
        "/run/secrets": str(kept),
        "0.0.0.0": "127.0.0.1",  # noqa: S104 - what it is in a container
        "9250": str(port),
    }
    project = Project(folder=tmp_path, replaced=replaced)
    try:
        yield project
    finally:
        project.kill()


@pytest.mark.integration
@pytest.mark.enable_socket
def test_the_services_come_up_in_their_order_judge_and_end_in_time(project: Project):
    found = services()
    del found["postgres"]  # it is there already
    for service in found.values():
        service.get("depends_on", {}).pop("postgres", None)

    for name in ordered(found):
        for other, condition in needs(found[name]).items():
            project.await_well(other, found[other], condition)
        more = ["--port", project.replaced["6379"], "--bind", "127.0.0.1"]
        project.start(name, found[name], *(more if name == "redis" else ()))
    for name in ("api", "scheduler", "worker"):
        project.await_well(name, found[name], HEALTHY)
    assert project.running["migrate"].returncode == 0

    judged = judge(project, found["api"])

    for name in reversed(ordered(found)):
        project.stop(name, found[name])
    assert judged["outcomes"] == {"passed"}
    ended = {process.returncode for process in project.running.values()}
    assert ended <= {0, -signal.SIGTERM}  # the API's server ends by the signal it was sent
    assert all(project.leaves_nothing(name) for name in found)
    logs = "".join(project.log(name).read_text() for name in found)
    assert PASSWORD not in logs
    assert DONE in {
        condition for service in found.values() for condition in needs(service).values()
    }


def judge(project: Project, api: dict[str, Any]) -> dict[str, Any]:
    """Publish a contract as docs/production.md says, have it judged, and tell how that ended."""
    deliveries = project.folder / "deliveries"
    deliveries.mkdir()
    (deliveries / "customers.csv").write_text("id,country\n1,DE\n2,FR\n")
    token = project.run(api, "token", "create", "admin", "--role", "admin", "--local").strip()
    address = f"http://127.0.0.1:{project.replaced['9250']}"
    as_admin = {"ASSAY_TOKEN": token, "ASSAY_URL": address}

    project.run(api, "connection", "add", "local", "--root", str(deliveries), **as_admin)
    project.run(api, "publish", str(CONTRACT), **as_admin)
    project.run(api, "run", "sales.customers", "--watch", **as_admin)
    card = json.loads(
        project.run(api, "scorecard", "sales.customers", "--format", "json", **as_admin)
    )
    return {"card": card, "outcomes": {clause["outcome"] for clause in card["clauses"]}}
