"""The shapes of results and of the service's answers, as far as text needs them.

JSON is passed on whole. Times are aware and UTC; None means not yet, or not known.
"""

from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from cli.errors import ServiceFault
from contracts.problems import Problem
from contracts.values import Json
from products.connections import spelt
from scorecards.change import ChangeKind

Cell: TypeAlias = bool | int | float | str | None
Item = TypeVar("Item")
_Shape = TypeVar("_Shape")


class Named(BaseModel):
    """A contract and a version of it."""

    id: str
    version: str


class Evidence(BaseModel):
    """A sample of offending rows, each as long as ``columns``."""

    columns: list[str]
    rows: list[list[Cell]]
    offending: list[str]


class Result(BaseModel):
    """The answer to one clause."""

    clause: str
    kind: str
    schema_: str | None = Field(alias="schema")
    column: str | None
    outcome: str
    severity: str
    blocking: bool
    threshold: str
    description: str = ""  # services before it was told do not send it
    reason: str
    evidence: Evidence | None

    @property
    def place(self) -> str:
        """What it is about, such as ``orders.amount``."""
        return ".".join(part for part in (self.schema_, self.column) if part) or "contract"


class Results(BaseModel):
    """All results of a run."""

    results: list[Result]


class Report(BaseModel):
    """What a check prints. ``seconds`` is wall time."""

    contract: Named
    server: str | None
    outcome: str
    results: list[Result]
    seconds: float


class Run(BaseModel):
    """A run; outcome, counts and seconds stand once it is recorded."""

    id: int
    product: str
    contract: Named
    cause: str = ""
    triggers: int = 1
    state: str
    outcome: str | None
    created: datetime
    finished: datetime | None
    counts: dict[str, int]
    seconds: dict[str, float]
    error: str


class Runs(BaseModel):
    """Runs that were asked for."""

    runs: list[Run]


class Links(BaseModel):
    """Where to go from a published version; paths of the service."""

    page: str


class Published(BaseModel):
    """What publishing did; ``created`` is False when these bytes were there already."""

    id: str
    version: str
    product: str
    created: bool
    clauses: int
    executable: int
    warnings: list[Problem]
    next_run: datetime | None
    links: Links


class Dimension(BaseModel):
    """One dimension of a score; ``value`` is 0 to 100."""

    dimension: str
    value: float | None
    clauses: int
    failing: int


class Score(BaseModel):
    """Quality 0 to 100 and assurance 0 to 1."""

    quality: float | None
    low: float | None
    uncapped: float | None
    cap: str
    assurance: float
    dimensions: list[Dimension]
    clauses: int
    failing: int


class Summary(BaseModel):
    """A product in a list; nobody could tell of ``errored`` clauses and ``lost_runs``."""

    key: str
    owner: str | None
    score: Score
    errored: int
    lost_runs: int
    open_incidents: int
    last_run: Run | None


class Schedule(BaseModel):
    """When a port is judged: by ``cron`` or every so many seconds."""

    cron: str | None
    every_seconds: float | None
    timezone: str
    next_run: datetime


class Port(BaseModel):
    """An output port."""

    name: str
    contract: Named
    schedule: Schedule | None


class Clause(Result):
    """A clause with its newest answer; ``lost`` points would come back were it passing."""

    good: bool | None
    judged_at: datetime | None
    lost: float


class Incident(BaseModel):
    """A product in trouble."""

    id: int
    product: str
    kind: str
    state: str
    open: bool
    title: str
    opened_at: datetime
    resolved_at: datetime | None
    acknowledged_by: str | None
    reason: str


class Event(BaseModel):
    """One entry of a timeline."""

    at: datetime
    kind: str
    actor: str
    detail: str


class Breach(BaseModel):
    """A promise that an incident is about; ``reason`` is why it failed last, where that is told."""

    clause: str
    schema_: str | None = Field(None, alias="schema")
    column: str | None = None
    threshold: str | None
    severity: str
    state: str
    reason: str | None = None

    @property
    def place(self) -> str:
        """What it is about, such as ``orders.amount``; empty where that is not told."""
        return ".".join(part for part in (self.schema_, self.column) if part)


class Attempt(BaseModel):
    """One try to send a notice; ``error`` is empty where it did not fail."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    error: str


class Notice(BaseModel):
    """A message to one receiver; no try is made by itself where ``next_try`` is None.

    ``why`` says why it has not arrived; empty where an older service does not tell.
    """

    id: int
    incident: int
    channel: str
    target: str
    subject: str
    state: str
    tries: int
    attempts: list[Attempt]
    next_try: datetime | None
    disabled_since: datetime | None = None
    why: str = ""


class IncidentWhole(Incident):
    """An incident with all that belongs to it, oldest first."""

    events: list[Event]
    breaches: list[Breach]
    notices: list[Notice]


class NoticeTry(BaseModel):
    """What came of a test message; ``seconds`` is wall time.

    ``enabled``: nothing was sent to the receiver before, and is again.
    """

    channel: str
    target: str
    ok: bool
    detail: str
    advice: str
    seconds: float
    enabled: bool = False


class WebhookSecret(BaseModel):
    """What a webhook's receiver checks signatures with."""

    target: str
    secret: str


class Card(BaseModel):
    """A scorecard; nobody could tell of ``errored`` clauses and ``lost_runs``."""

    key: str
    purpose: str
    owner: str | None
    at: datetime
    score: Score
    errored: int
    lost_runs: int
    ports: list[Port]
    clauses: list[Clause]
    incidents: list[Incident]
    runs: list[Run]


class Change(BaseModel):
    """One thing that happened between two scores; ``points`` is below 0 where it cost."""

    kind: ChangeKind
    points: float | None
    why: str
    sentence: str


class Explanation(BaseModel):
    """Why a score is not what it was."""

    product: str
    since: datetime
    at: datetime
    then: Score
    now: Score
    changes: list[Change]
    together: float | None
    rest: str


class Connection(BaseModel):
    """A named way to data; a database's members are None for files, and for who may not know."""

    name: str
    source: str
    roots: list[str]
    host: str | None = None
    port: int | None = None
    database: str | None = None
    user: str | None = None
    secret: str | None = None
    tls: str | None = None

    @property
    def place(self) -> str:
        """Where it leads: folders, or such as ``assay@db.example.org:5432/sales``."""
        if self.host is None:
            return ", ".join(self.roots)
        name = self.database or ""
        return spelt(host=self.host, port=self.port or 0, name=name, user=self.user)


class Try(BaseModel):
    """What came of reaching for a connection; ``seconds`` is wall time."""

    name: str
    ok: bool
    detail: str
    seconds: float


class Token(BaseModel):
    """A token without its secret."""

    id: int
    name: str
    role: str
    domain: str
    prefix: str
    expires_at: datetime | None
    revoked_at: datetime | None


class NewToken(Token):
    """A token just made; its secret is shown this once."""

    secret: str


class Items(BaseModel, Generic[Item]):
    """A list that is answered whole."""

    items: list[Item]


class Page(BaseModel):
    """One page of a list, its items as they came; ``next`` is what the next page comes after."""

    items: list[JsonValue]
    next: str | None


def shaped(kind: type[_Shape], answer: Json) -> _Shape:
    """Return an answer as a value of ``kind``.

    Raises:
        ServiceFault: It has another shape: the service is of another release than this command.
    """
    try:
        return TypeAdapter(kind).validate_python(answer)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        place = "/".join(map(str, fault["loc"]))
        raise ServiceFault(
            f"the service answers in a shape that this command does not know ({place}: "
            f"{fault['msg']}); are both of the same release?"
        ) from error
