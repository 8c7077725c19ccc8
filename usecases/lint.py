"""Look a document over: all that reading it tells, and what would keep a clause from being judged.

The latter are warnings: the document is a contract, but a clause of it would be errored each time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from checks.expectations import expectations, snake
from checks.plugins import load as load_plugin
from contracts.clause import Clause, Kind
from contracts.clauses import clauses
from contracts.clauses_schema import NOT_YET
from contracts.document import load
from contracts.model import Contract
from contracts.notes import Notes, guess, in_order
from contracts.parse import examine
from contracts.problems import Problem
from contracts.references import ELSEWHERE
from contracts.values import Json
from usecases.placeholders import ADDRESS, DOMAIN, TEAM

_DATABASES: Final = frozenset({"postgresql", "postgres"})
_LOOKS: Final = {  # loaded on first use: they load DuckDB and read SQL
    "compiles": "checks.patterns:compiles",
    "posix": "checks.patterns:posix",
    "refusal": "checks.rehearsal:refusal",
}
_FOR_LATER: Final = frozenset({"", ELSEWHERE, NOT_YET})
_PATTERNS: Final = frozenset({"regex", "regex_list"})


def lint(data: bytes) -> tuple[Contract | None, tuple[Problem, ...]]:
    """Say all there is to say about a document before any data is read.

    Args:
        data: YAML or JSON, UTF-8, at most 256 KB.

    Returns:
        The contract, None when it is not valid; and what is wrong, in the order of the text.
    """
    contract, problems = examine(data)
    if contract is None:
        return None, problems
    found = [*_placeholders(contract)]
    found += [fault for clause in clauses(contract) for fault in _faults(clause, contract)]
    if not found:
        return contract, problems
    notes = Notes(load(data))
    known = {(problem.code, problem.pointer) for problem in problems}
    for fault in found:
        notes.warn(fault.code, fault.pointer, fault.message)
    more = [each for each in notes.problems if (each.code, each.pointer) not in known]
    return contract, in_order((*problems, *more))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """Why a clause would not be judged; ``pointer`` is the place in the document."""

    code: str
    pointer: str
    message: str


def _placeholders(contract: Contract) -> Iterator[_Fault]:
    """What a draft was never told."""
    left = {
        "/domain": (contract.domain == DOMAIN, f"{DOMAIN!r} is the draft's: say whose data it is"),
        "/team/name": (contract.team.name == TEAM, f"{TEAM!r} is the draft's: say who answers"),
        "/support": (
            ADDRESS in contract.owner_emails,
            f"{ADDRESS} is the draft's: say who is told when a promise breaks",
        ),
    }
    for pointer, (is_left, message) in left.items():
        if is_left:
            yield _Fault(code="placeholder", pointer=pointer, message=message)


class _Refusal(Protocol):
    def __call__(self, query: str, clause: Clause, contract: Contract) -> str | None: ...


def _faults(clause: Clause, contract: Contract) -> Iterator[_Fault]:
    if clause.kind is Kind.RELATIONSHIP and clause.skipped not in _FOR_LATER:
        message = f"this relationship is not judged: {clause.skipped}"
        yield _Fault(code="unknown-target", pointer=clause.pointer, message=message)
    if clause.skipped or not clause.executable:
        return
    look = _LOOKED_AT.get(clause.kind)
    if look is not None:
        yield from look(clause, contract)


def _pattern(clause: Clause, contract: Contract) -> Iterator[_Fault]:
    told = _of_pattern(clause.arguments.get("value"), contract)
    if told is not None:
        yield _Fault(code="bad-regex", pointer=clause.pointer, message=told)


def _query(clause: Clause, contract: Contract) -> Iterator[_Fault]:
    refusal = _refused(str(clause.arguments["query"]), clause, contract)
    if refusal is not None:
        yield _Fault(code="query-refused", pointer=f"{clause.pointer}/query", message=refusal)


def _expectation(clause: Clause, contract: Contract) -> Iterator[_Fault]:
    pointer = f"{clause.pointer}/implementation"
    stated, known = str(clause.arguments["type"]), expectations()
    if known and _alike(stated) not in map(_alike, known):
        near = guess(snake(stated), known)
        message = f"Great Expectations has no expectation {stated!r}{near}"
        yield _Fault(code="unknown-expectation", pointer=f"{pointer}/type", message=message)
    else:
        yield from _kwargs(clause, contract, f"{pointer}/kwargs")


def _kwargs(clause: Clause, contract: Contract, pointer: str) -> Iterator[_Fault]:
    kwargs = clause.arguments.get("kwargs")
    for name, value in (kwargs if isinstance(kwargs, Mapping) else {}).items():
        place = f"{pointer}/{name}"
        if "query" in name and (refusal := _refused(str(value), clause, contract)):
            yield _Fault(code="query-refused", pointer=place, message=refusal)
        elif name in _PATTERNS and (told := _of_patterns(value, contract)):
            yield _Fault(code="bad-regex", pointer=place, message=told)


def _of_patterns(value: Json, contract: Contract) -> str | None:
    """What is wrong with a pattern, or with the first bad one of several; None where nothing is."""
    stated = value if isinstance(value, list | tuple) else [value]
    return next(filter(None, (_of_pattern(each, contract) for each in stated)), None)


def _alike(name: str) -> str:
    """A name as it is compared: ``expect_x_y`` and ``ExpectXY`` are one."""
    return name.replace("_", "").lower()


def _of_pattern(stated: Json, contract: Contract) -> str | None:
    """Why nothing can be held against the pattern; None when it can."""
    pattern = str(stated)
    if load_plugin("look", _LOOKS, "posix")(pattern) is not None:
        return None  # what PostgreSQL can be told RE2 can, too
    if fault := load_plugin("look", _LOOKS, "compiles")(pattern):
        return f"{pattern!r} is no pattern of RE2: {fault}"
    if any(server.type in _DATABASES for server in contract.servers[:1]):
        return (
            f"{pattern!r} may mean something else in PostgreSQL, and is not judged there: "
            "use characters, classes, groups and repetitions up to 255"
        )
    return None


def _refused(query: str, clause: Clause, contract: Contract) -> str | None:
    """Why the query would be refused; None when it would run."""
    refusal: _Refusal = load_plugin("look", _LOOKS, "refusal")
    told = refusal(query, clause, contract)
    return None if told is None else f"the query is refused when it is judged: {told}"


_LOOKED_AT: Final[Mapping[Kind, Callable[[Clause, Contract], Iterator[_Fault]]]] = {
    Kind.PATTERN: _pattern,
    Kind.SQL: _query,
    Kind.EXPECTATION: _expectation,
}
