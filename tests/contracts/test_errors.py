from contracts.errors import InvalidContract
from contracts.problems import Problem


def test_the_message_holds_every_problem():
    first = Problem(code="a", pointer="", line=1, column=1, message="one")
    second = Problem(code="b", pointer="/id", line=2, column=1, message="two")

    assert str(InvalidContract((first, second))) == "/: one; /id: two"
