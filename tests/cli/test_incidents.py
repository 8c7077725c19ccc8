from datetime import UTC, datetime

import pytest

from cli import incidents
from tests.cli.fakes import incident_document

TAKEN = incident_document(state="acknowledged", acknowledged_by="ann")
OVER = incident_document(
    state="resolved", open=False, reason="reloaded", resolved_at="2026-11-20T09:00:00Z"
)


def test_open_incidents_are_listed_by_default(assay, service):
    taken = incident_document(id=12, acknowledged_by="ann", state="acknowledged")
    service.says("GET", "/incidents", {"items": [taken, incident_document()], "next": None})

    done = assay("incidents")

    assert (done.status, done.err) == (0, "")
    assert service.requests[0].url.query == b"open=true&limit=200"
    assert (
        done.out
        == """\
id  product       state         since                    taken on by  what
12  sales.orders  acknowledged  2026-11-20 08:00:00 UTC  ann          2 clauses of sales.orders fail
 3  sales.orders  triggered     2026-11-20 08:00:00 UTC  nobody       2 clauses of sales.orders fail
next: assay incidents show 12
"""
    )


def test_all_of_one_product_can_be_asked_for(assay, service):
    over = incident_document(open=False, state="resolved")
    service.says("GET", "/incidents", {"items": [over], "next": None})

    done = assay("incidents", "list", "--all", "--product", "a.b", "--format", "json")

    assert service.requests[0].url.query == b"product=a.b&limit=200"
    assert done.document == {"items": [over]}


def test_no_incident_is_said_in_words(assay, service):
    service.says("GET", "/incidents", {"items": [], "next": None})

    assert assay("incidents").out == "no open incident\n"
    assert assay("incidents", "list", "--all").out == "no incident\n"


@pytest.mark.parametrize(
    ("given", "query"),
    [
        (["--product", "a.b"], b"open=true&product=a.b&limit=200"),
        (["--kind", "outage"], b"open=true&kind=outage&limit=200"),
        (["--state", "resolved"], b"state=resolved&limit=200"),
        (["--all", "--kind", "breach"], b"kind=breach&limit=200"),
    ],
)
@pytest.mark.parametrize("verb", [[], ["list"]])
def test_what_is_listed_can_be_narrowed(assay, service, verb, given, query):
    service.says("GET", "/incidents", {"items": [], "next": None})

    done = assay("incidents", *verb, *given)

    assert service.requests[0].url.query == query
    assert done.out == "no incident is like that; leave something out to find more\n"


def test_one_incident_is_not_narrowed(assay):
    done = assay("incidents", "3", "--kind", "outage")

    assert (done.status, done.out) == (2, "")
    assert done.err == "assay: 'assay incidents show 3' shows one: leave the filters out\n"


def test_a_terminal_shows_how_long_ago_it_was_within_its_width(assay, service, monkeypatch):
    monkeypatch.setattr(incidents, "room", lambda: 60)
    monkeypatch.setattr(incidents, "now", lambda: datetime(2026, 11, 20, 11, 30, tzinfo=UTC))
    service.says("GET", "/incidents", {"items": [TAKEN], "next": None})

    assert (
        assay("incidents").out
        == """\
id  product       state         since  taken on by  what
 3  sales.orders  acknowledged  3 h    ann          2 clauses o…
next: assay incidents show 3
"""
    )


def test_an_incident_is_taken_on(assay, service):
    service.says("GET", "/incidents/3", incident_document())
    service.says("POST", "/incidents/3/acknowledge", TAKEN)

    done = assay("incidents", "ack", "3")

    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "incident 3 of sales.orders is taken on by ann: 2 clauses of sales.orders fail\n"
        "next: assay incidents show 3 tells what to do\n"
    )


def test_taking_on_what_is_mine_already_says_so(assay, service):
    service.says("GET", "/incidents/3", TAKEN)
    service.says("POST", "/incidents/3/acknowledge", TAKEN)

    done = assay("incidents", "ack", "3")

    assert done.status == 0
    assert done.out.splitlines()[0] == (
        "incident 3 of sales.orders was taken on by ann already: 2 clauses of sales.orders fail"
    )


def test_taking_over_from_somebody_names_both(assay, service):
    service.says("GET", "/incidents/3", TAKEN | {"acknowledged_by": "bob"})
    service.says("POST", "/incidents/3/acknowledge", TAKEN)

    assert assay("incidents", "ack", "3").out.startswith(
        "incident 3 of sales.orders is taken on by ann, in place of bob: "
    )


def test_what_is_over_cannot_be_taken_on(assay, service):
    service.says("GET", "/incidents/3", OVER)

    done = assay("incidents", "ack", "3")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "assay: incident 3 of sales.orders is over since 2026-11-20 09:00:00 UTC; "
        "there is nothing to take on\n"
    )


def test_an_incident_is_ended_with_a_reason(assay, service):
    service.says("GET", "/incidents/3", TAKEN)
    service.says("POST", "/incidents/3/resolve", OVER)

    done = assay("incidents", "resolve", "3", "--reason", "reloaded")

    assert service.requests[1].content == b'{"reason":"reloaded"}'
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "incident 3 of sales.orders is resolved: reloaded\n"
        "next: assay run sales.orders --watch says whether it is mended\n"
    )


def test_one_that_is_over_is_not_ended_again_and_that_is_fine(assay, service):
    service.says("GET", "/incidents/3", OVER | {"events": [], "breaches": [], "notices": []})

    done = assay("incidents", "resolve", "3", "--reason", "x")
    document = assay("incidents", "resolve", "3", "--reason", "x", "--format", "json").document

    assert {request.method for request in service.requests} == {"GET"}
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "nothing to do, incident 3 of sales.orders is over since 2026-11-20 09:00:00 UTC: "
        "reloaded\n"
    )
    assert document == OVER


@pytest.mark.parametrize(
    ("words", "path"),
    [(["ack", "3"], "acknowledge"), (["resolve", "3", "--reason", "reloaded"], "resolve")],
)
def test_programs_get_the_incident_as_it_is_now(assay, service, words, path):
    service.says("GET", "/incidents/3", incident_document())
    service.says("POST", f"/incidents/3/{path}", TAKEN)

    assert assay("incidents", *words, "--format", "json").document == TAKEN


def test_one_that_ends_meanwhile_is_a_usage_error(assay, service):
    service.says("GET", "/incidents/3", incident_document())
    service.refuses("POST", "/incidents/3/resolve", 409, "incident-state", "incident 3 is over")

    done = assay("incidents", "resolve", "3", "--reason", "x")

    assert (done.status, done.out, done.err) == (2, "", "assay: incident 3 is over\n")


def test_a_word_is_no_number(assay):
    done = assay("incidents", "ack", "three")

    assert done.status == 2
    assert "Invalid value for ID" in done.err


def test_an_unknown_verb_is_a_usage_error(assay):
    assert assay("incidents", "close").status == 2
