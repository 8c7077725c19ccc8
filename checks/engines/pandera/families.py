"""Which database types keep the promise of a logical type, as Pandera data types."""

from collections.abc import Iterable
from typing import Any, Final

from ibis.backends.sql.datatypes import DuckDBType
from pandera import dtypes
from pandera.engines import ibis_engine
from typing_extensions import override

INTEGERS: Final = [
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
    "BIGNUM",
]
_KEPT: Final[dict[str, tuple[str, ...]]] = {
    "string": (
        "VARCHAR", "UUID",
        "text", "character varying", "character", "bpchar", '"char"', "name", "uuid", "xml",
        "inet", "cidr", "macaddr", "macaddr8",
    ),
    "integer": (*INTEGERS, "smallint", "integer", "bigint"),
    "number": (
        *INTEGERS, "DECIMAL", "FLOAT", "DOUBLE",
        "smallint", "integer", "bigint", "numeric", "real", "double precision", "money",
    ),
    "boolean": ("BOOLEAN", "boolean"),
    "date": ("DATE", "date"),
    "timestamp": (
        "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE",
        "timestamp without time zone", "timestamp with time zone",
    ),
    "time": (
        "TIME", "TIME_NS", "TIME WITH TIME ZONE",
        "time without time zone", "time with time zone",
    ),
    "array": ("[]", "json", "jsonb"),
    "object": ("STRUCT", "json", "jsonb"),
    "map": ("MAP", "json", "jsonb"),
    "vector": ("[]",),
}  # fmt: skip
"""By logical type: heads of DuckDB's types, in capitals, and of PostgreSQL's, in small letters."""

_KNOWN: Final = frozenset(word for words in _KEPT.values() for word in words)


def family(type_: str) -> str:
    """The head of a database type, without lengths and scales.

    ``DECIMAL(10,2)`` is ``DECIMAL``, ``timestamp(3) with time zone`` is ``timestamp with time
    zone`` and ``INTEGER[3]`` is ``[]``. An ``ENUM`` is ``VARCHAR``, as which its cells compare.
    """
    if type_.endswith("]"):
        return "[]"
    head, _, rest = type_.partition("(")
    word = head + rest.rpartition(")")[2]
    return "VARCHAR" if word == "ENUM" else word


class Promised(ibis_engine.DataType):
    """A logical type of a contract: kept by a whole family of database types, never by a coercion.

    An integer column keeps the promise of a number; a decimal column not that of an integer.
    """

    _logical_type: str
    _family: str

    def __init__(self, logical_type: str, source_type: str, type_: str = "VARCHAR") -> None:
        """Take the column's type in its source, and that of its cells as they are judged.

        The latter tells of what kind a type is that somebody made; that its cells are read as text
        tells nothing.
        """
        # Not the ibis class's own way: it warns of every type that it does not know.
        dtypes.DataType.__init__(self)  # type: ignore[no-untyped-call]  # pandera's
        told = source_type if type_ == "VARCHAR" or family(source_type) in _KNOWN else type_
        # Pandera's data types are frozen.
        object.__setattr__(self, "type", DuckDBType.from_string("VARCHAR"))
        object.__setattr__(self, "_logical_type", logical_type)
        object.__setattr__(self, "_family", family(told))

    @override
    def check(self, _column: dtypes.DataType, _cells: Any | None = None) -> bool | Iterable[bool]:
        """Whether the column's type in its source is of the promised family."""
        return self._family in _KEPT[self._logical_type]

    @override
    def __str__(self) -> str:
        return self._logical_type
