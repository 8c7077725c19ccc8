import json
from collections import Counter

from contracts.clauses import clauses
from contracts.parse import parse
from tools.bench import planting, wide
from tools.bench.contract import Document, lineitems
from tools.bench.rules import rules

ROWS = 600_572
OF_ORDERS = "/schema/orders/"


def keys(document: Document) -> set[str]:
    return {clause.key for clause in clauses(parse(json.dumps(document).encode()))}


def test_there_are_twenty_six_rules_of_these_groups():
    groups = Counter(rule.group for rule in rules(ROWS))

    assert groups == {
        "not null": 8,
        "range": 5,
        "value set": 3,
        "pattern": 2,
        "length": 1,
        "composite key": 1,
        "row count": 1,
        "two columns": 1,
        "mean": 1,
        "foreign key": 1,
        "freshness": 1,
        "schema": 1,
    }


def test_the_contract_says_every_rule_and_nothing_else_of_the_line_items():
    said = {key for key in keys(lineitems(ROWS)) if not key.startswith(OF_ORDERS)}

    told = [clause for rule in rules(ROWS) for clause in rule.clauses]

    assert set(told) == said - {"/schema/lineitem/object_present"}
    assert len(told) == len(set(told))


def test_every_planted_violation_breaks_a_clause_of_the_contract():
    assert set(planting.planted()) <= keys(lineitems(ROWS))


def test_every_rule_of_the_wide_table_is_a_clause_of_its_contract():
    wanted = wide.rules(50)

    assert len(wanted) == 200
    assert {clause for rule in wanted for clause in rule.clauses} <= keys(wide.contract(50))


def test_fewer_columns_make_fewer_rules_on_the_same_table():
    assert [len(wide.rules(columns)) for columns in (5, 50)] == [20, 200]
