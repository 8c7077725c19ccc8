from tests.cli.fakes import incident_document


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


def test_an_incident_is_taken_on(assay, service):
    service.says("POST", "/incidents/3/acknowledge", incident_document(state="acknowledged"))

    done = assay("incidents", "ack", "3")

    assert done.status == 0
    assert done.out == (
        "incident 3 of sales.orders is acknowledged: 2 clauses of sales.orders fail\n"
    )


def test_an_incident_is_ended_with_a_reason(assay, service):
    over = incident_document(state="resolved", open=False, reason="reloaded")
    service.says("POST", "/incidents/3/resolve", over)

    done = assay("incidents", "resolve", "3", "--reason", "reloaded", "--format", "json")

    assert done.document == over
    assert service.requests[0].content == b'{"reason":"reloaded"}'


def test_one_that_is_over_cannot_be_ended_again(assay, service):
    service.refuses("POST", "/incidents/3/resolve", 409, "incident-state", "incident 3 is over")

    done = assay("incidents", "resolve", "3", "--reason", "x")

    assert (done.status, done.out, done.err) == (2, "", "assay: incident 3 is over\n")


def test_a_word_is_no_number(assay):
    done = assay("incidents", "ack", "three")

    assert done.status == 2
    assert "Invalid value for ID" in done.err


def test_an_unknown_verb_is_a_usage_error(assay):
    assert assay("incidents", "close").status == 2
