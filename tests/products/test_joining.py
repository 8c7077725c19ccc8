import pytest

from products.joining import stranger_to
from products.model import Port, Product

ORDERS = Product(key="sales.orders", domain="sales", name="orders")
MINE = Port(product="sales.orders", name="orders", contract_id="mine")
OTHERS = Port(product="sales.orders", name="orders", contract_id="others")


def called(domain: str, name: str) -> Product:
    return Product(key="sales.orders", domain=domain, name=name)


def test_a_further_contract_of_the_same_domain_and_name_is_a_port_of_the_product():
    assert not stranger_to(ORDERS, [OTHERS], wanted=called("sales", "orders"), port=MINE)


@pytest.mark.parametrize(
    ("domain", "name"), [("sales", "Orders!"), ("sales", "ORDERS"), ("Sales", "orders")]
)
def test_a_further_contract_that_spells_it_otherwise_is_a_stranger(domain: str, name: str):
    assert stranger_to(ORDERS, [OTHERS], wanted=called(domain, name), port=MINE)


def test_a_port_of_the_product_may_spell_it_anew():
    assert not stranger_to(ORDERS, [OTHERS, MINE], wanted=called("sales", "Orders"), port=MINE)


def test_a_product_without_ports_belongs_to_nobody():
    assert not stranger_to(ORDERS, [], wanted=called("sales", "Orders"), port=MINE)
