from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as st

from cli.formats.junit import junit
from tests.cli.formats.build import ERRORED, FAILED, PASSED, SKIPPED, WARNED, case, suite


def parsed(told: str) -> Element:
    return fromstring(told.encode())  # noqa: S314 - our own words


def test_failed_errored_and_skipped_are_told_apart():
    told = junit([suite(FAILED, SKIPPED, ERRORED, PASSED)])

    assert (
        told
        == """\
<?xml version='1.0' encoding='utf-8'?>
<testsuites>
  <testsuite id="0" package="orders" name="orders 1.2.0: orders" timestamp="2026-11-20T12:00:00" \
hostname="localhost" tests="3" failures="1" errors="1" skipped="0" time="0.000">
    <properties />
    <testcase classname="orders.orders" name="/a" time="0.000">
      <failure type="minimum" message="3 rows are below 0">orders.yaml:12:9
orders.amount minimum
3 rows are below 0
promised: at least 0</failure>
    </testcase>
    <testcase classname="orders.orders" name="/b" time="0.000">
      <error type="sql" message="stopped after 60 s">orders.yaml:12:9
orders sql
stopped after 60 s</error>
    </testcase>
    <testcase classname="orders.orders" name="/d" time="0.000" />
    <system-out />
    <system-err />
  </testsuite>
  <testsuite id="1" package="orders" name="orders 1.2.0: contract" timestamp="2026-11-20T12:00:00" \
hostname="localhost" tests="1" failures="0" errors="0" skipped="1" time="0.000">
    <properties />
    <testcase classname="orders.contract" name="/e" time="0.000">
      <skipped message="not supported yet" />
    </testcase>
    <system-out />
    <system-err />
  </testsuite>
</testsuites>
"""
    )


def test_a_warning_passes_and_is_told():
    (told,) = parsed(junit([suite(WARNED)]))

    assert (told.get("failures"), told.get("errors")) == ("0", "0")
    assert told.findtext("system-out") == (
        "orders.yaml:12:9\norders.amount minimum\ngive the rule an id"
    )


def test_the_suites_of_several_files_have_numbers_of_their_own():
    root = parsed(junit([suite(PASSED), suite(PASSED, SKIPPED)]))

    assert [each.get("id") for each in root] == ["0", "1", "2"]


@given(st.text())
def test_any_text_can_be_told(text):
    told = junit([suite(case(text, "failed", message=text, detail=(text,)))])

    assert parsed(told).find(".//failure") is not None
