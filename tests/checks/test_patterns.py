from contextlib import closing

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checks.patterns import compiles, posix
from tests.checks.postgres import MARKS, reached

SIGNS = st.sampled_from(
    [
        *"abkKsS019_ .-^$|()[]{}*+?,:é\n\t\\/#",
        *[r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", r"\A", r"\z", r"\n", r"\v"],
        *[r"\.", r"\-", r"\]", r"\x41", r"\x{e9}", r"\_", r"\8", r"\p", "(?:", "(?i)", "(?s)"],
        *["[^", "[a-k]", "[^é-ü]", "[:alpha:]", "[[:^space:]]", "[]-a]", "{2}", "{1,3}", "{0,}"],
        *["a-", "\u212a", "\u017f", "ß", "\U0001f600", "(?P<n>", "*?", "{,2}", "{01}", "--"],
    ]
)
ATOMS = st.sampled_from(
    [
        *"abkS0_ .é\n^$",
        *[r"\d", r"\W", r"\s", r"\b", r"\B", r"\A", r"\z", r"\.", "[a-k]", "[^a]", r"[^\w]", "()"],
        *[r"[\W_]", r"[\s\d-]", "[[:punct:]b]", "[é-ü]", "[K-]", "[^\n]"],
    ]
)
REPEATS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{0}", "{1,2}", "{2,}", "+?", "*?"])
WHOLE = st.recursive(
    st.builds("{}{}".format, ATOMS, REPEATS),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("{}|{}".format, inner, inner),
        st.builds("({}){}".format, inner, REPEATS),
        st.builds("(?:{}|){}".format, inner, REPEATS),
    ),
    max_leaves=8,
)
PATTERNS = st.builds("{}{}".format, st.sampled_from(["", "", "(?i)", "(?s)", "(?si)"]), WHOLE)
TEXTS = st.text(
    st.sampled_from("aabbkKsS0019_ .-^$é\n\n\t\v\rü\u212a\u017fß\U0001f600]\\\u2028\xa0\x85\x7f"),
    max_size=8,
)


@pytest.fixture(scope="module")
def postgres():
    with reached() as connection:
        yield connection


@pytest.fixture(scope="module")
def re2():
    with closing(duckdb.connect()) as connection:
        yield connection


def same(postgres, re2, pattern, texts):
    """Whether both find the same, where the pattern is said to be common to both."""
    spoken = posix(pattern)
    if spoken is None:
        return True
    found = postgres.execute("SELECT t ~ %s FROM unnest(%s::text[]) t", [spoken, texts]).fetchall()
    wanted = re2.execute("SELECT regexp_matches(unnest(?), ?)", [texts, pattern]).fetchall()
    return found == wanted


@pytest.mark.parametrize(
    ("pattern", "spoken"),
    [
        ("abc", "abc"),
        ("", ""),
        ("^[A-Z]{2}[0-9]+$", "^[A-Z]{2}[0-9]+$"),
        (r"\A\d\z", "^[0-9]$"),
        (r"\w+\s", r"[0-9A-Z\u005Fa-z]+[\u0009-\u000A\u000C-\u000D\u0020]"),
        ("(?i)ok", "[Oo][Kk\u212a]"),
        ("(a|b)*?", "(?:a|b)*"),
        ("a.b", r"a[^\u000A]b"),
        ("(?s).", "."),
        ("a{,5}", r"a\u007B\u002C5\u007D"),
        (r"[]\-a]", r"[\u002D\u005Da]"),
        (r"\x41\x{e9}", "Aé"),
        ("[à-ü]", "[à-ü]"),
    ],
)
def test_a_common_pattern_is_told_in_postgresqls_words(pattern, spoken):
    assert posix(pattern) == spoken


@pytest.mark.parametrize(
    "pattern",
    [
        *[
            r"\B",
            r"\pL",
            r"\p{Greek}",
            r"\C",
            r"\Qa\E",
            r"\07",
            "(?m)^a",
            "(?U)a",
            "a(?i)b",
            "(?i)é",
        ],
        *["(?P<n>a)", "(?i:a)", "[[:foo:]]", "a{256}", "(a{20}){20}", "^*a", r"\b?", "a" * 1001],
        *["a\0", r"\x00", r"\x{d800}", "\ud800", r"\x{110000}", r"\xg", r"\x{1"],
        *[
            "(a",
            "a)",
            "[a",
            "[z-a]",
            r"[a-\d]",
            "a**",
            "a{2}{3}",
            "*",
            "a|+",
            "{2}",
            "\\",
            r"\8",
            "[]",
        ],
        *["(?=a)", "(?<a>b)", r"(a)\1", "a{2,1}", r"\é", "(?"],
    ],
)
def test_a_pattern_that_may_find_something_else_is_not_common(pattern):
    assert posix(pattern) is None


@pytest.mark.parametrize("pattern", ["a+", r"\pL", "(?m)^a", "", "é"])
def test_a_pattern_of_re2_compiles(pattern):
    assert compiles(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(a", "missing ): (a"),
        ("(?=a)", "invalid perl operator: (?="),
        (r"(a)\1", r"invalid escape sequence: \1"),
        ("a{1001}", "invalid repetition size: {1001}"),
    ],
)
def test_a_pattern_that_is_none_of_re2_is_told_why(pattern, told):
    assert compiles(pattern) == told


def test_a_pattern_that_is_no_text_does_not_compile():
    assert compiles("\ud800") is not None


class TestOnRealPostgres:
    pytestmark = MARKS

    @settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
    @example(pattern="(^a|b)*c", texts=["ac", "bac", "c"])
    @example(pattern=r"^\d{4}-\d{2}$", texts=["2024-01", "2024-01\n", "\u0662\u0660-\u0661"])
    @example(pattern=r"(?i)\bstr\b", texts=["\u017ftr", "STR", "éstr", "_str"])
    @example(pattern=r"\B", texts=["bük"])
    @given(pattern=PATTERNS, texts=st.lists(TEXTS, min_size=1, max_size=20))
    def test_a_common_pattern_finds_what_re2_finds(self, postgres, re2, pattern, texts):
        assert same(postgres, re2, pattern, texts)

    @settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
    @given(
        pattern=st.lists(SIGNS, max_size=8).map("".join),
        texts=st.lists(TEXTS, min_size=1, max_size=20),
    )
    def test_any_text_as_a_pattern_finds_what_re2_finds_or_is_not_common(
        self, postgres, re2, pattern, texts
    ):
        assert same(postgres, re2, pattern, texts)
