from datetime import timedelta

import pytest

from contracts.parse import parse
from contracts.timetable import Timetable
from tests.contracts.documents import custom, document, problems


def settings(**values) -> bytes:
    return document(customProperties=custom(**values))


def test_a_timetable_is_read():
    data = settings(
        assaySchedule="0 6 * * *",
        assayTimezone="Europe/Berlin",
        assayJitter=0,
        assayMissed="catch_up:3",
    )

    assert parse(data).timetable == Timetable(
        cron="0 6 * * *", timezone="Europe/Berlin", jitter=0, missed="catch_up:3"
    )


def test_an_interval_is_read():
    assert parse(settings(assaySchedule="every 5s")).timetable == Timetable(
        every=timedelta(seconds=5)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("assaySchedule", "sometimes"),
        ("assaySchedule", 5),
        ("assayTimezone", "Mars/Olympus"),
        ("assayTimezone", 5),
        ("assayJitter", 3601),
        ("assayJitter", -1),
        ("assayJitter", 1.5),
        ("assayJitter", True),
        ("assayMissed", "never"),
    ],
)
def test_an_impossible_timetable_is_refused(name, value):
    data = settings(**{name: value})

    assert problems(data) == [("bad-schedule", "/customProperties/0/value")]


def test_empty_settings_say_nothing():
    empty = dict.fromkeys(("assaySchedule", "assayTimezone", "assayMissed", "assayGate"))

    assert parse(settings(**empty)).timetable is None


def test_target_and_gate_are_read():
    contract = parse(settings(assayTarget=99, assayGate="warn"))

    assert (contract.target, contract.gate) == (99.0, "warn")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"assayTarget": 0}, "out-of-range"),
        ({"assayTarget": 101}, "out-of-range"),
        ({"assayTarget": "99"}, "out-of-range"),
        ({"assayGate": "shut"}, "unknown-value"),
        ({"assayGate": ["warn"]}, "unknown-value"),
    ],
)
def test_wrong_targets_and_gates_are_refused(values, code):
    assert problems(settings(**values)) == [(code, "/customProperties/0/value")]


def test_a_server_is_read():
    server = {
        "server": "s",
        "type": "local",
        "path": "{model}.csv",
        "format": "csv",
        "environment": "dev",
        "customProperties": custom(connection="lake", nullMarkers=["NA"]),
    }

    read = parse(document(servers=[server])).servers[0]

    assert (read.name, read.type, read.path, read.format) == ("s", "local", "{model}.csv", "csv")
    assert read.connection == "lake"
    assert read.options == {"environment": "dev", "nullMarkers": ["NA"]}


@pytest.mark.parametrize(
    "values", [{"connection": ""}, {"connection": 5}, {"nullMarkers": "NA"}, {"nullMarkers": [1]}]
)
def test_wrong_settings_of_a_server_are_refused(values):
    server = {"server": "s", "type": "local", "path": "x", "format": "csv"}

    found = problems(document(servers=[{**server, "customProperties": custom(**values)}]))

    assert found == [("wrong-type", "/servers/0/customProperties/0/value")]


def test_two_servers_share_no_name():
    server = {"server": "s", "type": "local", "path": "x", "format": "csv"}

    assert problems(document(servers=[server, server])) == [("duplicate-name", "/servers/1/server")]


def test_the_owner_is_the_member_in_that_role():
    members = [
        {"username": "ann", "role": "Developer"},
        {"username": "bob", "role": "Data Product Owner", "dateOut": "2020-01-01"},
        {"username": "eve", "role": "product owner"},
    ]

    listed = parse(document(team=members)).team
    named = parse(document(team={"name": "sales", "members": members})).team

    assert (listed.owner, listed.members, listed.name) == ("eve", ("ann", "bob", "eve"), None)
    assert (named.owner, named.name) == ("eve", "sales")


def test_without_an_owner_the_first_member_who_stays_answers():
    assert parse(document(team=[{"username": "ann"}, {"username": "bob"}])).team.owner == "ann"
    assert parse(document(team=[{"username": "ann", "dateOut": "x"}])).team.owner == "ann"
    assert parse(document(team={"name": "sales"})).team.owner is None


def test_addresses_come_best_first():
    support = [
        {"channel": "chat", "url": "https://chat.example/x"},
        {"channel": "news@example.org", "scope": "announcements"},
        {"channel": "mail", "url": "mailto:help@example.org?subject=x", "scope": "issues"},
        {"channel": "alerts@example.org", "scope": "Notifications"},
        {"channel": "other", "url": "mailto:not an address"},
    ]
    team = [{"username": "eve@example.org", "role": "owner"}]

    contract = parse(document(support=support, team=team))

    assert contract.owner_emails == (
        "alerts@example.org",
        "help@example.org",
        "news@example.org",
        "eve@example.org",
    )
    assert contract.support[0] == support[0]


def test_no_address_is_made_up():
    assert parse(document(team=[{"username": "eve"}])).owner_emails == ()


def test_service_levels_are_read():
    entry = {"property": "latency", "value": 4, "unit": "d", "element": "orders.at", "id": "l"}

    sla = parse(document(slaProperties=[entry])).sla[0]

    assert (sla.property, sla.value, sla.unit, sla.element, sla.id) == (
        "latency",
        4,
        "d",
        "orders.at",
        "l",
    )


def test_a_default_element_stands_in():
    entry = {"property": "latency", "value": 4}

    assert parse(document(slaProperties=[entry], slaDefaultElement="o.at")).sla[0].element == "o.at"


def test_two_service_levels_share_no_id():
    entry = {"property": "latency", "value": 4, "id": "l"}

    found = problems(document(slaProperties=[entry, entry]))

    assert found == [("duplicate-id", "/slaProperties/1/id")]


def test_an_unknown_service_level_is_warned_of():
    found = problems(document(slaProperties=[{"property": "joy", "value": 1}]))

    assert found == [("unknown-sla", "/slaProperties/0/property")]
