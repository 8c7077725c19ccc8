import pytest

from tests.cli.fakes import incident_document, result_document, score_document
from tests.cli.test_notify import notice_document

EVENT = {
    "at": "2026-11-20T08:00:00Z",
    "kind": "opened",
    "actor": "assay",
    "detail": "/schema/orders/properties/id/unique",
}
BREACH = {
    "fingerprint": "f",
    "clause": "/schema/orders/properties/id/unique",
    "schema": "orders",
    "column": "id",
    "description": "",
    "threshold": "unique",
    "segment": "",
    "severity": "high",
    "state": "firing",
    "opened_at": "2026-11-20T08:00:00Z",
    "resolved_at": None,
}
WAITING = notice_document(
    id=18,
    channel="webhook",
    target="https://hooks.example.org/x",
    state="retry",
    tries=1,
    attempts=[
        {
            "number": 1,
            "started_at": "2026-11-20T08:00:01Z",
            "ended_at": "2026-11-20T08:00:02Z",
            "error": "hooks.example.org answered 503",
        },
    ],
    next_try="2026-11-20T08:01:30Z",
)
OFF = notice_document(disabled_since="2026-11-20T08:00:02Z")
QUEUED = notice_document(
    state="queued",
    attempts=[],
    next_try="2026-11-20T08:01:30Z",
    why="not tried yet; due at 20 Nov 2026, 08:01:30 UTC",
)
SENDING = [{"number": 1, "started_at": "2026-11-20T08:00:01Z", "ended_at": None, "error": ""}]
SENT = [SENDING[0] | {"ended_at": "2026-11-20T08:00:02Z"}]


def whole(**changes: object) -> dict[str, object]:
    return incident_document(events=[EVENT], breaches=[BREACH], notices=[]) | changes


def card(*clauses: dict[str, object]) -> dict[str, object]:
    return {
        "key": "sales.orders",
        "purpose": "",
        "owner": None,
        "at": "2026-11-20T09:00:00Z",
        "score": score_document(),
        "errored": 0,
        "lost_runs": 0,
        "ports": [],
        "clauses": [clause | {"good": False, "judged_at": None, "lost": 0.0} for clause in clauses],
        "incidents": [],
        "runs": [],
    }


FAILS = result_document(
    clause=BREACH["clause"], outcome="failed", reason="1 value occurs twice (2 rows)"
)
KEPT = result_document(clause="/schema/orders/properties/id/required", reason="not told")


@pytest.mark.parametrize("words", [("show", "3"), ("3",)])
def test_an_incident_is_shown_with_every_notice_every_try_and_what_to_do(assay, service, words):
    person = {"at": "2026-11-20T08:10:00Z", "kind": "noted", "actor": "ann", "detail": ""}
    service.says(
        "GET", "/incidents/3", whole(notices=[notice_document(), WAITING], events=[EVENT, person])
    )
    service.says("GET", "/products/sales.orders/scorecard", card(KEPT, FAILS))

    done = assay("incidents", *words)

    assert (done.status, done.err) == (0, "")
    assert (
        done.out
        == """\
incident 3  sales.orders  triggered
2 clauses of sales.orders fail
since 2026-11-20 08:00:00 UTC, taken on by nobody yet

broken promises
  firing  orders.id: unique  (high)
    1 value occurs twice (2 rows)
    /schema/orders/properties/id/unique

what happened
  2026-11-20 08:00:00 UTC  opened: /schema/orders/properties/id/unique
  2026-11-20 08:10:00 UTC  noted by ann

notices
  17  email desk@example.org  given up
     try 1, 2026-11-20 08:00:01 UTC: mail.example:25: timed out
     try 2, 2026-11-20 08:01:01 UTC: desk@example.org refused: 550 no such user
  18  webhook https://hooks.example.org/x  waits for another try
     try 1, 2026-11-20 08:00:01 UTC: hooks.example.org answered 503
     next try 2026-11-20 08:01:30 UTC

next: assay incidents ack 3 takes it on
next: assay run sales.orders --watch judges it again, once it is mended
next: assay incidents resolve 3 --reason '...' ends it by your word
next: assay notify resend 17 sends it again, once mended
"""
    )


def test_a_reason_that_the_incident_tells_is_not_asked_for(assay, service):
    told = [BREACH | {"reason": "2 of 4 rows"}, BREACH | {"state": "resolved", "reason": "old"}]
    service.says("GET", "/incidents/3", whole(breaches=told))

    out = assay("incidents", "show", "3").out

    assert len(service.requests) == 1
    assert "  firing  orders.id: unique  (high)\n    2 of 4 rows\n    /schema" in out
    assert "old" not in out


def test_without_a_scorecard_an_incident_is_shown_without_reasons(assay, service):
    service.says("GET", "/incidents/3", whole())
    service.refuses("GET", "/products/sales.orders/scorecard", 503, detail="away")

    done = assay("incidents", "show", "3")

    assert done.status == 0
    assert "(high)\n    /schema/orders/properties/id/unique\n" in done.out


def test_an_incident_that_is_over_says_when_and_why(assay, service):
    over = whole(
        state="resolved",
        open=False,
        acknowledged_by="ann",
        resolved_at="2026-11-20T09:00:00Z",
        reason="reloaded",
        breaches=[BREACH | {"threshold": None}] * 21,
        notices=[
            notice_document(state="sent", attempts=SENT),
            notice_document(state="sending", attempts=SENDING),
        ],
    )
    service.says("GET", "/incidents/3", over)

    out = assay("incidents", "3").out

    assert "taken on by ann\nresolved 2026-11-20 09:00:00 UTC: reloaded\n" in out
    assert "promised no more" in out
    assert "and 1 more" in out
    assert "08:00:01 UTC: arrived\n" in out
    assert "08:00:01 UTC: under way\n" in out
    assert "resend" not in out


def test_an_incident_for_programs_is_passed_on(assay, service):
    service.says("GET", "/incidents/3", whole())

    done = assay("incidents", "show", "3", "--format", "json")

    assert done.document == whole()


def test_where_nobody_was_told_that_is_said(assay, service):
    over = whole(open=False, state="resolved", resolved_at="2026-11-20T09:00:00Z")
    service.says("GET", "/incidents/3", over)

    assert assay("incidents", "3").out.endswith("notices\n  none\n")


def test_an_incident_that_is_none_is_not_found(assay, service):
    service.refuses("GET", "/incidents/9", 404, "not-found", "there is no incident '9'")

    done = assay("incidents", "9")

    assert (done.status, done.err) == (2, "assay: there is no incident '9'\n")


def test_what_waits_and_who_is_disabled_is_said(assay, service):
    service.says("GET", "/incidents/3", whole(breaches=[], notices=[OFF, QUEUED]))
    service.says("GET", "/products/sales.orders/scorecard", card())

    out = assay("incidents", "3").out

    assert "   the receiver is disabled since 2026-11-20 08:00:02 UTC\n" in out
    assert "   not tried yet; due at 20 Nov 2026, 08:01:30 UTC\n" in out
    assert "next try" not in out
