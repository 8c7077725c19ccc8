"""``Contract`` -> clauses: every promise of the document exactly once, each with its identity.

``Clause.arguments`` by kind, as the document has the values:

- type: ``logical_type``; ``format``, ``dimensions``, ``element_type`` where stated
- physical_type: ``physical_type``
- minimum, maximum and every other option: ``value``; a bound of a date or timestamp is text
- enum: ``values``
- object_present, column_present, required, unique: none
- primary_key, extra_columns: ``columns``, physical names
- relationship: ``to``, and ``from`` where stated, as the document has them; where both are found
  in the contract, physical names: ``columns``, ``to_schema``, ``to_columns``
- null_values: ``operator``, ``value``, ``unit`` (``rows`` or ``percent``)
- duplicate_values: the same, and on an object ``columns``, physical names
- missing_values, invalid_values: the same as null_values, and the document's own arguments
- row_count: ``operator``, ``value``
- sql: ``query``, ``operator``, ``value``
- expectation: ``type`` (snake case), ``kwargs``
- pandera_check: ``implementation``
- custom: ``engine``, ``implementation``
- kinds of service levels: ``property``, ``value``, ``unit``, ``element``

``operator`` is the document's word; with ``mustBeBetween`` and ``mustNotBeBetween`` ``value`` is
``[low, high]``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Final

from contracts.clause import Clause, Kind
from contracts.clauses_schema import NOT_YET, schema_clauses, secret_columns
from contracts.identity import Keys, place, sla_names
from contracts.model import Contract, Sla
from contracts.thresholds import shown
from contracts.timetable import Timetable
from contracts.words import sla_kind

NO_PHYSICAL_TYPES: Final = "not executable: a physical type is judged in databases, not in files"


def clauses(contract: Contract) -> tuple[Clause, ...]:
    """All promises of a contract: object by object, then the service levels. No two share a key."""
    found = chain(
        chain.from_iterable(
            schema_clauses(schema, contract.schemas) for schema in contract.schemas
        ),
        _sla_clauses(contract),
    )
    keys = Keys()
    secrets = {schema.physical_name: secret_columns(schema) for schema in contract.schemas}
    return tuple(
        replace(
            _where_it_lies(clause, contract),
            key=keys.give(clause.key),
            sensitive_columns=_sensitive_columns(clause, secrets),
            timetable=_timetable(clause, contract),
        )
        for clause in found
    )


def _timetable(clause: Clause, contract: Contract) -> Timetable | None:
    """Return when a clause is judged, where that is not by the contract's own schedule."""
    if clause.timetable is None or not clause.executable:
        return None
    found = replace(contract.shared, cron=clause.timetable.cron)
    return None if found == contract.timetable else found


def _where_it_lies(clause: Clause, contract: Contract) -> Clause:
    """Return a clause as what it is on the contract's servers: one that none can judge is told so.

    Were it called executable, it would lower assurance for ever, whatever anybody does.
    """
    if clause.kind is Kind.PHYSICAL_TYPE and contract.lies_in_files:
        return replace(clause, executable=False, engine=None, skipped=NO_PHYSICAL_TYPES)
    return clause


def _sensitive_columns(clause: Clause, secrets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Those of its own object and, where it may read any others by name, of those."""
    if clause.kind not in {Kind.SQL, Kind.EXPECTATION}:
        return clause.sensitive_columns
    text = json.dumps(clause.arguments, default=list).lower()
    read = (columns for name, columns in secrets.items() if _may_name(name, text))
    return tuple(dict.fromkeys(chain(clause.sensitive_columns, *read)))


def _may_name(name: str, text: str) -> bool:
    """Whether all parts of ``name`` stand in ``text``: SQL may quote each, and set them apart."""
    parts = re.split(r"[.\\\"]+", json.dumps(name).lower())
    return all(part in text for part in parts)


def _sla_clauses(contract: Contract) -> Iterator[Clause]:
    for sla in contract.sla:
        kind = sla_kind(sla.property)
        unknown = f"not executable: nobody knows the property '{sla.property[:80]}'"
        yield Clause(
            key=place("slaProperties", *sla_names(sla)),
            pointer=sla.pointer,
            kind=kind or Kind.SLA,
            arguments={
                "property": sla.property,
                "value": sla.value,
                "unit": sla.unit,
                "element": sla.element,
            },
            threshold=_promised(sla),
            description=sla.description,
            severity=sla.severity,
            dimension=sla.dimension,
            skipped=NOT_YET if kind else unknown,
            executable=kind is not None,
            timetable=Timetable(cron=sla.cron) if sla.cron else None,
        )


def _promised(sla: Sla) -> str:
    return " ".join(part for part in (shown(sla.value), sla.unit or "") if part)
