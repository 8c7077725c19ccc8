from store.sql_store import SqlStore
from tests.api.guests import Guest, problem_of
from tests.cast import NOON, Clock
from usecases.health import PARTS


def test_a_process_that_answers_is_alive(nobody: Guest):
    assert nobody.get("/health/live").json() == {"status": "alive"}


def test_parts_that_never_gave_a_sign_are_told(nobody: Guest):
    answer = nobody.get("/health/ready")

    assert problem_of(answer) == (503, "not-ready")
    assert answer.json()["silent"] == dict.fromkeys(PARTS)
    assert answer.headers["retry-after"] == "5"


def test_a_service_whose_parts_beat_is_ready_until_they_fall_silent(
    nobody: Guest, store: SqlStore, clock: Clock
):
    with store.write() as shelf:
        for part in PARTS:
            shelf.heartbeats.beat(part, NOON)

    before = nobody.get("/health/ready")
    clock.pass_(seconds=31)
    after = nobody.get("/health/ready")

    assert before.json() == {"status": "ready", "dead_letters": 0}
    assert set(after.json()["silent"].values()) == {"2026-11-20T12:00:00Z"}
