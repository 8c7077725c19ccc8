"""The API, asked by a machine that has read nothing but its OpenAPI document: what that says holds.

About 2,000 calls, the same ones each time: as the document allows, of things that are there and of
things that are not, and as it forbids.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from api.app import create_app
from checks.model import Outcome
from products.model import Connection
from runtime.settings import Settings
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.api.guests import Sampler
from tests.cast import ADMIN, Clock
from tests.usecases.world import World
from usecases.connections import put_connection
from usecases.health import PARTS
from usecases.tokens import create_token

SEED: Final = 20261120
CALLS: Final = 16  # for each operation and way of asking
THERE: Final[dict[str, object]] = {
    "contract_id": "orders",
    "version": "1.0.0",
    "key": "sales.orders",
    "name": "lake",
    "run_id": 1,
    "incident_id": 1,
}
ALWAYS: Final = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.allow_header_conformance,
]
REFUSED: Final = [*ALWAYS, checks.negative_data_rejection]
CALM: Final = settings(
    max_examples=CALLS,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Operation = APIOperation[Any, Any, Any, Any]


class Machine:
    """Calls the API as an administrator; counts, and gathers what does not hold."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._app = create_app(world.store, Settings(cache_seconds=0), world.clock)
        self._secret = ""
        self.calls = 0
        self.faults: dict[str, str] = {}
        self._renew()

    def _renew(self) -> None:
        made = create_token(self._world.store, ADMIN, by=ADMIN, clock=self._world.clock)
        self._secret = made[1]

    def operations(self) -> Iterator[Operation]:
        """Every operation of the document."""
        schema = schemathesis.openapi.from_dict(self._app.openapi())
        schema.app = self._app
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            yield found.ok()

    def ask(self, case: Case[Any], held: list[Callable[..., Any]]) -> None:
        """Call once, and hold the answer against the document."""
        self.calls += 1
        answer = case.call(headers={"Authorization": f"Bearer {self._secret}"})
        if case.method == "DELETE":
            self._renew()  # it may have been our own token
        try:
            case.validate_response(answer, checks=held)
        except FailureGroup as group:
            for fault in group.exceptions:
                told = f"{fault}\n{case.as_curl_command()}"
                self.faults.setdefault(f"{case.operation.label}: {type(fault).__name__}", told)

    def ask_often(self, operation: Operation, held: list[Callable[..., Any]], **how: Any) -> None:
        """Call with what the document allows or forbids, in ways that are the same each time."""

        @seed(SEED)
        @CALM
        @given(case=operation.as_strategy(**how))
        def asked(case: Case[Any]) -> None:
            self.ask(case, held)

        with contextlib.suppress(Unsatisfiable):  # where nothing is asked nothing can be forbidden
            asked()


@pytest.fixture
def machine(tmp_path: Path, _empty_database: Path) -> Machine:
    """Before a service with a product in trouble, two versions' runs and a connection."""
    shutil.copy(_empty_database, tmp_path / "assay.db")
    clock = Clock()
    store = SqlStore(create_store_engine(f"sqlite:///{tmp_path / 'assay.db'}"))
    world = World(store=store, clock=clock, judge=Sampler(clock))
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()
    lake = Connection(name="lake", source="files", roots=(tmp_path,))
    put_connection(store, lake, by=ADMIN, clock=clock)
    with store.write() as shelf:
        for part in PARTS:
            shelf.heartbeats.beat(part, clock())
    return Machine(world)


def told(machine: Machine) -> str:
    return "\n\n".join(f"{name}\n{said}" for name, said in machine.faults.items())


def test_what_is_there_is_answered_as_the_document_says(machine: Machine):
    for operation in machine.operations():
        names = {parameter.name for parameter in operation.path_parameters}
        known = {name: THERE[name] for name in names & THERE.keys()}
        machine.ask_often(
            operation, ALWAYS, generation_mode=GenerationMode.POSITIVE, path_parameters=known
        )

    assert machine.calls > 350
    assert not machine.faults, told(machine)


def test_whatever_is_asked_is_answered_as_the_document_says(machine: Machine):
    for operation in machine.operations():
        machine.ask_often(operation, ALWAYS, generation_mode=GenerationMode.POSITIVE)

    assert machine.calls > 350
    assert not machine.faults, told(machine)


def test_what_the_document_forbids_is_refused(machine: Machine):
    for operation in machine.operations():
        tells = operation.path.endswith("/lint")  # it says of anything what is wrong with it
        held = ALWAYS if tells else REFUSED
        machine.ask_often(operation, held, generation_mode=GenerationMode.NEGATIVE)

    assert machine.calls > 350
    assert not machine.faults, told(machine)
