"""Would a query of a contract run? Asked of the contract alone, before any data is there."""

from typing import Final

from checks.dataset import Dialect, Relation, quote
from checks.errors import RefusedQuery
from checks.sql import fill, harmless
from contracts.clause import Clause
from contracts.model import Contract

_DIALECTS: Final = {"postgresql": Dialect.POSTGRES, "postgres": Dialect.POSTGRES}
_UNDECLARED: Final = "is no known column"


def refusal(query: str, clause: Clause, contract: Contract) -> str | None:
    """Why the guard of queries would refuse ``query``; None when it would let it run.

    It is read in the words of the first server's database. What only the data tells, such as a
    column that the contract does not name, is not asked.
    """
    name = clause.schema or ""
    stated = query.replace("{batch}", quote(name))
    promised = {
        schema.physical_name: [column.physical_name for column in schema.columns]
        for schema in contract.schemas
    }
    try:
        harmless(
            fill(stated, table=name, column=clause.column),
            tables={each: Relation(schema="main", name=each) for each in promised},
            dialect=_dialect(contract),
            columns=promised,
        )
    except RefusedQuery as error:
        return None if _UNDECLARED in error.reason else error.reason
    return None


def _dialect(contract: Contract) -> Dialect:
    types = [server.type for server in contract.servers[:1]]
    return _DIALECTS.get(types[0], Dialect.DUCKDB) if types else Dialect.DUCKDB
