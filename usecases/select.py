"""What somebody asks to have judged, in words -> a ``Selection``, once every word is known."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from checks.selection import Part, RowFilter, Selection, names
from checks.wording import listed
from contracts.clause import Clause
from contracts.clauses_schema import secret_columns
from contracts.model import Contract, Schema
from contracts.values import Dimension
from usecases.errors import Conflict, NotFound

_NAMED: Final = re.compile(r"\s*([^\s:'\"()<>=!,]+):(?!:)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for, in words; an empty member asks for anything.

    Attributes:
        schemas: Names of objects, as the contract or as the data calls them.
        rules: Ids, names or keys of clauses.
        where: Row filters, ``EXPR`` or ``schema:EXPR``.
        metadata_only: Only what can be told without reading rows.
    """

    schemas: tuple[str, ...] = ()
    part: Part | None = None
    dimensions: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    metadata_only: bool = False


def select(
    contract: Contract,
    promised: Sequence[Clause],
    wanted: Wanted,
    tags: Callable[[str], frozenset[str]],
) -> Selection:
    """Return what is asked for.

    Args:
        contract: Whose words count.
        promised: All of its clauses.
        wanted: What is asked for.
        tags: The tags of the place at a JSON pointer of the contract's document; asked only where
            tags are.

    Raises:
        NotFound: a word that the contract does not know.
        Conflict: a filter that does not say which of several objects it is about.
    """
    rules = _rules(promised) if wanted.rules else []
    borne = _borne(promised, tags) if wanted.tags else {}
    return Selection(
        schemas=frozenset(_schema(contract, name).physical_name for name in wanted.schemas),
        part=wanted.part,
        dimensions=frozenset(map(_dimension, wanted.dimensions)),
        rules=frozenset(_known("rule", word, rules) for word in wanted.rules),
        tags={_known("tag", word, sorted(borne)): borne[word] for word in wanted.tags},
        metadata_only=wanted.metadata_only,
        filters=tuple(_filter(contract, stated) for stated in wanted.where),
    )


def _dimension(word: str) -> Dimension:
    known = [dimension.value for dimension in Dimension]
    return Dimension(_known("dimension", word.lower(), known))


def _known(kind: str, word: str, known: Sequence[str]) -> str:
    """Return ``word``, if it is one of ``known``."""
    if word not in known:
        raise NotFound(kind, word, known=known)
    return word


def _rules(promised: Sequence[Clause]) -> list[str]:
    """What clauses can be asked for by: ids and names first, then keys, which are long."""
    known = dict.fromkeys(name for clause in promised for name in names(clause))
    return sorted(known, key=lambda name: name.startswith("/"))


def _schema(contract: Contract, name: str) -> Schema:
    for schema in contract.schemas:
        if name in {schema.physical_name, schema.name}:
            return schema
    raise NotFound("schema", name, known=[schema.name for schema in contract.schemas])


def _borne(
    promised: Sequence[Clause], tags: Callable[[str], frozenset[str]]
) -> Mapping[str, frozenset[str]]:
    """By tag: the keys of the clauses that bear it."""
    found: dict[str, set[str]] = {}
    for clause in promised:
        for tag in tags(clause.pointer):
            found.setdefault(tag, set()).add(clause.key)
    return {tag: frozenset(keys) for tag, keys in found.items()}


def _filter(contract: Contract, stated: str) -> RowFilter:
    schema, expression = _addressed(contract, stated)
    text = expression.lower()
    others = [
        secret_columns(each)
        for each in contract.schemas
        if each is schema or each.physical_name.lower() in text
    ]
    touched = [name for names_ in others for name in names_ if name.lower() in text]
    return RowFilter(
        schema=schema.physical_name,
        expression=expression.strip(),
        sensitive_columns=tuple(dict.fromkeys(touched)),
    )


def _addressed(contract: Contract, stated: str) -> tuple[Schema, str]:
    """The object that a filter is about, and its condition.

    Raises:
        NotFound: the contract has no object of the name.
        Conflict: no name stands there, and there is not exactly one object.
    """
    for schema in contract.schemas:
        if (rest := _behind_name(schema, stated.lstrip())) is not None:
            return schema, rest
    if found := _NAMED.match(stated):
        return _schema(contract, found[1]), stated[found.end() :]
    if len(contract.schemas) == 1:
        return contract.schemas[0], stated
    raise Conflict("unaddressed-filter", _unaddressed(contract, stated))


def _behind_name(schema: Schema, stated: str) -> str | None:
    """Return what follows one of the object's names and a colon; None where neither begins it."""
    for name in (schema.physical_name, schema.name):
        rest = stated.removeprefix(f"{name}:")
        if rest != stated and not rest.startswith(":"):
            return rest
    return None


def _unaddressed(contract: Contract, stated: str) -> str:
    if not contract.schemas:
        return "the contract has no object to filter"
    known = listed(schema.name for schema in contract.schemas)
    return (
        f"the filter {stated!r} must say which object it is about, as in "
        f"'{contract.schemas[0].name}:{stated}'; there are {known}"
    )
