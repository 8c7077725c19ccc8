"""A clause: one promise of a contract, with an identity that lives on across versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from contracts.timetable import Timetable
from contracts.values import Dimension, EngineName, Json, Severity


class Kind(StrEnum):
    """What a clause promises. The words are those of results, of the API and of the docs."""

    OBJECT_PRESENT = "object_present"
    COLUMN_PRESENT = "column_present"
    EXTRA_COLUMNS = "extra_columns"
    TYPE = "type"
    PHYSICAL_TYPE = "physical_type"
    MIN_LENGTH = "min_length"
    MAX_LENGTH = "max_length"
    PATTERN = "pattern"
    FORMAT = "format"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    EXCLUSIVE_MINIMUM = "exclusive_minimum"
    EXCLUSIVE_MAXIMUM = "exclusive_maximum"
    MULTIPLE_OF = "multiple_of"
    MIN_ITEMS = "min_items"
    MAX_ITEMS = "max_items"
    UNIQUE_ITEMS = "unique_items"
    MIN_PROPERTIES = "min_properties"
    MAX_PROPERTIES = "max_properties"
    REQUIRED_MEMBERS = "required_members"
    TIMEZONE = "timezone"
    NORMALIZED = "normalized"
    ENUM = "enum"
    REQUIRED = "required"
    UNIQUE = "unique"
    PRIMARY_KEY = "primary_key"
    RELATIONSHIP = "relationship"
    NULL_VALUES = "null_values"
    MISSING_VALUES = "missing_values"
    INVALID_VALUES = "invalid_values"
    DUPLICATE_VALUES = "duplicate_values"
    ROW_COUNT = "row_count"
    SQL = "sql"
    EXPECTATION = "expectation"
    PANDERA_CHECK = "pandera_check"
    CUSTOM = "custom"
    TEXT = "text"
    FRESHNESS = "freshness"
    LATENCY = "latency"
    FREQUENCY = "frequency"
    TIME_OF_AVAILABILITY = "time_of_availability"
    RETENTION = "retention"
    AVAILABILITY = "availability"
    ERROR_RATE = "error_rate"
    THROUGHPUT = "throughput"
    TIME_TO_DETECT = "time_to_detect"
    TIME_TO_NOTIFY = "time_to_notify"
    TIME_TO_REPAIR = "time_to_repair"
    GENERAL_AVAILABILITY = "general_availability"
    END_OF_SUPPORT = "end_of_support"
    END_OF_LIFE = "end_of_life"
    SLA = "sla"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One promise of a contract.

    Attributes:
        key: Identity by names, never by position, such as
            ``/schema/orders/properties/amount/minimum``.
        pointer: JSON pointer to its place in this version's document.
        schema: Physical name of the object it is about; None when about the whole product.
        column: Physical name of the column, nested as ``customer.email``; None when about several
            or none.
        engine: Who judges it; None when no engine can.
        arguments: What the engine needs to know, by ``kind`` (see ``contracts.clauses``).
        threshold: What is promised, in words that a consumer reads, such as ``at least 0``.
        skipped: Why it is not executed; empty when it is.
        executable: False when it never can be (a promise for people, a foreign engine): no part of
            the score.
        key_columns: Physical names of the object's key, shown beside an offending cell.
        sensitive: Values of ``column`` must be masked in evidence and in ``measured``.
        sensitive_columns: Physical names of all sensitive columns of the object.
        timetable: When it is judged, if not with the others; None: by the contract's schedule.
    """

    key: str
    pointer: str
    kind: Kind
    schema: str | None = None
    column: str | None = None
    engine: EngineName | None = None
    arguments: Mapping[str, Json] = field(default_factory=dict)
    threshold: str = ""
    description: str = ""
    severity: Severity = Severity.HIGH
    dimension: Dimension | None = None
    skipped: str = ""
    executable: bool = True
    key_columns: tuple[str, ...] = ()
    sensitive: bool = False
    sensitive_columns: tuple[str, ...] = ()
    owner: str = "producer"
    timetable: Timetable | None = None

    @property
    def blocking(self) -> bool:
        """Whether a failure of it opens an incident and turns a check red."""
        return self.severity.blocking
