"""Which of the runs that wait are handed over next: a fair share to each domain."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A run that could be handed over. An empty ``connection``: it reads over none."""

    run_id: int
    domain: str
    connection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many runs are in flight by domain, and over each connection."""

    domains: Mapping[str, int] = field(default_factory=dict)
    connections: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many runs are in flight."""
        return sum(self.domains.values())

    def free(self, connection: str, *, room: int, per_connection: int) -> int:
        """Return how many more runs, up to ``room``, may read over ``connection``."""
        if not connection:
            return room
        return max(0, min(room, per_connection - self.connections.get(connection, 0)))


def choose(
    waiting: Iterable[Waiting], load: Load, *, room: int, per_connection: int
) -> tuple[int, ...]:
    """Return at most ``room`` runs in the order in which they are to be handed over.

    The next is always of the domain that has the fewest in flight, the oldest run first; so a
    domain with a thousand runs does not keep the one run of another waiting.

    Args:
        waiting: Runs that could be handed over, each of another contract, in any order.
        load: What is in flight already.
        room: Most runs to hand over.
        per_connection: Most runs in flight over one connection.
    """
    lanes: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
    for run in sorted(waiting, key=lambda run: run.run_id):
        lanes[run.domain, run.connection].append(run.run_id)
    domains, connections = Counter(load.domains), Counter(load.connections)
    chosen: list[int] = []
    while len(chosen) < room:
        ready = [
            (domains[domain], runs[0], (domain, connection))
            for (domain, connection), runs in lanes.items()
            if runs and not (connection and connections[connection] >= per_connection)
        ]
        if not ready:
            break
        _, run_id, lane = min(ready)
        lanes[lane].popleft()
        domains[lane[0]] += 1
        connections[lane[1]] += 1
        chosen.append(run_id)
    return tuple(chosen)
