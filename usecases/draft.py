"""Draft a contract from files: what could be promised, and how far the data keeps it today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from checks.location import Limits, Location
from checks.model import Finding, Outcome
from checks.profile import ColumnProfile, ObjectProfile, profile
from contracts.clause import Kind
from contracts.parse import parse
from products.connections import FILES
from usecases.draft_text import Subject, render
from usecases.errors import Unlocatable
from usecases.judge import judge_locally
from usecases.proposals import Candidate, Proposal, propose

_ENDINGS: Final = (".csv.gz", ".tsv.gz", ".csv", ".tsv", ".parquet", ".pq")
_Found: TypeAlias = Mapping[tuple[str | None, str | None, Kind], Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A contract to begin with, as text, and what its promises were measured at."""

    name: str
    text: str
    profiles: tuple[ObjectProfile, ...] = ()
    proposals: tuple[Proposal, ...] = ()


def blank() -> Draft:
    """Return a contract about a table that only shows where what stands."""
    name = "customers"
    columns = (
        ColumnProfile(name="id", source_type="", logical_type="integer"),
        ColumnProfile(name="email", source_type="", logical_type="string"),
    )
    table = ObjectProfile(name=name, rows=0, columns=columns)
    subject = Subject(name=name, path="{model}.csv", profiles=(table,))
    types = (each for each in propose([table]) if each.kind is Kind.TYPE)
    return Draft(
        name=name, text=render(subject, [Proposal(candidate=each, rows=0) for each in types])
    )


def draft(
    files: Sequence[Path], *, base: Path, limits: Limits, clock: Callable[[], datetime]
) -> Draft:
    """Draft a contract over files of one folder, each an object of it.

    Args:
        files: CSV or Parquet, with one ending.
        base: Folder from which the contract will be checked; its paths begin there, where it holds
            the files, and else in their own folder.
        limits: What the measuring may use.
        clock: The time, UTC.

    What every row keeps is promised; what most rows keep stands in a comment with its rate. The
    rates are measured by the engines that will judge the contract.

    Raises:
        Unlocatable: the files lie in several folders, or have several endings or an unknown one.
        UnreachableData: a file cannot be read.
        CheckError: a statement was stopped at its time limit.
    """
    folder, ending = _place(files)
    names = [file.name.removesuffix(ending) for file in files]
    location = Location(source=FILES, roots=(folder,), path="{model}" + ending)
    profiles = profile(names, location, limits=limits)
    inside = folder.is_relative_to(base.resolve())
    root = base.resolve() if inside else folder
    subject = Subject(
        name=folder.name if len(names) > 1 else names[0],
        path=(folder.relative_to(root) / ("{model}" + ending)).as_posix(),
        profiles=profiles,
    )
    proposals = tuple(
        proposal
        for proposal in _measure(subject, root, limits=limits, clock=clock)
        if proposal.likely
    )
    text = render(subject, proposals)
    return Draft(name=subject.name, text=text, profiles=profiles, proposals=proposals)


def _place(files: Sequence[Path]) -> tuple[Path, str]:
    """The one folder and the one ending of ``files``."""
    folders = {file.resolve().parent for file in files}
    if len(folders) > 1:
        raise Unlocatable("files of one draft lie in one folder: name those of each folder apart")
    endings = {_ending(file) for file in files}
    if len(endings) > 1:
        raise Unlocatable(
            f"files of one draft have one ending, not {' and '.join(sorted(endings))}"
        )
    return folders.pop(), endings.pop()


def _ending(file: Path) -> str:
    for ending in _ENDINGS:
        if file.name.endswith(ending):
            return ending
    known = ", ".join(_ENDINGS)
    raise Unlocatable(f"{file.name} is no file to draft from; endings that are: {known}")


def _measure(
    subject: Subject, folder: Path, *, limits: Limits, clock: Callable[[], datetime]
) -> list[Proposal]:
    """Judge a contract that promises everything at once."""
    candidates = propose(subject.profiles)
    kept = [Proposal(candidate=each, rows=0) for each in candidates]
    everything = render(subject, kept, keyed=False)
    judged = judge_locally(
        parse(everything.encode()), server=None, folder=folder, limits=limits, clock=clock
    )
    found = {
        (result.clause.schema, result.clause.column, result.clause.kind): result.finding
        for result in judged.results
    }
    rows = {profile.name: profile.rows for profile in subject.profiles}
    return [_proposal(each, found, rows=rows[each.schema]) for each in candidates]


def _proposal(candidate: Candidate, found: _Found, *, rows: int) -> Proposal:
    if candidate.kind is Kind.ROW_COUNT:
        return Proposal(candidate=candidate, rows=rows, broken=0 if rows else 1)
    finding = found.get((candidate.schema, candidate.column, candidate.kind))
    if finding is None:
        return Proposal(candidate=candidate, rows=None, reason="it was not judged")
    return _answered(candidate, finding, rows)


def _answered(candidate: Candidate, finding: Finding, rows: int) -> Proposal:
    if finding.outcome not in {Outcome.PASSED, Outcome.FAILED}:
        return Proposal(candidate=candidate, rows=None, reason=finding.reason)
    if finding.rows is None or finding.failed_rows is None:  # as a whole: the type of a column
        broken = 0 if finding.outcome is Outcome.PASSED else rows
        return Proposal(candidate=candidate, rows=rows, broken=broken)
    return Proposal(candidate=candidate, rows=finding.rows, broken=finding.failed_rows)
