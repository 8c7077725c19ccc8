"""Cases as SARIF 2.1.0, the form of findings that code hosts and editors read.

What failed is a result of kind ``fail``. What errored is one of kind ``open``, the standard's word
for "not enough is known", and a notification of the run beside, which then did not succeed.

Source:
    OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Final, TypeAlias
from urllib.parse import quote

from cli.formats.case import Case, Suite
from contracts.values import Json

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_Object: TypeAlias = dict[str, Json]


def sarif(suites: Sequence[Suite], *, of: str) -> str:
    """Return the log of one run.

    Args:
        suites: What the run looked at.
        of: What it did: ``check`` or ``lint``.
    """
    troubled = [(suite, case) for suite in suites for case in suite.cases if case.trouble]
    rules = sorted({case.rule for _, case in troubled})
    errored = [(suite, case) for suite, case in troubled if case.outcome == "errored"]
    run: _Object = {
        "tool": {"driver": _driver(rules)},
        "automationDetails": {"id": f"assay/{of}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not errored,
                "toolExecutionNotifications": [_notification(*each) for each in errored],
            }
        ],
        "results": [_result(suite, case, rules) for suite, case in troubled],
    }
    log: _Object = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _driver(rules: Sequence[str]) -> _Object:
    told: list[Json] = [
        {"id": rule, "name": _name(rule), "shortDescription": {"text": _words(rule)}}
        for rule in rules
    ]
    return {"name": "Assay", "version": version("assay"), "rules": told}


def _name(rule: str) -> str:
    return "".join(word.capitalize() for word in _words(rule).split())


def _words(rule: str) -> str:
    return rule.replace("_", " ").replace("-", " ")


def _result(suite: Suite, case: Case, rules: Sequence[str]) -> _Object:
    known = case.outcome != "errored"
    return {
        "ruleId": case.rule,
        "ruleIndex": rules.index(case.rule),
        "kind": "fail" if known else "open",
        "level": case.weight.value if known else "none",
        "message": {"text": _message(case)},
        "locations": [*_locations(suite, case)],
        "partialFingerprints": {"assayName/v1": _fingerprint(suite, case)},
    }


def _notification(suite: Suite, case: Case) -> _Object:
    return {
        "level": case.weight.value,
        "message": {"text": _message(case)},
        "associatedRule": {"id": case.rule},
        "locations": [*_locations(suite, case)],
    }


def _message(case: Case) -> str:
    named = [case.title] if case.title != case.rule else []
    head = ": ".join([*named, case.message] if case.message else [case.title])
    return "\n".join([head, *case.detail])


def _locations(suite: Suite, case: Case) -> Iterator[_Object]:
    logical: list[Json] = [{"fullyQualifiedName": case.name, "kind": "member"}]
    if suite.place is None:
        yield {"logicalLocations": logical}
        return
    yield {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(suite.place)},
            "region": {"startLine": case.line, "startColumn": case.column},
        },
        "logicalLocations": logical,
    }


def _fingerprint(suite: Suite, case: Case) -> str:
    """The same for one clause of one contract, wherever it stands and whatever was measured."""
    whole = json.dumps([suite.identity, case.rule, case.name])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]
