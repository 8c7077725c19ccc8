"""Clauses of ``quality`` rules, and what they share with those of the columns around them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from contracts.clause import Clause, Kind
from contracts.identity import place, rule_name
from contracts.model import Column, Rule
from contracts.read_rules import expectation, is_great_expectations
from contracts.thresholds import compared
from contracts.timetable import Timetable
from contracts.values import Dimension, EngineName, Json
from contracts.words import METRICS

_NOT_YET: Final = "not supported yet"
_DIMENSIONS: Final = {
    Kind.NULL_VALUES: Dimension.COMPLETENESS,
    Kind.MISSING_VALUES: Dimension.COMPLETENESS,
    Kind.INVALID_VALUES: Dimension.CONFORMITY,
    Kind.DUPLICATE_VALUES: Dimension.UNIQUENESS,
    Kind.ROW_COUNT: Dimension.COVERAGE,
    Kind.SQL: Dimension.ACCURACY,
    Kind.EXPECTATION: Dimension.ACCURACY,
    Kind.PANDERA_CHECK: Dimension.ACCURACY,
}
_COUNTED: Final = {
    Kind.NULL_VALUES: "null values",
    Kind.MISSING_VALUES: "missing values",
    Kind.INVALID_VALUES: "invalid values",
    Kind.DUPLICATE_VALUES: "duplicate values",
    Kind.ROW_COUNT: "rows",
}
_RUNS: Final = {Kind.NULL_VALUES, Kind.DUPLICATE_VALUES, Kind.ROW_COUNT, Kind.SQL, Kind.EXPECTATION}
_SHORT: Final = 40  # letters of an argument that is still shown in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What rules stand on.

    Attributes:
        schema: Physical name of the object.
        path: Names that lead to the object or column, for keys.
        column: Name in results; None on an object.
        spot: The column; None on an object.
        names: Physical name of each column of the object, by its name in the contract.
    """

    schema: str
    key_columns: tuple[str, ...]
    sensitive_columns: tuple[str, ...]
    path: tuple[str, ...] = ()
    column: str | None = None
    spot: Column | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """Whether no engine judges its values yet: inside another column, or not a stored one."""
        if self.spot is None:
            return False
        return self.spot.measure or len(self.path) > len(("schema", "o", "properties", "c"))


def quality_clauses(rules: Sequence[Rule], around: Around) -> Iterator[Clause]:
    """One clause a rule, in document order; keys may repeat, see ``Keys``."""
    for rule in rules:
        clause = Clause(
            key=place(*around.path, "quality", rule_name(rule)),
            pointer=rule.pointer,
            kind=Kind.TEXT,
            schema=around.schema,
            column=around.column,
            description=rule.description or rule.name or rule.id or "",
            severity=rule.severity,
            dimension=rule.dimension,
            key_columns=around.key_columns,
            sensitive=around.spot is not None and around.spot.sensitive,
            sensitive_columns=around.sensitive_columns,
            timetable=Timetable(cron=rule.cron) if rule.cron else None,
        )
        yield _settled(_BY_TYPE.get(rule.type, _text)(rule, clause, around), rule, around)


def _settled(clause: Clause, rule: Rule, around: Around) -> Clause:
    """The same clause with its dimension, and with the reason why it is not judged."""
    whole = replace(clause, dimension=clause.dimension or _DIMENSIONS.get(clause.kind))
    if not clause.executable:
        return whole
    if rule.misfit:
        reason = f"not executable: {rule.misfit}"
        return replace(whole, executable=False, engine=None, skipped=reason)
    runs = clause.kind in _RUNS and not around.waits
    return whole if runs else replace(whole, skipped=_NOT_YET)


def _library(rule: Rule, clause: Clause, around: Around) -> Clause:
    kind = METRICS.get(rule.metric or "", Kind.CUSTOM)
    return replace(
        clause,
        kind=kind,
        engine=EngineName.GREAT_EXPECTATIONS,
        arguments={**_comparison(rule), **_counting(rule, kind, around)},
        threshold=f"{compared(rule.threshold)} {_COUNTED.get(kind, '')}".strip(),
    )


def _counting(rule: Rule, kind: Kind, around: Around) -> Mapping[str, Json]:
    """What a metric needs to know beside its comparison."""
    if kind is Kind.ROW_COUNT:
        return {}
    unit: dict[str, Json] = {"unit": rule.threshold.unit if rule.threshold else "rows"}
    columns = rule.arguments.get("properties")
    if kind is not Kind.DUPLICATE_VALUES:
        return {**unit, **rule.arguments}
    if around.column is not None or not isinstance(columns, list):
        return unit
    return {**unit, "columns": [around.names.get(str(name), str(name)) for name in columns]}


def _sql(rule: Rule, clause: Clause, _around: Around) -> Clause:
    value = rule.threshold.value if rule.threshold else None
    numeric = isinstance(value, int | float | tuple) and not isinstance(value, bool)
    return replace(
        clause,
        kind=Kind.SQL,
        engine=EngineName.GREAT_EXPECTATIONS,
        arguments={"query": rule.query, **_comparison(rule)},
        threshold=compared(rule.threshold),
        skipped="" if numeric else _NOT_YET,
    )


def _custom(rule: Rule, clause: Clause, around: Around) -> Clause:
    engine = (rule.engine or "").strip()
    if is_great_expectations(engine):
        return _expectation(rule, clause, around)
    if engine.lower() == "pandera":
        return replace(
            clause,
            kind=Kind.PANDERA_CHECK,
            engine=EngineName.PANDERA,
            arguments={"implementation": rule.implementation},
            threshold="passes a Pandera check",
        )
    return replace(
        clause,
        kind=Kind.CUSTOM,
        arguments={"engine": engine, "implementation": rule.implementation},
        threshold=f"a rule of {engine[:80]}",
        executable=False,
        skipped=f"not executable: engine '{engine[:80]}'",
    )


def _expectation(rule: Rule, clause: Clause, around: Around) -> Clause:
    """An expectation; if about a single column, the one it stands on unless it names one."""
    name, kwargs = expectation(rule.implementation) or ("", {})
    single = name.startswith("expect_column_") and not name.startswith("expect_column_pair_")
    own: dict[str, Json] = {"column": around.column} if single and around.column else {}
    return replace(
        clause,
        kind=Kind.EXPECTATION,
        engine=EngineName.GREAT_EXPECTATIONS,
        arguments={"type": name, "kwargs": {**own, **kwargs}},
        threshold=_in_words(name, kwargs),
    )


def _in_words(name: str, kwargs: Mapping[str, Json]) -> str:
    """Return such as ``column mean to be between (min value 25, max value 26)``."""
    words = name.removeprefix("expect_").replace("_", " ")
    shown = [
        f"{key.replace('_', ' ')} {value}"
        for key, value in kwargs.items()
        if isinstance(value, int | float | str) and len(str(value)) <= _SHORT
    ]
    return f"{words} ({', '.join(shown)})" if shown else words


def _text(rule: Rule, clause: Clause, _around: Around) -> Clause:
    return replace(
        clause,
        threshold=rule.description,
        executable=False,
        skipped="a promise for people",
    )


def _comparison(rule: Rule) -> Mapping[str, Json]:
    if rule.threshold is None:
        return {}
    value = rule.threshold.value
    shown: Json = list(value) if isinstance(value, tuple) else value
    return {"operator": rule.threshold.operator, "value": shown}


_BY_TYPE: Final[Mapping[str, Callable[[Rule, Clause, Around], Clause]]] = {
    "library": _library,
    "sql": _sql,
    "custom": _custom,
}
