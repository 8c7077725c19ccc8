"""Ask for runs through the API, by keys of which some come twice; keep what it promised."""

import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tools.chaos.world import PROMISES

_REPEATED: Final = 0.15  # share of requests that are sent twice
_PATIENCE: Final = 5.0
_PAUSE: Final = 0.3
_THREADS: Final = 4


@dataclass(slots=True, kw_only=True)
class Asked:
    """What the API promised.

    Attributes:
        accepted: Run ids by Idempotency-Key, as the first answer gave them.
        differing: Keys whose repeat was answered with other runs.
        turned_away: Answers that were no promise, by status; 0 stands for no answer.
    """

    accepted: dict[str, tuple[int, ...]] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)
    turned_away: dict[int, int] = field(default_factory=dict)


class Asker:
    """Sends requests evenly over a stretch of time from a few threads."""

    def __init__(self, url: str, token: str, *, runs: int, seconds: float, seed: float) -> None:
        self._url = url
        self._token = token
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._pause = seconds * _THREADS / max(1, runs)
        self.asked = Asked()
        self._threads = [
            threading.Thread(
                target=self._ask,
                args=(range(first, runs, _THREADS), random.Random(f"{seed}/{first}")),  # noqa: S311
                daemon=True,
            )
            for first in range(_THREADS)
        ]

    def start(self) -> None:
        """Begin to ask."""
        for thread in self._threads:
            thread.start()

    @property
    def asking(self) -> bool:
        """Whether some request has no answer yet."""
        return any(thread.is_alive() for thread in self._threads)

    def finish(self, deadline: float) -> None:
        """Wait until all was answered; what is not by ``deadline`` is given up."""
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._stop.set()
        for thread in self._threads:
            thread.join(2 * _PATIENCE)

    def _ask(self, numbers: Sequence[int], chance: random.Random) -> None:
        for number in numbers:
            key, product = f"chaos-{number}", chance.choice(PROMISES).key
            for _ in range(1 + (chance.random() < _REPEATED)):
                self._until_answered(key, product)
            if self._stop.wait(self._pause * chance.uniform(0.5, 1.5)):
                return

    def _until_answered(self, key: str, product: str) -> None:
        while not self._stop.is_set():
            status, runs = self._send(key, product)
            with self._turn:
                if status == HTTPStatus.ACCEPTED:
                    if self.asked.accepted.setdefault(key, runs) != runs:
                        self.asked.differing.append(key)
                    return
                self.asked.turned_away[status] = self.asked.turned_away.get(status, 0) + 1
            self._stop.wait(_PAUSE)

    def _send(self, key: str, product: str) -> tuple[int, tuple[int, ...]]:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
        address = f"{self._url}/api/v1/products/{product}/runs"
        request = Request(address, data=b"", headers=headers, method="POST")  # noqa: S310 - our own
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - our own
                document = json.load(answer)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, ()
        except (URLError, OSError, ValueError):
            return 0, ()
        return HTTPStatus.ACCEPTED, tuple(run["id"] for run in document["runs"])
