"""What part of a contract a command is about, as it is asked for on the command line."""

from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from checks.selection import Part, Selection
from cli.files import Source
from contracts.clauses import clauses
from contracts.document import load
from contracts.model import Contract
from contracts.tags import tags_at
from usecases.select import Wanted, select

_Several: TypeAlias = Annotated[list[str], Parameter(negative="", show_default=False)]
_Filters: TypeAlias = Annotated[
    list[str],
    Parameter(name="--where", negative="", allow_leading_hyphen=True, show_default=False),
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is judged; all of the contract unless something is asked for.

    Attributes:
        server: Name of the entry under ``servers`` to read; by default the first.
        schema: Only this object; may be repeated, as may the others.
        only: Only what stands in this part of the contract.
        dimension: Only clauses of this dimension, such as ``completeness``.
        rule: Only the rule of this id or name, or the clause of this key.
        tag: Only what bears this tag, or stands in what bears it.
        where: Judge rows for which this SQL condition is true; name one of several objects as in
            'orders:amount > 0'. Uniqueness, keys and relationships are judged on all rows.
        metadata_only: Only what needs no scan: objects, columns, stored types.
    """

    server: str | None = None
    schema: _Several = field(default_factory=list)
    only: Part | None = None
    dimension: _Several = field(default_factory=list)
    rule: _Several = field(default_factory=list)
    tag: _Several = field(default_factory=list)
    where: _Filters = field(default_factory=list)
    metadata_only: Annotated[bool, Parameter(negative="", show_default=False)] = False

    def select(self, contract: Contract, source: Source) -> Selection:
        """Return what is asked of ``contract``, which ``source`` holds.

        Raises:
            NotFound: it has no such object, rule, dimension or tag.
            Conflict: a filter does not say which object it is about.
        """
        document = load(source.body)
        wanted = Wanted(
            schemas=tuple(self.schema),
            part=self.only,
            dimensions=tuple(self.dimension),
            rules=tuple(self.rule),
            tags=tuple(self.tag),
            where=tuple(self.where),
            metadata_only=self.metadata_only,
        )
        return select(
            contract, clauses(contract), wanted, tags=lambda pointer: tags_at(document, pointer)
        )

    @property
    def words(self) -> list[str]:
        """What was asked for, as options of the command line; the server is no part of it."""
        return [
            *(f"--schema {name}" for name in self.schema),
            *([f"--only {self.only.value}"] if self.only else []),
            *(f"--dimension {name}" for name in self.dimension),
            *(f"--rule {name}" for name in self.rule),
            *(f"--tag {name}" for name in self.tag),
            *(["--metadata-only"] if self.metadata_only else []),
            *(f"--where {expression!r}" for expression in self.where),
        ]
