import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.clauses import clauses
from contracts.errors import InvalidContract
from contracts.parse import examine, parse
from contracts.problems import Level
from tests.contracts.documents import PLAIN_JSON, QUICK, custom, document, problems, with_rules

CASES = Path(__file__).parents[3] / "shared" / "cases" / "lint"
MANY_FAULTS = b"""\
apiVersion: v3.1.0
kind: DataContract
id: a/b
version: 1.0
status: active
colour: red
colour: blue
schema:
  - name: orders
    properties:
      - name: amount
        logicalType: intger
        required: yes
      - name: amount
customProperties:
  - property: assaySchedule
    value: 0 0 31 2 *
"""


def test_every_problem_of_a_document_comes_at_once_in_the_order_of_the_text():
    contract, found = examine(MANY_FAULTS)

    assert contract is None
    assert [(p.line, p.column, p.code, p.pointer) for p in found] == [
        (3, 5, "bad-id", "/id"),
        (4, 10, "wrong-type", "/version"),
        (7, 1, "duplicate-key", "/colour"),
        (12, 22, "unknown-value", "/schema/0/properties/0/logicalType"),
        (13, 19, "wrong-type", "/schema/0/properties/0/required"),
        (14, 15, "duplicate-name", "/schema/0/properties/1/name"),
        (17, 12, "bad-schedule", "/customProperties/0/value"),
    ]


def test_parse_raises_the_errors_and_leaves_out_the_warnings():
    data = document(id="", slaProperties=[{"property": "joy", "value": 1}])

    with pytest.raises(InvalidContract) as caught:
        parse(data)

    assert [p.code for p in caught.value.problems] == ["bad-id"]
    assert ("unknown-sla", "/slaProperties/0/property") in problems(data)


def test_warnings_leave_a_contract_valid():
    data = with_rules({"metric": "rowCount", "mustBeGreaterThan": 0, "severity": "awful"})

    contract, found = examine(data)

    assert contract is not None
    assert {(p.code, p.severity) for p in found} == {
        ("rule-without-id", Level.WARNING),
        ("unknown-severity", Level.WARNING),
    }


def test_what_cannot_be_read_is_a_problem_with_its_place():
    contract, found = examine(b"id: x\nschema: [")

    assert contract is None
    assert [(p.code, p.line) for p in found] == [("yaml-syntax", 2)]


def test_a_missing_key_points_at_what_lacks_it():
    found = examine(
        b"apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: '1'\nsupport:\n  - url: x"
    )[1]

    assert [(p.code, p.pointer, p.line) for p in found] == [("missing-key", "/support/0", 6)]


def test_an_unknown_key_points_at_the_key():
    found = examine(document(colour="a long way to the right"))[1]

    assert [(p.code, p.pointer) for p in found] == [("unknown-key", "/colour")]
    assert document(colour="x")[found[0].column - 1 :].startswith(b'"colour"')


def test_importing_costs_no_validator():
    code = "import sys, contracts.parse, contracts.clauses; print('jsonschema' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


@given(data=st.binary(max_size=80))
@QUICK
def test_any_bytes_are_a_contract_or_problems(data):
    contract, found = examine(data)

    assert contract is None
    assert any(p.severity is Level.ERROR for p in found)


KEYS = st.sampled_from(
    [
        "name",
        "schema",
        "properties",
        "quality",
        "items",
        "map",
        "key",
        "value",
        "metric",
        "mustBe",
        "logicalType",
        "enum",
        "property",
        "logicalTypeOptions",
        "customProperties",
        "minimum",
        "team",
        "members",
        "support",
        "servers",
        "slaProperties",
        "from",
        "to",
        "relationships",
        "type",
        "engine",
        "implementation",
        "arguments",
        "mustBeBetween",
        "id",
        "tags",
        "required",
    ]
)
WORDS = st.sampled_from(
    [
        "array",
        "object",
        "string",
        "date",
        "library",
        "sql",
        "custom",
        "greatExpectations",
        "x",
        "rowCount",
        "duplicateValues",
        "assaySchedule",
        "assayJitter",
        "local",
    ]
)
LIKELY = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside, max_size=5),
    max_leaves=30,
)


@given(members=st.dictionaries(KEYS, LIKELY | PLAIN_JSON, max_size=6))
@QUICK
def test_any_members_are_a_contract_or_problems_that_stand_somewhere(members):
    data = document(**members)

    contract, found = examine(data)

    assert all(p.line == 1 and 1 <= p.column <= len(data) for p in found)
    if contract is None:
        assert any(p.severity is Level.ERROR for p in found)
    else:
        keys = [clause.key for clause in clauses(contract)]
        assert len(keys) == len(set(keys))


FULL: dict[str, Any] = {
    "name": "n",
    "description": {"purpose": "p"},
    "team": {"name": "t", "members": [{"username": "u", "role": "owner"}]},
    "support": [{"channel": "c", "url": "mailto:a@example.org", "scope": "issues"}],
    "servers": [{"server": "s", "type": "local", "path": "x", "format": "csv"}],
    "customProperties": custom(assaySchedule="every 5s", assayTarget=99, assayGate="warn"),
    "slaProperties": [{"property": "latency", "value": 4, "unit": "d", "element": "o.c"}],
    "schema": [
        {
            "name": "o",
            "customProperties": custom(assayExtraColumns="fail", assayPartition="c"),
            "relationships": [{"from": "o.c", "to": "x.c"}],
            "quality": [
                {"metric": "duplicateValues", "mustBe": 0, "arguments": {"properties": ["c"]}},
                {"type": "sql", "query": "SELECT 1", "mustBeBetween": [1, 2]},
                {"type": "custom", "engine": "greatExpectations", "implementation": {"type": "x"}},
            ],
            "properties": [
                {
                    "name": "c",
                    "logicalType": "date",
                    "logicalTypeOptions": {"minimum": "2024-01-01"},
                    "primaryKey": True,
                    "primaryKeyPosition": 1,
                    "enum": [{"value": "2024-01-01"}],
                    "tags": ["pii"],
                    "quality": [{"metric": "nullValues", "mustBe": 0, "severity": "low"}],
                },
                {
                    "name": "m",
                    "logicalType": "map",
                    "map": {"key": {"logicalType": "string"}, "value": {"logicalType": "date"}},
                },
                {"name": "a", "logicalType": "array", "items": {"logicalType": "string"}},
            ],
        }
    ],
}


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value)
    inside = [(name, part) for name, part in members]
    below = [
        p for n, part in inside if isinstance(part, dict | list) for p in places(part, (*path, n))
    ]
    return [*((*path, name) for name, _ in inside), *below]


@given(place=st.sampled_from(places(FULL)), wrong=PLAIN_JSON | LIKELY)
@QUICK
def test_any_part_may_be_replaced_by_anything(place, wrong):
    members = copy.deepcopy(FULL)
    holder: Any = members
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = wrong

    contract, found = examine(document(**members))

    if contract is None:
        assert any(p.severity is Level.ERROR for p in found)
    else:
        assert json.dumps([dict(clause.arguments) for clause in clauses(contract)])


def test_the_full_document_is_fine():
    assert examine(document(**FULL))[0] is not None


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases of other projects are not here")
def test_contracts_of_others_are_read_without_a_fault_of_ours():
    for path in sorted(CASES.glob("*/contract.yaml"))[::6]:
        contract, found = examine(path.read_bytes())

        assert contract is not None or found
        if contract is not None:
            keys = [clause.key for clause in clauses(contract)]
            assert len(keys) == len(set(keys))


def test_settings_of_ours_that_nobody_knows_are_warned_of():
    data = document(customProperties=custom(assayShedule="every 5s", other=1))

    contract, found = examine(data)

    assert contract is not None
    assert [(p.code, p.message) for p in found] == [
        ("unknown-setting", "'assayShedule' means nothing here (did you mean 'assaySchedule'?)")
    ]


def test_errors_are_never_crowded_out_by_warnings():
    rules = [{"metric": "rowCount", "mustBe": 0}] * 600
    data = document(schema=[{"name": "o", "quality": rules}], slaProperties=[{"property": "x"}])

    contract, found = examine(data)

    assert contract is None
    assert [p.code for p in found if p.severity is Level.ERROR] == ["missing-key"]
    assert len(found) == 501
