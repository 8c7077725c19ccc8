"""The 26 rules as a contract of the Open Data Contract Standard, for any of our sources."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.bench.rules import (
    FIRST_QUANTITY,
    KEY,
    LAST_QUANTITY,
    LATEST_DAYS,
    LINK,
    LONGEST,
    NEWEST,
    PATTERNS,
    RANGES,
    REQUIRED,
    SETS,
    TYPES,
)

Document = dict[str, Any]
"""A contract as JSON has it: whatever a document may hold."""

FILES: Final[Mapping[str, Any]] = {
    "server": "bench",
    "type": "local",
    "path": "{model}.parquet",
    "format": "parquet",
}


def document(name: str, schema: Sequence[Document], server: Mapping[str, Any]) -> Document:
    """A contract around the objects of ``schema``."""
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": f"bench-{name}",
        "version": "1.0.0",
        "status": "active",
        "servers": [dict(server)],
        "schema": list(schema),
    }


def lineitems(rows: int, server: Mapping[str, Any] = FILES) -> Document:
    """The contract on ``rows`` line items; ``orders`` is in it for the foreign key."""
    lines: Document = {
        "name": "lineitem",
        "physicalName": "lineitem",
        "properties": [_column(name) for name in TYPES],
        "quality": _quality(rows),
    }
    key: Document = {"name": "o_orderkey", "logicalType": "integer"}
    orders: Document = {"name": "orders", "physicalName": "orders", "properties": [key]}
    return document("lineitems", [lines, orders], server)


def _column(name: str) -> Document:
    column: Document = {"name": name, "logicalType": TYPES[name]}
    options: Document = {}
    if name in REQUIRED:
        column["required"] = True
    if name in KEY:
        column |= {"primaryKey": True, "primaryKeyPosition": KEY.index(name) + 1}
    if name == LINK[0]:
        column["relationships"] = [{"type": "foreignKey", "to": LINK[1]}]
    if name in RANGES:
        options["minimum"], options["maximum"] = RANGES[name]
    if name in SETS:
        column["enum"] = [{"value": value} for value in SETS[name]]
    if name in PATTERNS:
        options["pattern"] = PATTERNS[name]
    if name in LONGEST:
        options["maxLength"] = LONGEST[name]
    return column | ({"logicalTypeOptions": options} if options else {})


def _quality(rows: int) -> list[Document]:
    late = "SELECT count(*) FROM {object} WHERE l_shipdate > l_receiptdate"
    days = f"SELECT DATE '{NEWEST}' - max(l_shipdate) FROM {{object}}"  # noqa: S608 - our own constant
    mean = {
        "type": "expect_column_mean_to_be_between",
        "kwargs": {
            "column": "l_quantity",
            "min_value": FIRST_QUANTITY,
            "max_value": LAST_QUANTITY,
        },
    }
    return [
        {"id": "enough-lines", "metric": "rowCount", "mustBe": rows},
        {"id": "received-after-shipped", "type": "sql", "query": late, "mustBe": 0},
        {
            "id": "mean-quantity",
            "type": "custom",
            "engine": "greatExpectations",
            "implementation": mean,
        },
        {"id": "fresh", "type": "sql", "query": days, "mustBeLessOrEqualTo": LATEST_DAYS},
    ]
