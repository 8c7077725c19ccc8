"""Results -> breaches: which promises broke, which still are broken, which are kept again."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from checks.model import Outcome, Result
from contracts.values import Severity
from incidents.model import Breach, BreachState

_MAJOR: Final = re.compile(r"\s*[vV]?0*([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a run says of one clause on one segment, under the fingerprint of its breach."""

    fingerprint: str
    clause_key: str
    segment: str
    severity: Severity
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachSteps:
    """What a run did to a contract's breaches; no breach stands in two of the lists.

    Attributes:
        opened: New ones, firing.
        still: Open before, and failed again; the severity is the newest.
        unknown: Open before, and not judged in this run.
        resolved: Closed by a pass.
        superseded: Closed because the version holds their clause no more.
    """

    opened: tuple[Breach, ...] = ()
    still: tuple[Breach, ...] = ()
    unknown: tuple[Breach, ...] = ()
    resolved: tuple[Breach, ...] = ()
    superseded: tuple[Breach, ...] = ()

    @property
    def all(self) -> tuple[Breach, ...]:
        """Every breach as it is after the run, to be kept."""
        return self.open + self.resolved + self.superseded

    @property
    def open(self) -> tuple[Breach, ...]:
        """Those that are open after the run."""
        return self.opened + self.still + self.unknown


def fingerprint(contract_id: str, version: str, clause_key: str, segment: str) -> str:
    """Return what makes two failures the same breach, as 64 hex digits.

    Of the version only the major number counts; a version that does not begin with a number counts
    as a whole. Run, value and words play no part.
    """
    number = _MAJOR.match(version)
    major = number[1] if number else version.strip()
    facts = json.dumps([contract_id, major, clause_key, segment])
    return hashlib.sha256(facts.encode()).hexdigest()


def verdicts(contract_id: str, version: str, results: Sequence[Result]) -> tuple[Verdict, ...]:
    """Return the results of a run as verdicts, in their order."""
    return tuple(
        Verdict(
            fingerprint=fingerprint(contract_id, version, result.clause.key, result.segment),
            clause_key=result.clause.key,
            segment=result.segment,
            severity=result.clause.severity,
            outcome=result.outcome,
        )
        for result in results
    )


def step_breaches(
    open_breaches: Mapping[str, Breach],
    results: Sequence[Verdict],
    now: datetime,
    *,
    present: AbstractSet[str] | None = None,
) -> BreachSteps:
    """Move a contract's breaches on by the results of one run.

    A failure opens a breach or keeps it; a pass resolves it. Errored and skipped change nothing:
    not knowing is neither trouble nor recovery. Of several results under one fingerprint a failure
    wins.

    Args:
        open_breaches: The contract's open breaches by fingerprint.
        results: The run's verdicts.
        now: When the results became known, UTC.
        present: Fingerprints of every clause and segment of the version that runs now; open
            breaches outside it are superseded. None: the version did not change.
    """
    failed = {verdict.fingerprint: verdict for verdict in results if _is(verdict, Outcome.FAILED)}
    passed = {verdict.fingerprint for verdict in results if _is(verdict, Outcome.PASSED)}
    gone = set() if present is None else open_breaches.keys() - present - failed.keys()
    kept = passed - failed.keys() - gone
    settled = failed.keys() | kept | gone
    return BreachSteps(
        opened=tuple(
            _open(verdict, now) for print_, verdict in failed.items() if print_ not in open_breaches
        ),
        still=tuple(
            replace(open_breaches[print_], state=BreachState.FIRING, severity=verdict.severity)
            for print_, verdict in failed.items()
            if print_ in open_breaches
        ),
        unknown=tuple(open_breaches[print_] for print_ in open_breaches if print_ not in settled),
        resolved=_end(open_breaches, kept, BreachState.RESOLVED, now),
        superseded=_end(open_breaches, gone, BreachState.SUPERSEDED, now),
    )


def _is(verdict: Verdict, outcome: Outcome) -> bool:
    return verdict.outcome is outcome


def _open(verdict: Verdict, now: datetime) -> Breach:
    return Breach(
        fingerprint=verdict.fingerprint,
        clause_key=verdict.clause_key,
        segment=verdict.segment,
        severity=verdict.severity,
        state=BreachState.FIRING,
        opened_at=now,
    )


def _end(
    breaches: Mapping[str, Breach], prints: AbstractSet[str], state: BreachState, now: datetime
) -> tuple[Breach, ...]:
    return tuple(
        replace(breach, state=state, resolved_at=now)
        for print_, breach in breaches.items()
        if print_ in prints
    )
