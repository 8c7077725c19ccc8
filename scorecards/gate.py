"""Whether a product may be relied on for a purpose: a verdict, and every reason for it. Pure."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from checks.model import Outcome
from contracts.clause import Clause, Kind
from scorecards.line import Line, Unjudged
from scorecards.model import Score
from scorecards.words import points, promised


class Verdict(StrEnum):
    """What a gate says. ``UNSURE``: nobody could tell, so it does not open."""

    OPEN = "open"
    CLOSED = "closed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What whoever relies on a product asks of it, beside that no blocking clause fails.

    Attributes:
        min_score: What S_low must reach, 0..100; None: any score will do.
        max_age: How old the verdict of a blocking clause may be; None: as long as it counts, which
            its schedule says.
    """

    min_score: float | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a gate does not open.

    Attributes:
        verdict: What this alone makes of the gate: ``CLOSED`` or ``UNSURE``.
        code: Stable and hyphenated, such as ``clause-failing``.
        clause: Key of the clause that it is about; None where it is about the whole product.
    """

    verdict: Verdict
    code: str
    words: str
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict with its reasons: what is known to be bad first.

    Attributes:
        skipped: Blocking promises about data that no run judges, such as a relationship that leads
            nowhere, or a physical type of what lies in files: they neither open nor close it, and
            whoever asks should know. Promises between people are not among them.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    skipped: int = 0


def decide(
    score: Score,
    lines: Sequence[Line],
    unjudged: Unjudged,
    *,
    terms: Terms,
    faded: Container[str],
    now: datetime,
) -> Decision:
    """Judge a product by its score and by the newest verdict of each blocking clause.

    Args:
        score: The product's score at ``now``.
        lines: Every clause of the product with its newest answer.
        unjudged: What nobody could judge.
        terms: What is asked.
        faded: Keys of clauses whose good verdict counts no more: k = 0.
        now: UTC.
    """
    found = [*_of_score(score, terms)]
    for line in lines:
        clause = line.result.clause
        if clause.blocking and clause.executable:
            found += _of_line(line, terms, now, faded=clause.key in faded)
    if unjudged.lost:
        found.append(
            Reason(verdict=Verdict.UNSURE, code="run-lost", words="the newest run was lost")
        )
    return _weighed(found, skipped=sum(_is_passed_over(line.result.clause) for line in lines))


def _weighed(found: Sequence[Reason], *, skipped: int) -> Decision:
    """Return what the reasons come to: one that closes outweighs those that are unsure."""
    closed = [reason for reason in found if reason.verdict is Verdict.CLOSED]
    unsure = [reason for reason in found if reason.verdict is Verdict.UNSURE]
    verdict = Verdict.CLOSED if closed else Verdict.UNSURE if unsure else Verdict.OPEN
    return Decision(verdict=verdict, reasons=(*closed, *unsure), skipped=skipped)


def _is_passed_over(clause: Clause) -> bool:
    return clause.blocking and bool(clause.skipped) and clause.kind is not Kind.TEXT


def _of_score(score: Score, terms: Terms) -> Iterator[Reason]:
    if score.low is None or score.high is None:
        words = "nothing of it has been judged yet"
        yield Reason(verdict=Verdict.UNSURE, code="not-measured", words=words)
        return
    wanted = terms.min_score
    if wanted is None or score.low >= wanted:
        return
    if score.high < wanted:
        words = f"its score is {points(score.high)}, below {points(wanted)}"
        yield Reason(verdict=Verdict.CLOSED, code="score-too-low", words=words)
    else:
        words = (
            f"its score lies between {points(score.low)} and {points(score.high)}, "
            f"and {points(wanted)} is asked: too little of it is proven"
        )
        yield Reason(verdict=Verdict.UNSURE, code="score-unproven", words=words)


def _of_line(line: Line, terms: Terms, now: datetime, *, faded: bool) -> Iterator[Reason]:
    """Why one blocking clause keeps the gate from opening; a clause that is not judged yet does."""
    clause, place = line.result.clause, _place(line)
    if line.good is False:
        words = _broken(line)
        yield Reason(verdict=Verdict.CLOSED, code="clause-failing", words=words, clause=clause.key)
        return
    if line.result.outcome is Outcome.ERRORED:
        words = f"{place} could not be judged: {line.result.finding.reason}"
        code = "clause-errored"
    elif clause.skipped:
        return  # it is never judged by this release: coverage tells so, a gate cannot wait for it
    elif line.good is None or line.judged_at is None:
        code, words = "clause-unjudged", f"{place} was never judged"
    elif late := _late(now - line.judged_at, terms, faded=faded):
        code = "clause-too-old"
        words = f"{place} was last judged {line.judged_at:%Y-%m-%d %H:%M} UTC, {late}"
    else:
        return
    yield Reason(verdict=Verdict.UNSURE, code=code, words=words, clause=clause.key)


def _broken(line: Line) -> str:
    """Say what is broken, and why it is where the newest answer says that too."""
    clause, why = line.result.clause, line.result.finding.reason
    if line.result.outcome is Outcome.FAILED:
        known = (promised(clause.description, ""), why)
    else:
        known = (promised(clause.description, clause.threshold), "")
    return ": ".join((f"{_place(line)} is broken", *filter(None, known)))


def _late(age: timedelta, terms: Terms, *, faded: bool) -> str:
    """Say that a verdict is too old; empty where it is not. An age that is asked for decides."""
    if terms.max_age is None:
        return "too long ago to count" if faded else ""
    return "too long ago" if age > terms.max_age else ""


def _place(line: Line) -> str:
    clause = line.result.clause
    names = ".".join(name for name in (clause.schema, clause.column) if name)
    return f"{names} ({clause.kind.value})" if names else clause.key
