import pytest

from cli.answers import Result, Run, shaped
from cli.errors import ServiceFault
from tests.cli.fakes import result_document, run_document


def test_an_answer_of_another_release_is_a_fault_of_the_service():
    with pytest.raises(ServiceFault, match=r"does not know \(id: Field required\)"):
        shaped(Run, {key: value for key, value in run_document().items() if key != "id"})


def test_more_than_is_needed_does_no_harm():
    assert shaped(Run, run_document(new="thing")).id == 7


@pytest.mark.parametrize(
    ("schema", "column", "place"),
    [("orders", "amount", "orders.amount"), ("orders", None, "orders"), (None, None, "contract")],
)
def test_a_result_knows_its_place(schema, column, place):
    assert shaped(Result, result_document(schema=schema, column=column)).place == place
