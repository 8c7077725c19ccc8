"""Four rules for each column of a wide table, to see that statements do not grow with rules."""

from typing import Final

from tools.bench.contract import FILES, Document, document
from tools.bench.rules import Rule, among, of_rows

TABLE: Final = "wide"
EACH: Final = 4
_MOST: Final = 999
_WORDS: Final = ("red", "green", "blue", "white", "black")
_LONGEST: Final = 5


def names(columns: int) -> list[str]:
    """The columns: numbers in even places, words in odd ones."""
    return [f"c{place:02}" for place in range(columns)]


def is_number(name: str) -> bool:
    """Whether the column holds numbers; else it holds words."""
    return int(name[1:]) % 2 == 0


def rows_sql(columns: int, rows: int) -> str:
    """A SELECT that makes the table: the same cells every time."""
    cells = []
    for place, name in enumerate(names(columns)):
        drawn = f"hash(row * {columns} + {place})"
        words = "['" + "', '".join(_WORDS) + "']"
        number, word = (
            f"({drawn} % {_MOST + 1})::INTEGER",
            f"{words}[({drawn} % {len(_WORDS)})::INTEGER + 1]",
        )
        cells.append(f"{number if is_number(name) else word} AS {name}")
    return f"SELECT {', '.join(cells)} FROM range({rows}) made(row)"  # noqa: S608 - our own names


def contract(columns: int) -> Document:
    """``EACH`` rules for each of the first ``columns``: three under schema, one under quality."""
    properties = [_column(name) for name in names(columns)]
    schema: Document = {"name": TABLE, "physicalName": TABLE, "properties": properties}
    return document("wide", [schema], FILES)


def _column(name: str) -> Document:
    number = is_number(name)
    column: Document = {
        "name": name,
        "logicalType": "integer" if number else "string",
        "required": True,
        "quality": [{"id": "filled", "metric": "nullValues", "mustBe": 0}],
    }
    if number:
        return column | {"logicalTypeOptions": {"minimum": 0, "maximum": _MOST}}
    enum = [{"value": word} for word in _WORDS]
    return column | {"enum": enum, "logicalTypeOptions": {"maxLength": _LONGEST}}


def rules(columns: int) -> tuple[Rule, ...]:
    """The same rules as SQL; each clause of the contract is one of its own."""
    return tuple(rule for name in names(columns) for rule in _rules(name))


def _rules(name: str) -> list[Rule]:
    clauses = f"/schema/{TABLE}/properties/{name}/"
    filled = [
        Rule(
            name=f"{name} {kind}",
            group="not null",
            clauses=(f"{clauses}{kind}",),
            breaches=f"count(*) - count({name})",
        )
        for kind in ("required", "quality/filled")
    ]
    broken = {
        "enum": f"{name} NOT IN {among(_WORDS)}",
        "max_length": f"length({name}) > {_LONGEST}",
    }
    if is_number(name):
        broken = {"minimum": f"{name} < 0", "maximum": f"{name} > {_MOST}"}
    return filled + [
        of_rows(f"{name} {kind}", kind, (f"{clauses}{kind}",), broken=condition)
        for kind, condition in broken.items()
    ]
