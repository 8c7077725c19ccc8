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
_FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "string": ("VARCHAR", "ENUM", "UUID"),
    "integer": tuple(INTEGERS),
    "number": (*INTEGERS, "DECIMAL", "FLOAT", "DOUBLE"),
    "boolean": ("BOOLEAN",),
    "date": ("DATE",),
    "timestamp": (
        "TIMESTAMP",
        "TIMESTAMP_S",
        "TIMESTAMP_MS",
        "TIMESTAMP_NS",
        "TIMESTAMP WITH TIME ZONE",
    ),
    "time": ("TIME", "TIME_NS", "TIME WITH TIME ZONE"),
    "array": ("[]",),
    "object": ("STRUCT",),
    "map": ("MAP",),
}


def family(type_: str) -> str:
    """The head of a database type: ``DECIMAL(10,2)`` is ``DECIMAL``, ``INTEGER[3]`` is ``[]``."""
    return "[]" if type_.endswith("]") else type_.partition("(")[0]


class Promised(ibis_engine.DataType):
    """A logical type of a contract: kept by a whole family of database types, never by a coercion.

    An integer column keeps the promise of a number; a decimal column not that of an integer.
    """

    _logical_type: str
    _source_type: str

    def __init__(self, logical_type: str, source_type: str) -> None:
        # Not the ibis class's own way: it warns of every type that it does not know.
        dtypes.DataType.__init__(self)  # type: ignore[no-untyped-call]  # pandera's
        # Pandera's data types are frozen.
        object.__setattr__(self, "type", DuckDBType.from_string("VARCHAR"))
        object.__setattr__(self, "_logical_type", logical_type)
        object.__setattr__(self, "_source_type", source_type)

    @override
    def check(self, _column: dtypes.DataType, _cells: Any | None = None) -> bool | Iterable[bool]:
        """Whether the column's type in its source is of the promised family."""
        return family(self._source_type) in _FAMILIES[self._logical_type]

    @override
    def __str__(self) -> str:
        return self._logical_type
