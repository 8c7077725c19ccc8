"""Moments in the address of a page."""

import pytest

from tests.api.guests import Guest
from tests.usecases.world import World

ORDERS_AT = "/products/sales.orders"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
@pytest.mark.parametrize(
    ("path", "name"), [("", "at"), ("/clauses", "at"), ("/why", "since")], ids=str
)
def test_a_moment_beyond_all_calendars_is_refused(
    world: World, viewer: Guest, path: str, name: str, moment: str
):
    world.publish()

    answer = viewer.get(f"{ORDERS_AT}{path}", params={name: moment})

    assert answer.status_code == 422
    assert "This cannot be understood" in answer.text


def test_an_empty_field_asks_for_now(world: World, viewer: Guest):
    world.publish()

    answer = viewer.get(ORDERS_AT, params={"at": ""})

    assert answer.status_code == 200
    assert "This is the past" not in answer.text


def test_a_moment_of_another_zone_is_the_same_moment(world: World, viewer: Guest):
    world.publish()

    answer = viewer.get(f"{ORDERS_AT}/clauses", params={"at": "2026-11-20T14:00:00+02:00"})

    assert "As it was known at 2026-11-20 12:00:00 UTC" in answer.text
