import pytest

from contracts.clause import Kind
from contracts.values import Severity
from contracts.words import is_sensitive, severity, sla_kind


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Blocker", Severity.CRITICAL),
        ("fatal", Severity.CRITICAL),
        (" error ", Severity.HIGH),
        ("major", Severity.HIGH),
        ("moderate", Severity.MEDIUM),
        ("WARNING", Severity.LOW),
        ("trivial", Severity.LOW),
        ("info", Severity.INFO),
        ("grave", None),
    ],
)
def test_severity_words(word, meant):
    assert severity(word) is meant


def test_critical_to_medium_block():
    assert [s for s in Severity if s.blocking] == [
        Severity.CRITICAL,
        Severity.HIGH,
        Severity.MEDIUM,
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("freshness", Kind.FRESHNESS),
        ("timeToDetect", Kind.TIME_TO_DETECT),
        ("TIME_TO_DETECT", Kind.TIME_TO_DETECT),
        ("end of life", Kind.END_OF_LIFE),
        ("happiness", None),
    ],
)
def test_sla_words(word, kind):
    assert sla_kind(word) is kind


@pytest.mark.parametrize(
    ("classification", "tags", "sensitive"),
    [
        (None, (), False),
        (" Public ", (), False),
        ("INTERNAL", ("finance",), False),
        ("", (), False),
        ("confidential", (), True),
        ("3", (), True),
        ("public", ("PII",), True),
        (None, ("pii:email",), True),
        (None, ("sensitive-data",), True),
        (None, ("impersonal", "insensitive"), False),
    ],
)
def test_what_must_be_masked(classification, tags, sensitive):
    assert is_sensitive(classification, tags) is sensitive
