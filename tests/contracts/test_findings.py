from typing import Any

import pytest

from contracts.standard import findings

MINIMAL: dict[str, Any] = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "x",
    "version": "1",
}


def said(**members) -> tuple[str, str, str]:
    found = findings({**MINIMAL, **members})
    assert len(found) == 1, found
    return found[0].code, found[0].pointer, found[0].message


def column(**members) -> tuple[str, str, str]:
    code, pointer, message = said(schema=[{"name": "t", "properties": [{"name": "c", **members}]}])
    return code, pointer.removeprefix("/schema/0/properties/0"), message


def rule(**members) -> tuple[str, str, str]:
    code, pointer, message = said(schema=[{"name": "t", "quality": [members]}])
    return code, pointer.removeprefix("/schema/0/quality/0"), message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (5, "must be text, not the number 5: write it in quotes, '5'"),
        (1.0, "must be text, not the number 1.0: write it in quotes, '1.0'"),
        (True, "must be text, not true or false: write it in quotes, 'True'"),
        (None, "must be text, not empty"),
        ([], "must be text, not a list"),
        ({}, "must be text, not a mapping"),
    ],
)
def test_a_wrong_type_says_what_is_wanted(value, message):
    assert said(name=value) == ("wrong-type", "/name", message)


def test_yes_is_no_truth_value():
    message = "must be true or false, not the text 'yes': write true or false"

    assert column(required="yes") == ("wrong-type", "/required", message)


def test_long_values_are_cut():
    assert len(said(kind="x" * 500)[2]) < 120


def test_a_wrong_word_offers_the_close_one():
    code, pointer, message = column(logicalType="strng")

    assert (code, pointer) == ("unknown-value", "/logicalType")
    assert message.startswith("'strng' is not one of string, date, ")
    assert message.endswith("(did you mean 'string'?)")


def test_a_wrong_value_that_is_no_word_is_shown():
    found = findings({**MINIMAL, "kind": 5})

    assert {f.message for f in found} >= {"5 is not one of DataContract"}


def test_missing_keys_are_named():
    assert said(support=[{}]) == ("missing-key", "/support/0", "needs 'channel'")


def test_a_form_is_described():
    assert column(id="a b")[0] == "bad-pattern"
    assert column(id="a b")[2].startswith("'a b' is not of this form: Stable technical identifier")


def test_from_is_not_for_columns():
    entry = {"from": "a.b", "to": "c.d"}

    assert column(relationships=[entry])[0] == "unknown-key"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minLength": -1}, "must be at least 0"),
        ({"maxLength": 1.5}, "must be a whole number, not the number 1.5"),
    ],
)
def test_a_number_out_of_range_says_the_range(options, message):
    assert column(logicalType="string", logicalTypeOptions=options)[2] == message


def test_a_multiple_of_nothing_is_out_of_range():
    options = {"multipleOf": 0}

    found = column(logicalType="integer", logicalTypeOptions=options)

    assert found == ("out-of-range", "/logicalTypeOptions/multipleOf", "must be more than 0")


def test_an_empty_list_of_values_is_out_of_range():
    assert column(enum=[]) == ("out-of-range", "/enum", "needs at least 1 item(s)")


def test_no_operator_lists_the_operators():
    code, pointer, message = rule(metric="rowCount")

    assert (code, pointer) == ("missing-key", "")
    assert message.startswith("needs one of mustBe, mustNotBe, mustBeGreaterThan, ")


def test_the_operator_that_was_meant_is_judged():
    found = rule(metric="rowCount", mustBeLessThan="x")

    assert found == ("wrong-type", "/mustBeLessThan", "must be a number, not the text 'x'")


def test_too_many_ends_are_out_of_range():
    found = rule(metric="rowCount", mustBeBetween=[1, 2, 3])

    assert found == ("out-of-range", "/mustBeBetween", "may hold at most 2 items")


def test_types_of_alternatives_are_joined():
    assert said(team=5) == ("wrong-type", "/team", "must be a mapping or a list, not the number 5")
    assert rule(type="custom", engine="x", implementation=5)[2] == (
        "must be text or a mapping, not the number 5"
    )


def test_the_form_of_team_that_was_meant_is_judged():
    found = said(team=[{"username": "a", "rol": "owner"}])

    assert found == (
        "unknown-key",
        "/team/0/rol",
        "'rol' is not a key of this place (did you mean 'role'?)",
    )


def test_several_forms_without_keys_of_their_own_are_told():
    found = findings({**MINIMAL, "schema": [{"name": "t", "relationships": [{}]}]})

    assert {f.code for f in found} >= {"missing-key", "several-forms"}
