from scorecards.change import Change, ChangeKind
from scorecards.telling import Group, arranged


def change(kind: ChangeKind, points: float | None = 0.0, name: str = "/1") -> Change:
    return Change(kind=kind, clause=("orders", name), points=points)


def test_first_verdicts_are_one_group_with_all_the_points_they_moved():
    first = [change(ChangeKind.FIRST, 0.5, f"/{n}") for n in range(30)]

    assert arranged(first, lambda one: one) == (
        [],
        [Group(words="30 promises were judged for the first time: all kept", points=15.0)],
    )


def test_what_matters_comes_first_and_what_moved_nothing_is_grouped():
    failed = change(ChangeKind.FAILED, -41.0)
    added = change(ChangeKind.ADDED)
    stale = change(ChangeKind.STALE, -2.0)
    errored = change(ChangeKind.ERRORED)
    recovered = change(ChangeKind.RECOVERED, 8.0)
    faded = [change(ChangeKind.STALE, -0.04, f"/{n}") for n in range(2)]
    again = [change(ChangeKind.JUDGED, None, f"/{n}") for n in range(3)]

    singly, groups = arranged(
        [*again, recovered, stale, added, *faded, errored, failed], lambda one: one
    )

    assert singly == [failed, stale, errored, added, recovered]
    assert [(group.words, group.points) for group in groups] == [
        ("3 promises were judged again: all kept", None),
        ("2 promises have no fresh verdict", -0.08),
    ]


def test_a_failure_that_moves_nothing_still_comes_before_what_cost_nothing():
    failed = change(ChangeKind.FAILED)
    added = change(ChangeKind.ADDED)
    dear = change(ChangeKind.ADDED, -0.3, "/2")

    assert arranged([added, failed, dear], lambda one: one) == ([dear, failed, added], [])


def test_one_alone_is_no_group():
    alone = change(ChangeKind.FIRST)

    assert arranged([alone], lambda one: one) == ([alone], [])
