"""A contract and its parts, as plain immutable values.

A change makes a new version; nothing edits a contract in place. Names follow the Open Data Contract
Standard where it has a word for the thing, but for ``property``, which is ``column`` here. Every
part keeps the JSON pointer of its place in the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from contracts.timetable import Timetable
from contracts.values import Dimension, Json, Severity

Scalar: TypeAlias = bool | int | float | str | None
_OF_FILES: Final = frozenset({"local", "file", "files", "s3", "azure", "sftp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What a measured value must be.

    Attributes:
        operator: The document's own word, such as ``mustBeLessThan`` or ``mustBeBetween``.
        value: A number, or ``(low, high)`` for the operators of two ends; ``mustBe`` and
            ``mustNotBe`` of a query may also hold text, true, false or null.
        unit: ``rows`` or ``percent`` (0 to 100), or another word of the document that nobody can
            judge.
    """

    operator: str
    value: Scalar | tuple[float | int, float | int]
    unit: str = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One entry of ``quality``. ``type`` is library, sql, custom or text.

    Attributes:
        misfit: Why it can never be judged as it stands, such as a metric that needs a column; empty
            when it can.
        cron: When it is judged, if not with the others; None when not stated.
    """

    pointer: str
    type: str
    id: str | None = None
    name: str | None = None
    description: str = ""
    metric: str | None = None
    arguments: Mapping[str, Json] = field(default_factory=dict)
    query: str | None = None
    engine: str | None = None
    implementation: Json = None
    threshold: Threshold | None = None
    dimension: Dimension | None = None
    severity: Severity = Severity.HIGH
    misfit: str = ""
    cron: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A promised column, an array's element or a side of a map.

    Attributes:
        name: As the contract calls it; empty for an element and for a side of a map.
        physical_name: As the data calls it.
        id: What references call it, beside its name; None when not stated.
        enum: Allowed values; None when any is.
        columns: The columns inside an object.
        items: What an array's elements are; None when it does not say.
        key: What a map's keys are; likewise ``value``.
        primary_key_position: Place in the object's key, from 1; None when it is no part of it.
        sensitive: Its values must be masked (rule: ``contracts.words.is_sensitive``), or those
            around it.
        measure: An aggregate over the data rather than a stored column.
    """

    pointer: str
    name: str
    physical_name: str
    id: str | None = None
    description: str = ""
    logical_type: str | None = None
    physical_type: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    required: bool = False
    unique: bool = False
    primary_key_position: int | None = None
    enum: tuple[Json, ...] | None = None
    classification: str | None = None
    columns: tuple["Column", ...] = ()
    items: "Column | None" = None
    key: "Column | None" = None
    value: "Column | None" = None
    quality: tuple[Rule, ...] = ()
    relationships: tuple[Mapping[str, Json], ...] = ()
    sensitive: bool = False
    measure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A promised object: a table, a file or a folder of files.

    Attributes:
        id: What references call it, beside its name; None when not stated.
        extra_columns: ``ignore`` or ``fail``: what a column that the contract does not name means.
        partition: Physical name of the column by which deliveries are cut; None when not stated.
    """

    pointer: str
    name: str
    physical_name: str
    id: str | None = None
    description: str = ""
    columns: tuple[Column, ...] = ()
    quality: tuple[Rule, ...] = ()
    relationships: tuple[Mapping[str, Json], ...] = ()
    extra_columns: str = "ignore"
    partition: str | None = None

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns of the primary key, in its order; empty when none is declared."""
        keyed = [column for column in self.columns if column.primary_key_position is not None]
        return tuple(sorted(keyed, key=lambda column: column.primary_key_position or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sla:
    """One entry of ``slaProperties``; ``cron`` as that of ``Rule``."""

    pointer: str
    property: str
    id: str | None = None
    value: Json = None
    unit: str | None = None
    element: str | None = None
    description: str = ""
    dimension: Dimension | None = None
    severity: Severity = Severity.HIGH
    cron: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the data lies.

    Attributes:
        type: The document's word, such as ``local``.
        connection: Name of a connection of the service; None means by ``path`` alone.
        path: Path below the connection's root, or below the current folder for a local check; may
            hold ``{model}`` for a schema's physical name.
        format: ``csv``, ``parquet`` or another word of the document; None when it says none.
        options: Everything else the entry says (``delimiter``, ``encoding``, ``nullMarkers`` ...).
    """

    pointer: str
    name: str
    type: str
    path: str | None = None
    format: str | None = None
    connection: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)

    @property
    def holds_files(self) -> bool:
        """Whether data lies there as files; what is of its own type (``custom``) says by a path."""
        kind = self.type.strip().lower()
        return kind in _OF_FILES or (kind == "custom" and self.path is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who answers for the product.

    Attributes:
        owner: The member whose role says owner, else the first one, as the document spells them.
    """

    name: str | None = None
    owner: str | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What a producer promises about one output port of one data product.

    Attributes:
        domain: Name of the domain; ``default`` when the document names none.
        product: Name of the data product: ``dataProduct``, else ``name``, else ``id``.
        purpose: ``description.purpose``, else the text of ``description``; empty when absent.
        owner_emails: Addresses to tell, best first: support channels by mail, then the team's
            owner.
        webhooks: URLs to tell, best first.
        timetable: When to judge; None means only when asked.
        shared: Zone, jitter and policy of all its timetables; itself without any instant.
        target: Per cent of good deliveries promised in 28 days; None when not stated.
        gate: ``observe``, ``warn`` or ``block``; None when not stated.
    """

    id: str
    version: str
    api_version: str
    status: str
    name: str | None = None
    domain: str = "default"
    product: str
    purpose: str = ""
    schemas: tuple[Schema, ...] = ()
    servers: tuple[Server, ...] = ()
    sla: tuple[Sla, ...] = ()
    team: Team = Team()
    support: tuple[Mapping[str, Json], ...] = ()
    owner_emails: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    timetable: Timetable | None = None
    shared: Timetable = field(default_factory=Timetable)
    target: float | None = None
    gate: str | None = None

    @property
    def lies_in_files(self) -> bool:
        """Whether its data lies in files wherever a run may read it; False without a server."""
        return bool(self.servers) and all(server.holds_files for server in self.servers)

    @property
    def receivers(self) -> tuple[tuple[str, str], ...]:
        """Whom trouble is told to, as (channel, target): the best address, and every webhook."""
        mail = [("email", address) for address in self.owner_emails[:1]]
        return (*mail, *(("webhook", url) for url in self.webhooks))
