"""Clauses -> who judges which of them, and which are not judged and why. Pure; reads no data."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from checks.selection import EVERYTHING, NOT_SELECTED, Selection
from contracts.clause import Clause, Kind
from contracts.model import Contract
from contracts.values import EngineName

NOT_YET: Final = "not supported yet"

_JUDGED: Final[Mapping[EngineName, frozenset[Kind]]] = {
    EngineName.PANDERA: frozenset(
        {
            Kind.OBJECT_PRESENT,
            Kind.COLUMN_PRESENT,
            Kind.EXTRA_COLUMNS,
            Kind.TYPE,
            Kind.REQUIRED,
            Kind.UNIQUE,
            Kind.PRIMARY_KEY,
            Kind.RELATIONSHIP,
            Kind.ENUM,
            Kind.PATTERN,
            Kind.MIN_LENGTH,
            Kind.MAX_LENGTH,
            Kind.MINIMUM,
            Kind.MAXIMUM,
            Kind.EXCLUSIVE_MINIMUM,
            Kind.EXCLUSIVE_MAXIMUM,
        }
    ),
    EngineName.GREAT_EXPECTATIONS: frozenset(
        {Kind.NULL_VALUES, Kind.DUPLICATE_VALUES, Kind.ROW_COUNT, Kind.SQL, Kind.EXPECTATION}
    ),
}
_TYPES: Final = frozenset(
    {
        "string",
        "integer",
        "number",
        "boolean",
        "date",
        "timestamp",
        "time",
        "array",
        "object",
        "map",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """What a run will ask, and what it will not.

    Attributes:
        engines: By engine, then by physical name of the object: the clauses to judge, in the
            contract's order. An engine without a clause is not there: its library is never loaded.
        skipped: By key of the clause: why it is not judged.
    """

    engines: Mapping[EngineName, Mapping[str, tuple[Clause, ...]]]
    skipped: Mapping[str, str]

    def clauses(self, engine: EngineName) -> tuple[Clause, ...]:
        """All clauses that ``engine`` is to judge, over all objects."""
        return tuple(clause for part in self.engines.get(engine, {}).values() for clause in part)

    @property
    def schemas(self) -> tuple[str, ...]:
        """Physical names of the objects whose data is needed, each once, in order of first use."""
        judged = [name for part in self.engines.values() for name in part]
        clauses = (clause for engine in self.engines for clause in self.clauses(engine))
        targets = [
            str(each.arguments["to_schema"]) for each in clauses if "to_schema" in each.arguments
        ]
        return tuple(dict.fromkeys([*judged, *targets]))


def plan(
    contract: Contract, clauses: Sequence[Clause], selection: Selection = EVERYTHING
) -> CheckPlan:
    """Give each clause to its engine, or say why not. Every clause is in exactly one of the two."""
    columns = {
        schema.physical_name: {column.physical_name for column in schema.columns}
        for schema in contract.schemas
    }
    engines: dict[EngineName, dict[str, list[Clause]]] = {}
    skipped: dict[str, str] = {}
    for clause in clauses:
        assigned = _assigned(clause, columns) if selection.takes(clause) else NOT_SELECTED
        if isinstance(assigned, str):
            skipped[clause.key] = assigned
        else:
            engine, name = assigned
            engines.setdefault(engine, {}).setdefault(name, []).append(clause)
    frozen = {
        engine: {name: tuple(part) for name, part in parts.items()}
        for engine, parts in engines.items()
    }
    return CheckPlan(engines=frozen, skipped=skipped)


def _assigned(clause: Clause, columns: Mapping[str, set[str]]) -> tuple[EngineName, str] | str:
    """The engine that judges ``clause`` and the object it is about, or why nobody judges it."""
    if clause.skipped:
        return clause.skipped
    if clause.engine is None or clause.kind not in _JUDGED[clause.engine]:
        return NOT_YET
    if clause.schema is None or clause.schema not in columns:
        return f"the contract has no object {clause.schema!r}"
    return _beyond(clause, columns[clause.schema]) or (clause.engine, clause.schema)


def _beyond(clause: Clause, columns: Collection[str]) -> str:
    """What about ``clause`` no engine can judge yet; empty when there is nothing."""
    if clause.column is not None and clause.column not in columns:
        return f"nested columns are {NOT_YET}"
    logical = clause.arguments.get("logical_type")
    if clause.kind is Kind.TYPE and logical not in _TYPES:
        return f"the type {logical} is {NOT_YET}"
    return ""
