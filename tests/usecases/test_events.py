import json
from datetime import timedelta

import pytest

from access.event import EventKind
from checks.model import Outcome
from tests.cast import ADMIN, NOON, ORDERS, OWNER, VIEWER
from tests.usecases.world import World
from usecases.cloud_events import cloud_event
from usecases.errors import Gone
from usecases.events import Wanted, follow
from usecases.incidents import acknowledge, resolve
from usecases.pace import Pace
from usecases.request_run import request_run
from usecases.schedules import Wish, set_schedule
from usecases.sweep import sweep

EVERYTHING = Wanted()


def told(world: World, after: int = 0, wanted: Wanted = EVERYTHING, limit: int = 100):
    return follow(world.store, by=VIEWER, after=after, limit=limit, wanted=wanted)


def kinds(world: World, after: int = 0) -> list[str]:
    return [event.kind.value for event in told(world, after).events]


def test_publishing_is_told_with_the_version_before(world: World):
    world.publish()
    world.publish(ORDERS.replace("version: 1.0.0", "version: 1.1.0"))

    first, second = told(world).events

    assert cloud_event(first, source="https://assay.example.org") == {
        "specversion": "1.0",
        "id": str(first.id),
        "source": "https://assay.example.org",
        "type": "contract.published",
        "subject": "contract/orders",
        "time": "2026-11-20T12:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "product": "sales.orders",
            "contract": "orders",
            "version": "1.0.0",
            "previous": None,
            "sha256": first.facts["sha256"],
            "published_by": "ada",
            "clauses": first.facts["clauses"],
        },
    }
    assert (second.facts["version"], second.facts["previous"]) == ("1.1.0", "1.0.0")


def test_publishing_the_same_again_is_no_news(world: World):
    world.publish()
    world.publish()

    assert kinds(world) == ["contract.published"]


def test_a_runs_end_is_told_with_its_incident_and_its_score(world: World):
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()

    _, finished, opened, score = told(world).events

    assert (finished.kind, finished.subject) == (EventKind.RUN_FINISHED, "run/1")
    assert finished.facts | {"seconds": 0, "counts": {}} == {
        "run": 1,
        "contract": "orders",
        "version": "1.0.0",
        "trigger": "schedule",
        "state": "done",
        "outcome": "failed",
        "counts": {},
        "seconds": 0,
    }
    assert finished.facts["counts"]["failed"] == 1
    assert opened.kind is EventKind.INCIDENT_OPENED
    assert opened.facts == {
        "incident": 1,
        "kind": "breach",
        "state": "triggered",
        "title": "1 promise broken",
        "acknowledged_by": None,
        "reason": "",
    }
    assert score.kind is EventKind.SCORE_CHANGED
    assert score.facts["before"] == dict.fromkeys(("quality", "low", "high", "assurance"))
    assert (score.facts["assurance"], score.facts["failing"]) == (1.0, 1)


def test_an_incident_is_followed_through_its_life(world: World):
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()
    acknowledge(world.store, 1, by=OWNER, clock=world.clock)
    acknowledge(world.store, 1, by=OWNER, clock=world.clock)  # once more: no news
    resolve(world.store, 1, reason="reloaded", by=OWNER, clock=world.clock)
    world.pass_time()
    world.judge.said = {}
    world.pass_time()

    assert [kind for kind in kinds(world) if kind.startswith("incident")] == [
        "incident.opened",
        "incident.acknowledged",
        "incident.resolved",
        "incident.reopened",
        "incident.resolved",
    ]


def test_a_score_that_stays_as_it_is_is_no_news(world: World):
    world.publish()
    world.pass_time()
    after = told(world).next

    world.pass_time()

    assert kinds(world, after) == ["run.finished"]


def test_a_lost_run_is_told_as_finished_and_lost(world: World):
    world.pace = Pace(attempts=1)
    world.publish()
    (run,) = request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    with world.store.write() as shelf:
        shelf.runs.claim(run.id, owner="w", now=NOON, lease_until=NOON + timedelta(seconds=1))
    world.clock.pass_(seconds=5)
    world.reap()

    _, finished, opened = told(world).events

    assert (finished.facts["state"], finished.facts["outcome"], finished.at) == (
        "lost",
        None,
        world.clock(),
    )
    assert (opened.kind, opened.facts["kind"]) == (EventKind.INCIDENT_OPENED, "outage")


def test_a_notice_that_is_given_up_is_told_without_whom_it_was_for(world: World):
    world.broken_post = "the mailbox is gone"
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()

    (dead,) = told(world, wanted=Wanted(kinds=[EventKind.NOTICE_DEAD])).events

    assert (dead.subject, dead.product) == ("notice/1", "sales.orders")
    assert dead.facts == {"notice": 1, "incident": 1, "channel": "email", "attempts": 1}


def test_no_event_holds_evidence_an_address_or_why_a_clause_failed(world: World):
    world.broken_post = "the mailbox is gone"
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED, "some-rows": Outcome.ERRORED}
    world.pass_time()
    set_schedule(
        world.store, "orders", Wish(paused=True, reason="moving"), by=OWNER, clock=world.clock
    )

    text = json.dumps([cloud_event(event, source="s") for event in told(world).events])

    for never in ("3 of 9 rows", "the disk is gone", "desk@example.org", "mailbox", "/lake"):
        assert never not in text


def test_a_page_ends_where_the_next_begins_and_at_the_end_there_is_a_cursor(world: World):
    world.publish()
    world.pass_time()
    whole = told(world)

    first = told(world, limit=2)
    rest = told(world, after=first.next, limit=2)
    end = told(world, after=rest.next, limit=2)

    assert first.events + rest.events + end.events == whole.events
    assert told(world, after=whole.next).next == whole.next == whole.events[-1].id


def test_an_empty_feed_has_a_cursor_too(world: World):
    assert told(world).next == 0


def test_the_cursor_of_a_filtered_feed_moves_on_with_the_whole(world: World):
    world.publish()
    world.pass_time()

    nothing = told(world, wanted=Wanted(product="hr.staff"))

    assert (nothing.events, nothing.next) == ((), told(world).next)


def test_whoever_was_away_for_too_long_is_told_so(world: World):
    world.publish()
    early = told(world).next
    world.pass_time()
    later = told(world).next
    world.clock.pass_(days=91)
    sweep(world.store, now=world.clock())

    assert told(world, after=later).events == ()
    assert [event.id for event in told(world).events] == [later]
    with pytest.raises(Gone, match="begin again without one"):
        told(world, after=early)


def test_a_cursor_that_was_never_given_out_is_refused(world: World):
    world.publish()

    with pytest.raises(Gone, match="never given out"):
        told(world, after=999)


def test_events_are_kept_for_90_days(world: World):
    world.publish()
    world.pass_time()
    whole = told(world).events
    world.clock.pass_(days=89)

    assert sweep(world.store, now=world.clock()) == 0
    assert told(world).events == whole


def test_promises_that_join_an_incident_are_told_with_its_new_title(world: World):
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()
    world.judge.said |= {"/id/unique": Outcome.FAILED}
    world.pass_time()
    world.pass_time()  # the same again: no news

    incidents = [event for event in told(world).events if event.subject == "incident/1"]
    assert [(event.kind.value, event.facts["title"]) for event in incidents] == [
        ("incident.opened", "1 promise broken"),
        ("incident.updated", "2 promises broken"),
    ]
