import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.model import folded, product_key, slug


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Sales Orders", "sales-orders"),
        ("fct_orders", "fct_orders"),
        ("sales.eu / orders", "sales-eu-orders"),
        ("Ventes à l'été", "ventes-a-l-ete"),
        ("Straße", "strasse"),
        ("  ", "unnamed"),
        ("", "unnamed"),
        ("Unnamed", "unnamed"),
    ],
)
def test_a_name_becomes_a_part_of_an_address(text: str, part: str):
    assert slug(text) == part


def test_names_in_another_script_stay_apart():
    found = {slug("订单"), slug("客户"), slug("订单 v2"), slug("客户 v2")}

    assert len(found) == 4


def test_names_without_any_letter_stay_apart():
    found = [slug("!?"), slug("?!"), slug("😀"), slug("🎉"), slug("\U0001d400"), slug("unnamed")]

    assert len(set(found)) == len(found)
    assert all(part.startswith("unnamed") for part in found)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("订单", "unnamed-3d5436ea"),
        ("Заказы", "unnamed-c359203e"),
        ("订单 v2", "v2-3b50ffeb"),
        ("Ventes à l'été", "ventes-a-l-ete"),
        ("Orders 😀", "orders"),
        (" 订单 ", "unnamed-a0a75430"),
    ],
)
def test_keys_that_stand_in_databases_stay_as_they_are(text: str, part: str):
    assert slug(text) == part


@given(*[st.text(st.characters(exclude_characters=string.ascii_letters + string.digits))] * 2)
def test_unlike_names_never_share_the_key_of_what_has_no_plain_letters(one: str, other: str):
    parts = slug(one), slug(other)

    if all(part.startswith("unnamed-") for part in parts):
        assert (parts[0] == parts[1]) == (folded(one) == folded(other))


@given(st.text())
def test_any_text_gives_an_address_and_an_address_is_its_own(text: str):
    part = slug(text)

    assert re.fullmatch(r"[a-z0-9_-]+", part)
    assert slug(part) == part


@given(st.text())
def test_case_plays_no_part_in_plain_names(text: str):
    plain = text.encode("ascii", "ignore").decode()

    assert slug(plain.upper()) == slug(plain.lower())


@given(st.text(), st.text())
def test_a_key_has_two_parts(domain: str, name: str):
    assert product_key(domain, name).split(".") == [slug(domain), slug(name)]


def test_a_key_reads_as_an_address():
    assert product_key("Sales", "Orders") == "sales.orders"
