from hypothesis import given
from hypothesis import strategies as st

from contracts.tree import Tree, escape, unescape
from tests.contracts.documents import QUICK


@given(name=st.text())
@QUICK
def test_escaping_a_name_can_be_undone(name):
    assert unescape(escape(name)) == name
    assert "/" not in escape(name)


def test_a_name_with_a_slash_has_a_place():
    tree = Tree()
    tree.open({}, (1, 1))
    tree.key("a/b~c", (2, 1))
    tree.scalar(5, (2, 9))
    tree.close()

    assert tree.finish().place("/a~1b~0c") == (2, 9)


def test_a_problem_knows_the_members_around_it():
    tree = Tree()
    tree.open({}, (1, 1))
    tree.key("list", (1, 2))
    tree.open([], (1, 8))
    tree.scalar(1, (1, 9))

    tree.note("code", (1, 11), "message")

    assert tree.problems[0].pointer == "/list/1"
