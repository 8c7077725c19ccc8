"""Cases as JUnit's XML, with what every reader of it knows, and no more.

Source:
    The two schemas that build servers follow: that of Ant's JUnit task (as written down by
    windyroad) and ``junit-10.xsd`` of Jenkins' xUnit plug-in. The document keeps both.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cli.formats.case import Case, Suite
from cli.output import visible

_ELEMENTS: Final = {"failed": "failure", "errored": "error"}
_UNWRITABLE: Final = {code: f"\\u{code:04x}" for code in (0xFFFE, 0xFFFF)}


def junit(suites: Sequence[Suite]) -> str:
    """Return the document: a suite for each group of cases, failed and errored told apart."""
    root = Element("testsuites")
    for suite in suites:
        for group in dict.fromkeys(case.group for case in suite.cases):
            cases = [case for case in suite.cases if case.group == group]
            root.append(_suite(suite, group, cases, number=len(root)))
    indent(root)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + tostring(root, encoding="unicode") + "\n"


def _suite(suite: Suite, group: str, cases: Sequence[Case], *, number: int) -> Element:
    ended = Counter(case.outcome for case in cases)
    counts = {
        "tests": len(cases),
        "failures": ended["failed"],
        "errors": ended["errored"],
        "skipped": ended["skipped"],
    }
    facts = {
        "id": str(number),
        "package": _text(suite.identity),
        "name": _text(f"{suite.name}: {group}" if group else suite.name),
        "timestamp": f"{suite.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "hostname": "localhost",
        **{name: str(count) for name, count in counts.items()},
        "time": f"{sum(case.seconds or 0 for case in cases):.3f}",
    }
    element = Element("testsuite", facts)
    SubElement(element, "properties")
    for case in cases:
        _case(element, suite, case)
    SubElement(element, "system-out").text = "\n".join(_warned(suite, cases))
    SubElement(element, "system-err")
    return element


def _warned(suite: Suite, cases: Sequence[Case]) -> Iterator[str]:
    """All there is to say about what JUnit has no element for."""
    for case in cases:
        if case.outcome == "warned":
            yield from _lines(suite, case)


def _case(around: Element, suite: Suite, case: Case) -> None:
    spot = f"{suite.identity}.{case.group}" if case.group else suite.identity
    facts = {"classname": _text(spot), "name": _text(case.name)}
    element = SubElement(around, "testcase", {**facts, "time": f"{case.seconds or 0:.3f}"})
    if case.outcome == "skipped":
        SubElement(element, "skipped", {"message": _text(case.message)})
    elif case.outcome in _ELEMENTS:
        told = {"type": _text(case.rule), "message": _text(case.message)}
        below = SubElement(element, _ELEMENTS[case.outcome], told)
        below.text = "\n".join(_lines(suite, case))


def _lines(suite: Suite, case: Case) -> Iterator[str]:
    """All there is to say about a case."""
    yield _text(f"{suite.place or '<stdin>'}:{case.line}:{case.column}")
    yield from map(_text, (case.title, case.message, *case.detail))


def _text(text: str) -> str:
    """``text`` without what XML has no way to write."""
    return visible(text).encode(errors="backslashreplace").decode().translate(_UNWRITABLE)
