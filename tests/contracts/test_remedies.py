from typing import Any

import pytest

from contracts.parse import examine
from contracts.problems import Level
from contracts.remedies import remedy
from tests.contracts.documents import document, with_column, with_rules


def told(data: bytes) -> str:
    """The first error of a document, from what it says to write."""
    errors = [each for each in examine(data)[1] if each.severity is Level.ERROR]
    return errors[0].message.partition(": ")[2]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"enum": ["a", "b"]}, "write '- value: a'"),
        ({"enum": [True, False]}, "write '- value: true'"),
        ({"enum": "a"}, "begin each entry with '- ', such as '- value: a'"),
        (
            {"quality": {"metric": "rowCount", "mustBe": 1}},
            "begin each entry with '- ', such as '- metric: rowCount'",
        ),
        (
            {"quality": ["nullValues"]},
            "write '- metric: nullValues' and below it an operator, such as 'mustBe: 0'",
        ),
        (
            {"quality": [{"mustBe": 0, "id": "x"}]},
            "write 'metric' or 'query' beside it: what is compared",
        ),
        (
            {"quality": [{"id": "x", "rule": "nullCheck"}]},
            "write 'metric', such as 'metric: nullValues'",
        ),
        (
            {"type": "string"},
            (
                "write 'logicalType', such as 'logicalType: string'; a database's own word for it "
                "is the 'physicalType'"
            ),
        ),
        ({"logicalType": "varchar(9)"}, "write 'string', and 'varchar(9)' as 'physicalType'"),
        ({"minimum": 0}, "write it below 'logicalTypeOptions'"),
        ({"nullable": False}, "write 'required: true' where no cell may be empty"),
        ({"required": "yes"}, "write true or false"),
        ({"required": "true"}, "write true or false"),
        ({"unique": 1}, "write true or false"),
        ({"pii": True}, "write 'classification: confidential'"),
        ({"tags": "pii"}, "write [pii]"),
        ({"references": "a.b"}, "write 'relationships:' and below it '- to: customers.id'"),
        ({"relationships": "a.b"}, "begin each entry with '- ', such as '- to: a.b'"),
    ],
)
def test_a_slip_in_a_column_is_told_the_way_of_the_standard(members: dict[str, Any], words: str):
    assert told(with_column(**members)) == words


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"columns": [{"name": "a"}]}, "write 'properties'"),
        ({"fields": {"a": {}}}, "write 'properties'"),
        ({"properties": {"a": {}}}, "begin each entry with '- ', such as '- name: a'"),
        ({"type": "table"}, "write 'physicalType', such as 'physicalType: table'"),
    ],
)
def test_a_slip_in_an_object_is_told_the_way_of_the_standard(entry: dict[str, Any], words: str):
    assert told(document(schema=[{"name": "orders", **entry}])) == words


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"schema": {"orders": {}}}, "begin each entry with '- ', such as '- name: orders'"),
        (
            {"servers": {"prod": {"type": "local"}}},
            "begin each entry with '- ', such as '- server: prod'",
        ),
        (
            {"slaProperties": {"freshness": "1h"}},
            "begin each entry with '- ', such as '- property: freshness' with its 'value'",
        ),
        (
            {"assaySchedule": "every 5m"},
            "write 'customProperties:' and below it '- property: assaySchedule' with its 'value'",
        ),
        ({"description": "for all"}, "write 'purpose: for all' below it"),
        ({"team": "desk"}, "write 'name: desk' below it"),
        ({"kind": None}, "write 'kind: DataContract'"),
        ({"quality": []}, "write it below an entry of 'schema', or below a column of it"),
    ],
)
def test_a_slip_at_the_top_is_told_the_way_of_the_standard(members: dict[str, Any], words: str):
    assert told(document(**members)) == words


def test_a_server_of_the_type_of_its_files_is_told_both_words():
    assert remedy("unknown-value", ("servers", 0, "type"), "CSV") == (
        "write 'type: local' and 'format: csv'"
    )


def test_arguments_of_a_rule_are_told_where_they_stand():
    rule = {"id": "x", "metric": "invalidValues", "mustBe": 0, "validValues": ["a"]}

    assert told(with_rules(rule)) == "write it below 'arguments'"


def test_a_document_of_another_format_is_told_so_and_nothing_else():
    data = b"""\
dataContractSpecification: 1.1.0
id: orders
info: {title: Orders, version: 1.0.0}
models: {orders: {fields: {id: {type: string}}}}
"""

    _, found = examine(data)

    assert [(each.code, each.pointer) for each in found] == [("other-format", "")]
    assert "write 'apiVersion: v3.1.0'" in found[0].message
    assert "'models' as 'schema'" in found[0].message


def test_a_document_of_the_standard_before_v3_is_told_the_new_keys():
    data = b"kind: DataContract\nuuid: x\nversion: 1.0.0\ndataset: [{table: t, columns: []}]\n"

    _, found = examine(data)

    assert [each.code for each in found] == ["other-format"]
    assert "'id' for 'uuid', 'schema' for 'dataset'" in found[0].message


@pytest.mark.parametrize(("stated", "near"), [("3.0.2", "v3.0.2"), ("v2.2.2", "v3.1.0")])
def test_a_version_of_the_standard_is_told_one_that_is_read(stated: str, near: str):
    assert told(document(apiVersion=stated)).endswith(f"write {near!r}")


def test_what_nobody_slips_on_has_no_remedy():
    assert remedy("duplicate-item", ("schema", 0), {}) == ""
    assert remedy("unknown-key", ("schema", 0, "whatever"), 1) == ""
    assert remedy("wrong-type", (), []) == ""
