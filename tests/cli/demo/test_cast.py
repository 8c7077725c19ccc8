"""The cast and the contracts that they promise."""

import pytest

from cli.demo.cast import CAST, Role
from contracts.clauses import clauses
from contracts.parse import parse


@pytest.mark.parametrize("role", CAST, ids=lambda role: role.product)
def test_each_role_is_what_its_contract_says(role: Role):
    contract = parse(role.contract.read_bytes())

    promised = {clause.key: clause for clause in clauses(contract)}
    assert f"{contract.domain}.{contract.product}" == role.product
    assert contract.owner_emails[0] == role.owner
    assert role.table in {schema.physical_name for schema in contract.schemas}
    assert set(role.habit.breaks) <= set(promised)
    assert all(promised[key].blocking for key in role.habit.breaks)
    assert all(not clause.skipped for clause in promised.values())
    assert all(column.description for schema in contract.schemas for column in schema.columns)


def test_there_are_five_products_in_three_domains():
    assert len(CAST) == 5
    assert {role.product.split(".")[0] for role in CAST} == {"sales", "logistics", "procurement"}
