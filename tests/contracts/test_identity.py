from hypothesis import given
from hypothesis import strategies as st

from contracts.identity import Keys, place, relationship_name, rule_name, sla_names
from contracts.model import Rule, Sla, Threshold
from tests.contracts.documents import QUICK


def rule(**members) -> Rule:
    return Rule(**{"pointer": "/x", "type": "library", **members})


def test_a_place_is_made_of_escaped_names():
    assert place("schema", "a/b", "c~d") == "/schema/a~1b/c~0d"


def test_a_rule_is_known_by_id_else_name():
    assert rule_name(rule(id="i", name="n")) == "i"
    assert rule_name(rule(name="n")) == "n"


def test_a_nameless_rule_is_known_by_what_it_looks_at_and_not_by_its_threshold():
    loose = rule(metric="rowCount", threshold=Threshold(operator="mustBe", value=1))
    tight = rule(metric="rowCount", threshold=Threshold(operator="mustBeLessThan", value=2))

    assert rule_name(loose) == rule_name(tight)
    assert rule_name(loose).startswith("row_count-")
    assert len(rule_name(loose)) == len("row_count-") + 8


def test_other_arguments_make_another_rule():
    names = {
        rule_name(rule(metric="duplicateValues", arguments={"properties": ["a"]})),
        rule_name(rule(metric="duplicateValues", arguments={"properties": ["b"]})),
        rule_name(rule(type="sql", query="SELECT 1")),
        rule_name(rule(type="sql", query="SELECT 2")),
        rule_name(rule(type="text", description="a")),
        rule_name(rule(type="text", description="b")),
        rule_name(rule(type="custom", engine="x", implementation={"a": 1})),
        rule_name(rule(metric="unheard")),
    }

    assert len(names) == 8


def test_a_service_level_is_known_by_id_else_property_and_element():
    assert sla_names(Sla(pointer="", property="p", id="i")) == ("i",)
    assert sla_names(Sla(pointer="", property="p", element="o.c")) == ("p", "o.c")
    assert sla_names(Sla(pointer="", property="p")) == ("p",)


def test_a_relationship_is_known_by_id_else_its_ends():
    assert relationship_name({"id": "i", "to": "a.b"}) == "i"
    assert relationship_name({"to": "a.b"}) == "a.b"
    assert relationship_name({"from": ["o.a", "o.b"], "to": ["c.d", "c.e"]}) == "o.a,o.b->c.d,c.e"
    assert relationship_name({}) == "relationship"


def test_ordinals_part_equals_only():
    keys = Keys()

    assert [keys.give(k) for k in ("/a", "/b", "/a", "/a")] == ["/a", "/b", "/a/2", "/a/3"]


@given(wanted=st.lists(st.sampled_from(["/a", "/a/2", "/a/2/2", "/a/3", "/b"]), max_size=12))
@QUICK
def test_no_key_is_given_twice(wanted):
    keys = Keys()

    given_out = [keys.give(key) for key in wanted]

    assert len(set(given_out)) == len(wanted)
