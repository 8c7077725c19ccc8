import pytest

from checks.model import Outcome
from tests.cast import ADMIN, OWNER, VIEWER
from tests.usecases.world import World
from usecases.errors import NotFound
from usecases.history import document, list_contracts, list_versions, run_detail


def test_what_is_not_there_is_named(world: World):
    for ask, words in (
        (lambda: run_detail(world.store, 9, by=ADMIN), "no run '9'"),
        (lambda: list_versions(world.store, "x", by=ADMIN), "no contract 'x'"),
        (lambda: document(world.store, "x", by=ADMIN), "no contract 'x'"),
        (lambda: document(world.store, "x", by=ADMIN, version="1"), "no version 'x 1'"),
    ):
        with pytest.raises(NotFound, match=words):
            ask()


def test_current_contracts_are_listed_by_id(world: World):
    world.publish()

    assert [v.contract_id for v in list_contracts(world.store, by=VIEWER)] == ["orders"]
    assert list_contracts(world.store, by=VIEWER, after="orders") == ()


@pytest.mark.parametrize(("who", "shown"), [(ADMIN, True), (OWNER, True), (VIEWER, False)])
def test_evidence_is_for_owners_only(world: World, who, *, shown: bool):
    world.publish()
    world.judge.said = {"/status/enum": Outcome.FAILED}
    world.pass_time()

    detail = run_detail(world.store, 1, by=who)

    assert detail.evidence_shown is shown
