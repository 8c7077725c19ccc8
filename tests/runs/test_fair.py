from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from runs.fair import Load, Waiting, choose

DOMAINS = ("sales", "stock", "people")
CONNECTIONS = ("", "lake", "sea")
QUEUES = st.lists(st.tuples(st.sampled_from(DOMAINS), st.sampled_from(CONNECTIONS)), max_size=30)
FLYING = st.dictionaries(
    st.tuples(st.sampled_from(DOMAINS), st.sampled_from(CONNECTIONS)), st.integers(1, 5)
)
ROOM = st.integers(0, 12)
MOST = st.integers(1, 5)


def queue(*lanes: tuple[str, str]) -> list[Waiting]:
    return [
        Waiting(run_id=number, domain=domain, connection=connection)
        for number, (domain, connection) in enumerate(lanes, start=1)
    ]


def flying(lanes: dict[tuple[str, str], int]) -> Load:
    domains: Counter[str] = Counter()
    connections: Counter[str] = Counter()
    for (domain, connection), count in lanes.items():
        domains[domain] += count
        connections[connection] += count
    return Load(domains=domains, connections=connections)


def test_a_thousand_runs_of_one_domain_do_not_keep_the_one_of_another_waiting():
    waiting = queue(*[("sales", "")] * 1000, ("stock", ""))

    assert choose(waiting, Load(), room=2, per_connection=4) == (1, 1001)


def test_the_domain_with_the_fewest_in_flight_is_next():
    waiting = queue(("sales", ""), ("sales", ""), ("stock", ""), ("stock", ""))

    chosen = choose(waiting, Load(domains={"sales": 2}), room=3, per_connection=4)

    assert chosen == (3, 4, 1)


def test_a_connection_that_is_taken_lets_others_of_its_domain_by():
    waiting = queue(("sales", "lake"), ("sales", "lake"), ("sales", "sea"))

    chosen = choose(waiting, Load(connections={"lake": 1}), room=3, per_connection=2)

    assert chosen == (1, 3)


def test_runs_that_read_over_no_connection_are_not_held_up():
    waiting = queue(*[("sales", "")] * 3)

    assert choose(waiting, Load(connections={"": 9}), room=3, per_connection=1) == (1, 2, 3)


@given(QUEUES, FLYING, ROOM, MOST)
def test_no_bound_is_broken_and_nobody_who_might_go_is_left(lanes, load, room, most):
    waiting, before = queue(*lanes), flying(load)

    chosen = choose(waiting, before, room=room, per_connection=most)

    assert len(chosen) == len(set(chosen)) <= room
    by_id = {run.run_id: run for run in waiting}
    taken = Counter(by_id[run_id].connection for run_id in chosen)
    for connection in CONNECTIONS[1:]:
        assert taken[connection] <= max(0, most - before.connections.get(connection, 0))
    if len(chosen) < room:
        left = [run for run in waiting if run.run_id not in chosen]
        for run in left:
            assert taken[run.connection] + before.connections.get(run.connection, 0) >= most
            assert run.connection


@given(QUEUES, FLYING, ROOM)
def test_no_domain_gets_two_more_than_one_that_still_waits(lanes, load, room):
    waiting, before = queue(*lanes), flying(load)

    chosen = choose(waiting, before, room=room, per_connection=1000)

    by_id = {run.run_id: run for run in waiting}
    counts = Counter(before.domains)
    for run_id in chosen:
        counts[by_id[run_id].domain] += 1
    served = {by_id[run_id].domain for run_id in chosen}
    behind = {run.domain for run in waiting if run.run_id not in chosen}
    for domain in served:
        for other in behind:
            assert counts[domain] <= counts[other] + 1


@given(QUEUES, FLYING, ROOM, MOST, st.randoms())
def test_the_order_in_which_they_are_given_changes_nothing(lanes, load, room, most, chance):
    waiting, before = queue(*lanes), flying(load)
    shuffled = list(waiting)
    chance.shuffle(shuffled)

    chosen = choose(waiting, before, room=room, per_connection=most)

    assert choose(shuffled, before, room=room, per_connection=most) == chosen
    lines = {run.run_id: (run.domain, run.connection) for run in waiting}
    for lane in set(lines.values()):
        ids = [run_id for run_id in chosen if lines[run_id] == lane]
        assert ids == sorted(ids)
