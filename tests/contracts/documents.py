"""Small contracts to vary in tests."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from contracts.clause import Clause
from contracts.clauses import clauses
from contracts.parse import examine, parse

Members = Mapping[str, Any]
QUICK = settings(deadline=None, max_examples=60, database=None)

PLAIN_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3)
    ),
    max_leaves=12,
)


def document(**members: Any) -> bytes:
    """A valid contract in JSON, with members added or replaced; None takes one out."""
    base = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "orders",
        "version": "1.0.0",
        "status": "active",
    }
    return json.dumps({k: v for k, v in {**base, **members}.items() if v is not None}).encode()


def with_column(*, rules: list[Members] | None = None, **members: Any) -> bytes:
    """A contract of one object ``orders`` with one column ``amount``."""
    column = {"name": "amount", **members}
    if rules is not None:
        column["quality"] = rules
    return document(schema=[{"name": "orders", "properties": [column]}])


def with_rules(*rules: Members) -> bytes:
    """A contract of one object ``orders`` with these rules and the column ``amount``."""
    schema = {"name": "orders", "properties": [{"name": "amount"}], "quality": list(rules)}
    return document(schema=[schema])


def custom(**values: Any) -> list[Members]:
    """``customProperties``."""
    return [{"property": name, "value": value} for name, value in values.items()]


def problems(data: bytes) -> list[tuple[str, str]]:
    """Code and pointer of everything that is said about a document."""
    return [(problem.code, problem.pointer) for problem in examine(data)[1]]


def clauses_of(data: bytes) -> dict[str, Clause]:
    """The clauses of a valid document, by key."""
    return {clause.key: clause for clause in clauses(parse(data))}
