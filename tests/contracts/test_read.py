import pytest

from contracts.parse import parse
from tests.contracts.documents import document, problems


def test_what_is_not_stated_has_its_default():
    contract = parse(document(status=None))

    assert (contract.domain, contract.product, contract.status) == ("default", "orders", "")
    assert (contract.timetable, contract.target, contract.gate) == (None, None, None)
    assert contract.schemas == ()


def test_the_product_is_named_by_data_product_else_name_else_id():
    assert parse(document(dataProduct="p", name="n")).product == "p"
    assert parse(document(name="n")).product == "n"
    assert parse(document()).product == "orders"


def test_the_purpose_is_part_of_the_description():
    assert parse(document(description={"purpose": "to sell"})).purpose == "to sell"
    assert parse(document(description={"usage": "x"})).purpose == ""


@pytest.mark.parametrize("version", ["v3.0.0", "v3.0.2", "v3.1.0", "v3.2.0", "v3.2.1"])
def test_versions_of_the_standard_that_are_read(version):
    assert parse(document(apiVersion=version)).api_version == version


@pytest.mark.parametrize("version", ["v2.2.2", "v3.3.0", "v4.0.0", "3.1.0", "", "v3.1"])
def test_other_versions_are_refused(version):
    assert problems(document(apiVersion=version)) == [("unknown-api-version", "/apiVersion")]


@pytest.mark.parametrize(
    "word",
    ["urn:datacontract:a:b", "53581432-6c55-4ba2-a65f-72344a91553a", "a b.c", "ö", "x" * 200],
)
def test_ordinary_ids_are_fine(word):
    assert parse(document(id=word)).id == word


@pytest.mark.parametrize("word", ["", "  ", ".", "..", "a/b", "a\tb", "a\x7fb", "x" * 201])
def test_ids_and_versions_that_no_address_can_hold_are_refused(word):
    codes = {
        code for code, _ in problems(document(id=word, version=word).replace(b"\x7f", b"\\u007f"))
    }

    assert codes == {"bad-id", "bad-version"}
