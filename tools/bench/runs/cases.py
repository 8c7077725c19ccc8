"""What is measured, each case by its name."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.bench.children.start import ChildFailed
from tools.bench.runs import work
from tools.bench.runs.service import Service, Wanted, empty_database, served, wait
from tools.bench.ticks import measure

_ALONE: Final = 60  # runs asked for one after the other
_BURST: Final = 200  # products that are all asked to run at once, without a judge
_REAL: Final = 120  # likewise, with it
_ASKING: Final = 4  # connections that ask
_RATE: Final = 180  # schedules due each minute: 3 a second
_MINUTES: Final = 3
_HELD: Final = 2.0  # seconds that a run takes whose worker is killed
_ACCEPTED: Final = 202


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured thing; what does not apply is None.

    Attributes:
        p50: Milliseconds that half took at most; likewise ``p95`` and ``p99``.
        met: Whether the aim was reached; None without one.
    """

    name: str
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    per_second: float | None = None
    seconds: float | None = None
    aim: str = ""
    met: bool | None = None
    note: str = ""


def transport(database: str, _runs: int) -> Iterable[Figure]:
    """The way of a run without its judge: alone, and when hundreds are asked for at once."""
    wanted = Wanted(database=database, products=_BURST, judge=False)
    with served(wanted) as service:
        embedded = database == "sqlite"
        yield _alone(service, "transport, one at a time", 200 if embedded else None)
        yield _burst(service, "transport, at once", _BURST, 150 if embedded else None)


def real(database: str, _runs: int) -> Iterable[Figure]:
    """A CSV of ten rows, ten clauses, both engines: alone, and at once by one and two workers."""
    for workers in (1, 2):
        with served(Wanted(database=database, products=_REAL, workers=workers)) as service:
            if workers == 1:
                yield _alone(service, "10-row CSV, one at a time", 400)
            name = f"10-row CSV at once, {workers} worker process{'es' * (workers > 1)}"
            yield _burst(service, name, _REAL, None)


def lateness(database: str, _runs: int) -> Iterable[Figure]:
    """How long after it was due a scheduled run begins, at three runs a second."""
    wanted = Wanted(database=database, products=_RATE, scheduled=True)
    with served(wanted) as service:
        begun = time.time()
        time.sleep(60 * _MINUTES)
        late = [
            run.late
            for run in work.ran(service.engine)
            if run.instant is not None and run.instant.timestamp() > begun
        ]
    yield Figure(
        name="schedules at 3 runs a second: begun after due",
        p50=1000 * quantile(late, 0.5),
        p99=1000 * quantile(late, 0.99),
        per_second=len(late) / (60 * (_MINUTES - 1)) if late else 0.0,
        aim="p99 < 5,000 ms",
        met=quantile(late, 0.99) < 5,  # noqa: PLR2004 - the aim
        note=f"{len(late)} runs over {_MINUTES} minutes",
    )


def death(database: str, _runs: int) -> Iterable[Figure]:
    """A worker is killed in the middle of a run and started anew: until that run is recorded."""
    wanted = Wanted(database=database, products=1, judge=False, workers=1, seconds=_HELD)
    with served(wanted) as service:
        _ask(service, 0)
        wait(lambda: work.running(service.engine) == 1, 60, service)
        killed = time.monotonic()
        service.kill("worker0")
        service.start("worker0")
        wait(lambda: work.ended(service.engine) == 1, 120, service)
        taken = time.monotonic() - killed
        attempts = work.ran(service.engine)[0].attempt
    yield Figure(
        name="kill -9 of a worker in mid run: recorded again",
        seconds=taken,
        aim="<= 40 s",
        met=taken <= 40 and attempts == 2,  # noqa: PLR2004 - the aim; one attempt more
        note=f"attempt {attempts}, of which the run itself {_HELD:g} s; lease 30 s",
    )


def memory(database: str, runs: int) -> Iterable[Figure]:
    """Memory of a worker and its children after a tenth, a half and all of so many real runs."""
    seen: list[float] = []
    with served(Wanted(database=database, products=50)) as service:
        for share in (0.1, 0.5, 1.0):
            while (done := work.ended(service.engine)) < share * runs:
                for number in range(min(50, int(share * runs) - done + 1)):
                    _ask(service, number)
                wait(lambda done=done: work.ended(service.engine) > done, 60, service)  # type: ignore[misc]  # bound now
                _settle(service)
            seen.append(_megabytes(service))
    yield Figure(
        name=f"memory of a worker over {runs:,} runs",
        note=" / ".join(f"{figure:,.0f}" for figure in seen) + " MB after 10 / 50 / 100 %",
        aim="flat",
        met=seen[-1] <= 1.15 * seen[0],
    )


def ticks(database: str, _runs: int) -> Iterable[Figure]:
    """A scheduler alone, with 100,000 schedules of which 10,000 are due."""
    with (
        TemporaryDirectory(prefix="assay-bench-") as folder,
        empty_database(database, Path(folder)) as url,
    ):
        found = measure(url)
    twice = int(found["double"])
    yield Figure(
        name="10,000 due of 100,000 schedules: queued",
        seconds=found["seconds"],
        aim="<= 2 s",
        met=found["seconds"] <= 2,  # noqa: PLR2004 - the aim
        note=f"{found['cpu_seconds']:.1f} s of CPU",
    )
    yield Figure(
        name="... by two schedulers at once",
        seconds=found["seconds_of_two"],
        aim="none twice",
        met=not twice,
        note=f"{twice} twice",
    )
    yield Figure(
        name="... a tick that finds nothing",
        p50=found["idle_ms"],
        aim="p50 < 10 ms",
        met=found["idle_ms"] < 10,  # noqa: PLR2004 - the aim
    )


CASES: Final[Mapping[str, Callable[[str, int], Iterable[Figure]]]] = {
    "transport": transport,
    "real": real,
    "lateness": lateness,
    "death": death,
    "memory": memory,
    "ticks": ticks,
}


def quantile(figures: Iterable[float], share: float) -> float:
    """The figure that ``share`` of all do not exceed; NaN of none."""
    ranked = sorted(figures)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("nan")


def _alone(service: Service, name: str, aim: int | None) -> Figure:
    """Ask for one run at a time, and wait until its verdict stands in the database."""
    for number in range(10):  # the first of each child are slower
        _ask(service, number)
    wait(lambda: work.ended(service.engine) == 10, 120, service)  # noqa: PLR2004 - those
    taken = []
    for number in range(_ALONE):
        before = work.ended(service.engine)
        began = time.perf_counter()
        _ask(service, number % service.wanted.products)
        while work.ended(service.engine) == before:
            if time.perf_counter() - began > 60:  # noqa: PLR2004 - seconds
                raise ChildFailed("worker", f"{name}: a run did not end within a minute")
            time.sleep(0.002)
        taken.append(1000 * (time.perf_counter() - began))
    middle = quantile(taken, 0.5)
    return Figure(
        name=name,
        p50=middle,
        p95=quantile(taken, 0.95),
        aim="" if aim is None else f"p50 <= {aim} ms",
        met=None if aim is None else middle <= aim,
        note="from the request to the recorded result",
    )


def _burst(service: Service, name: str, runs: int, aim: int | None) -> Figure:
    """Ask for a run of each product at once, twice; from the first request to the last counts."""
    _round(service, runs)
    _round(service, runs)
    done = work.ran(service.engine)[-runs:]
    rate = runs / work.span(done).total_seconds()
    wrong = sum(run.state != "done" for run in done)
    return Figure(
        name=name,
        per_second=rate,
        aim="" if aim is None else f">= {aim} a second",
        met=None if aim is None else rate >= aim,
        note=f"{runs} runs" + (f"; {wrong} did not end as they must" if wrong else ""),
    )


def _round(service: Service, runs: int) -> None:
    before = work.ended(service.engine)
    askers = [
        threading.Thread(target=_ask_each, args=(service, range(n, runs, _ASKING)))
        for n in range(_ASKING)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    wait(lambda: work.ended(service.engine) >= before + runs, 300, service)


def _ask(service: Service, number: int) -> None:
    _ask_each(service, [number])


def _ask_each(service: Service, numbers: Iterable[int]) -> None:
    connection = HTTPConnection("127.0.0.1", service.port, timeout=60)
    for number in numbers:
        path = f"/api/v1/products/bench.{work.product(number)}/runs"
        connection.request("POST", path, headers={"Authorization": f"Bearer {service.token}"})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != _ACCEPTED:
            raise ChildFailed("api", f"{answer.status}: {said.decode()}")
    connection.close()


def _settle(service: Service) -> None:
    """Wait until the count of ended runs stands still for half a second."""
    last = -1
    while (done := work.ended(service.engine)) != last:
        last = done
        time.sleep(0.5)


def _megabytes(service: Service) -> float:
    """Proportional memory of all workers with their children; what they share counts once."""
    total = 0
    for name in service.workers():
        main = service.processes[name].pid
        for pid in (main, *_children(main)):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
            total += int(line.split()[1])
    return total / 1024


def _children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
