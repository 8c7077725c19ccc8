"""The 26 rules on TPC-H line items: each as clauses of a contract and as SQL written by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

FIRST_QUANTITY, LAST_QUANTITY = 25, 26
NEWEST: Final = "1998-12-31"
LATEST_DAYS: Final = 60
PROPERTIES: Final = "/schema/lineitem/properties/"
_QUALITY: Final = "/schema/lineitem/quality/"

TYPES: Final = {
    "l_orderkey": "integer",
    "l_partkey": "integer",
    "l_suppkey": "integer",
    "l_linenumber": "integer",
    "l_quantity": "number",
    "l_extendedprice": "number",
    "l_discount": "number",
    "l_tax": "number",
    "l_returnflag": "string",
    "l_linestatus": "string",
    "l_shipdate": "date",
    "l_commitdate": "date",
    "l_receiptdate": "date",
    "l_shipinstruct": "string",
    "l_shipmode": "string",
    "l_comment": "string",
}
REQUIRED: Final = (
    "l_orderkey",
    "l_partkey",
    "l_suppkey",
    "l_linenumber",
    "l_quantity",
    "l_extendedprice",
    "l_discount",
    "l_shipdate",
)
RANGES: Final[dict[str, tuple[float, float]]] = {
    "l_linenumber": (1, 7),
    "l_quantity": (1, 50),
    "l_extendedprice": (900, 105000),
    "l_discount": (0, 0.1),
    "l_tax": (0, 0.08),
}
SETS: Final = {
    "l_returnflag": ("A", "N", "R"),
    "l_linestatus": ("F", "O"),
    "l_shipmode": ("AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"),
}
PATTERNS: Final = {"l_shipinstruct": "^[A-Z ]+$", "l_comment": "^[a-zA-Z0-9 .,;:!?'-]+$"}
LONGEST: Final = {"l_comment": 44}
KEY: Final = ("l_orderkey", "l_linenumber")
LINK: Final = ("l_orderkey", "orders.o_orderkey")

_NUMBERS: Final = ("bigint", "integer")
_NAMES: Final = {
    "integer": _NUMBERS,
    "number": ("decimal", "numeric"),
    "string": ("varchar", "text", "character varying"),
    "date": ("date",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One of the 26.

    Attributes:
        group: What sort of rule it is, such as ``not null``.
        clauses: Keys of the contract's clauses that together say it.
        breaches: SQL over ``lineitem`` for how many rows break it, or 1 where rows do not apply.
        on_duckdb: The same where DuckDB has a faster way to say it.
    """

    name: str
    group: str
    clauses: tuple[str, ...]
    breaches: str
    on_duckdb: str = field(default="")


def text(value: str) -> str:
    """``value`` as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def among(values: Sequence[str]) -> str:
    """``values`` as an SQL list."""
    return "(" + ", ".join(text(value) for value in values) + ")"


def of_rows(name: str, group: str, clauses: tuple[str, ...], *, broken: str) -> Rule:
    """A rule about one row at a time; ``broken`` is true of a row that breaks it."""
    return Rule(
        name=name,
        group=group,
        clauses=clauses,
        breaches=f"count(*) FILTER (WHERE {broken})",
        on_duckdb=f"count_if({broken})",
    )


def _of_columns() -> list[Rule]:
    """Rules that look at one cell at a time."""
    rules = [
        Rule(
            name=f"{column} is there",
            group="not null",
            clauses=(f"{PROPERTIES}{column}/required",),
            breaches=f"count(*) - count({column})",
        )
        for column in REQUIRED
    ]
    for column, (low, high) in RANGES.items():
        ends = (f"{PROPERTIES}{column}/minimum", f"{PROPERTIES}{column}/maximum")
        outside = f"{column} NOT BETWEEN {low} AND {high}"
        rules.append(of_rows(f"{column} in range", "range", ends, broken=outside))
    return [*rules, *_of_texts()]


def _of_texts() -> list[Rule]:
    found = [
        ("enum", "value set", f"{column} NOT IN {among(values)}", column)
        for column, values in SETS.items()
    ]
    found += [
        ("pattern", "pattern", f"NOT {column} ~ {text(pattern)}", column)
        for column, pattern in PATTERNS.items()
    ]
    found += [
        ("max_length", "length", f"length({column}) > {longest}", column)
        for column, longest in LONGEST.items()
    ]
    return [
        of_rows(f"{column} {kind}", group, (f"{PROPERTIES}{column}/{kind}",), broken=broken)
        for kind, group, broken, column in found
    ]


def _of_tables() -> list[Rule]:
    """Rules that look at several rows, or at another table."""
    first, second = KEY
    column, target = LINK
    table, there = target.split(".")
    again = (
        f"SELECT count(*) AS n FROM lineitem WHERE {first} IS NOT NULL AND {second} IS NOT NULL "  # noqa: S608 - our own names
        f"GROUP BY {first}, {second} HAVING count(*) > 1"
    )
    return [
        Rule(
            name="no line twice",
            group="composite key",
            clauses=("/schema/lineitem/primary_key",),
            breaches=f"(SELECT coalesce(sum(n), 0) FROM ({again}) AS again)",  # noqa: S608 - our own names
        ),
        Rule(
            name="its order is there",
            group="foreign key",
            clauses=(f"{PROPERTIES}{column}/relationships/{target}",),
            breaches=(
                f"(SELECT count(*) FROM lineitem WHERE {column} IS NOT NULL AND NOT EXISTS "  # noqa: S608 - our own names
                f"(SELECT 1 FROM {table} WHERE {there} = {column}))"
            ),
            on_duckdb=(
                f"(SELECT count(*) FROM lineitem ANTI JOIN {table} ON {there} = {column} "  # noqa: S608 - our own names
                f"WHERE {column} IS NOT NULL)"
            ),
        ),
        Rule(
            name="columns and types",
            group="schema",
            clauses=tuple(
                f"{PROPERTIES}{name}/{kind}"
                for name in TYPES
                for kind in ("column_present", "type")
            ),
            breaches=_wrong_types(),
        ),
    ]


def _wrong_types() -> str:
    """How many columns lack, or have another type; the words are those of both databases."""
    pairs = ", ".join(
        f"({text(column)}, {text(word)})"
        for column, logical in TYPES.items()
        for word in _NAMES[logical]
    )
    return (
        f"(SELECT {len(TYPES)} - count(*) FROM information_schema.columns "  # noqa: S608 - our own names
        "WHERE table_name = 'lineitem' AND table_schema = current_schema() "
        f"AND (column_name, lower(split_part(data_type, '(', 1))) IN ({pairs}))"
    )


def _of_quality(rows: int) -> list[Rule]:
    """Rules under ``quality``; of them only the comparison of dates has rows of its own."""
    late = "received-after-shipped"
    kept = [
        ("enough-lines", "row count", f"count(*) = {rows}"),
        ("mean-quantity", "mean", f"avg(l_quantity) BETWEEN {FIRST_QUANTITY} AND {LAST_QUANTITY}"),
        ("fresh", "freshness", f"DATE '{NEWEST}' - max(l_shipdate) <= {LATEST_DAYS}"),
    ]
    found = [
        Rule(
            name=name,
            group=group,
            clauses=(f"{_QUALITY}{name}",),
            breaches=f"CASE WHEN {holds} THEN 0 ELSE 1 END",
        )
        for name, group, holds in kept
    ]
    return [
        *found,
        of_rows(late, "two columns", (f"{_QUALITY}{late}",), broken="l_shipdate > l_receiptdate"),
    ]


def rules(rows: int) -> tuple[Rule, ...]:
    """All 26, for a table of ``rows`` rows."""
    return (*_of_columns(), *_of_tables(), *_of_quality(rows))


def statement(wanted: Sequence[Rule], table: str, *, duckdb: bool) -> str:
    """The hand-written statement: one row, a count of breaches for each rule, in their order."""
    counts = [(duckdb and rule.on_duckdb) or rule.breaches for rule in wanted]
    return "SELECT " + ",\n  ".join(counts) + f"\nFROM {table}"
