"""Who plays in the tests: people, a clock, a contract, a judge that says what it is told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from access.model import Principal, Role
from checks.location import Location
from checks.model import Finding, Outcome, Report, Result
from contracts.clause import Clause
from contracts.model import Contract
from usecases.errors import UnreadableSecret

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

ADMIN = Principal(name="ada", role=Role.ADMIN)
OWNER = Principal(name="olga", role=Role.OWNER, domain="sales")
PRODUCER = Principal(name="paul", role=Role.PRODUCER, domain="sales")
VIEWER = Principal(name="vera", role=Role.VIEWER)
STRANGER = Principal(name="stan", role=Role.OWNER, domain="logistics")

ORDERS = """\
apiVersion: v3.2.0
kind: DataContract
id: orders
name: orders
version: 1.0.0
status: active
domain: sales
dataProduct: orders
description:
  purpose: Every order.
team:
  name: Order desk
  members:
    - username: olga@example.org
      role: owner
support:
  - channel: desk
    tool: email
    url: mailto:desk@example.org
servers:
  - server: lake
    type: local
    path: "{model}.csv"
    format: csv
    customProperties:
      - property: connection
        value: lake
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
        required: true
        unique: true
      - name: status
        logicalType: string
        enum: [{value: open}, {value: done}]
    quality:
      - id: some-rows
        metric: rowCount
        mustBeGreaterThan: 0
      - id: promise
        type: text
        description: We are kind.
customProperties:
  - property: assaySchedule
    value: every 10s
  - property: assayJitter
    value: 0
"""


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **passed: float) -> None:
        self.now += timedelta(**passed)


class Drawer:
    """Holds secrets by reference."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = {f"env:{name}": secret for name, secret in secrets.items()}

    def __call__(self, reference: str) -> str:
        if reference not in self.secrets:
            raise UnreadableSecret(reference, "the drawer is empty")
        return self.secrets[reference]


class Judge:
    """Answers every clause with ``outcome``, but those whose key ends as named in ``said``."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        said: Mapping[str, Outcome] | None = None,
        outcome: Outcome = Outcome.PASSED,
    ) -> None:
        self.clock = clock
        self.said = dict(said or {})
        self.outcome = outcome
        self.asked: list[Location] = []

    def __call__(
        self, contract: Contract, promised: Sequence[Clause], location: Location
    ) -> Report:
        self.asked.append(location)
        return Report(
            contract_id=contract.id,
            version=contract.version,
            server="lake",
            started=self.clock(),
            finished=self.clock(),
            results=tuple(self._result(clause) for clause in promised),
        )

    def _result(self, clause: Clause) -> Result:
        outcome = Outcome.SKIPPED if clause.skipped else self._outcome(clause.key)
        reasons = {Outcome.FAILED: "3 of 9 rows are wrong", Outcome.ERRORED: "the disk is gone"}
        return Result(
            clause=clause,
            finding=Finding(
                outcome=outcome,
                rows=9,
                failed_rows=3 if outcome is Outcome.FAILED else 0,
                reason=clause.skipped or reasons.get(outcome, ""),
            ),
        )

    def _outcome(self, key: str) -> Outcome:
        found = (outcome for end, outcome in self.said.items() if key.endswith(end))
        return next(found, self.outcome)
