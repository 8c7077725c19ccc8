import pytest

from checks.model import Outcome
from tests.api.guests import Guest, problem_of
from tests.usecases.world import World

INCIDENTS = "/api/v1/incidents"
WHY = {"reason": "reloaded"}


@pytest.fixture
def _trouble(world: World) -> None:
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()


@pytest.mark.usefixtures("_trouble")
def test_an_incident_is_listed_and_told_whole(viewer: Guest):
    listed = viewer.get(INCIDENTS, params={"open": True, "product": "sales.orders"}).json()
    whole = viewer.get(f"{INCIDENTS}/1").json()

    assert [row["id"] for row in listed["items"]] == [1]
    assert {key: whole[key] for key in listed["items"][0]} == listed["items"][0]
    assert [row["clause"].rpartition("/")[2] for row in whole["breaches"]] == ["enum"]
    broken = whole["breaches"][0]
    told = [broken[name] for name in ("schema", "column", "description", "threshold")]
    assert told == ["orders", "status", "", "one of open, done"]
    found = [broken[name] for name in ("reason", "rows", "failed_rows", "promised", "run")]
    assert found == ["3 of 9 rows are wrong", 9, 3, "one of open, done", 1]
    assert whole["notices"][0]["target"] == "d…@example.org"
    assert whole["events"]


@pytest.mark.usefixtures("_trouble")
def test_an_owner_takes_it_on_and_ends_it(owner: Guest):
    taken = owner.post(f"{INCIDENTS}/1/acknowledge").json()
    ended = owner.post(f"{INCIDENTS}/1/resolve", json=WHY).json()

    assert (taken["state"], taken["acknowledged_by"]) == ("acknowledged", "olga")
    assert (ended["state"], ended["open"], ended["reason"]) == ("resolved", False, "reloaded")
    assert owner.get(INCIDENTS, params={"open": True}).json()["items"] == []


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize("step", ["acknowledge", "resolve"])
def test_what_is_over_cannot_be_stepped_again(owner: Guest, step: str):
    owner.post(f"{INCIDENTS}/1/resolve", json=WHY)

    assert problem_of(owner.post(f"{INCIDENTS}/1/{step}", json=WHY)) == (409, "incident-state")


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize("who", ["viewer", "producer", "stranger"])
def test_only_owners_of_the_domain_may(request, who: str):
    guest: Guest = request.getfixturevalue(who)

    assert problem_of(guest.post(f"{INCIDENTS}/1/acknowledge")) == (403, "forbidden")
    assert problem_of(guest.post(f"{INCIDENTS}/1/resolve", json=WHY)) == (403, "forbidden")


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "a\0b"}, {"why": "x"}]
)
def test_a_resolution_needs_a_reason(owner: Guest, body):
    answer = owner.post(f"{INCIDENTS}/1/resolve", json=body)

    assert problem_of(answer) == (422, "invalid-request")


def test_json_that_is_none_is_told(owner: Guest):
    answer = owner.post(
        f"{INCIDENTS}/1/resolve",
        content=b"{",
        headers={"Content-Type": "application/json"},
    )

    assert problem_of(answer) == (422, "invalid-request")
    assert answer.json()["errors"][0]["code"] == "json-invalid"


def test_an_unknown_incident_is_not_found(owner: Guest):
    assert problem_of(owner.get(f"{INCIDENTS}/9")) == (404, "not-found")


def test_incidents_are_filtered_by_all_that_is_asked_of_them(
    world: World, viewer: Guest, owner: Guest
):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()
    owner.post(f"{INCIDENTS}/1/resolve", json=WHY)
    world.judge.said = {"enum": Outcome.ERRORED}
    for _ in range(3):
        world.pass_time()

    def listed(**wanted: str) -> list[str]:
        return [row["kind"] for row in viewer.get(INCIDENTS, params=wanted).json()["items"]]

    assert listed() == ["outage", "breach"]
    assert listed(kind="breach") == listed(state="resolved") == listed(open="false") == ["breach"]
    assert listed(open="true") == listed(kind="outage", open="true") == ["outage"]
    assert listed(kind="breach", open="true") == listed(product="other") == []
    assert listed(kind="outage", after="2") == []


@pytest.mark.usefixtures("_trouble")
def test_a_blank_reason_is_refused_at_its_place(owner: Guest):
    answer = owner.post("/api/v1/incidents/1/resolve", json={"reason": " \n "})

    assert problem_of(answer) == (422, "invalid-input")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/reason"]
    assert answer.json()["detail"] == "say why incident 1 of sales.orders is resolved"


@pytest.mark.usefixtures("_trouble")
@pytest.mark.parametrize("reason", ["الدلتا می\u200cآید", "\N{WOMAN}\u200d\N{GIRL} loaded it anew"])
def test_a_reason_may_be_in_any_writing(owner: Guest, reason: str):
    answer = owner.post("/api/v1/incidents/1/resolve", json={"reason": reason})

    assert (answer.status_code, answer.json()["reason"]) == (200, reason)


@pytest.mark.usefixtures("_trouble")
def test_a_reason_that_turns_the_text_around_is_refused(owner: Guest):
    answer = owner.post("/api/v1/incidents/1/resolve", json={"reason": "\u202edetacol"})

    assert problem_of(answer) == (422, "invalid-request")
