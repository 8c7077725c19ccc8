"""Do harm at random: kill, freeze, restart, and let the receiver fail."""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from runs.model import RunState
from runtime.clock import now
from store.engine import reading
from store.errors import StoreError
from store.tables.judging import RUN
from tools.chaos.parts import Part
from tools.chaos.stage import LEASE, Stage

_AT_RANDOM: Final = 0.2  # share of faults to workers that do not look for one at work
_LOOKS: Final = 40
_MOMENT: Final = timedelta(seconds=0.5)
_LOOK: Final = 0.05
_FROZEN: Final = 1.5 * LEASE
_WEIGHTS: Final = {
    "kill api": 2,
    "kill scheduler": 3,
    "kill worker": 2,
    "kill pool child": 2,
    "kill redis": 2,
    "freeze api": 1,
    "freeze scheduler": 2,
    "freeze worker": 4,
    "freeze redis": 1,
    "restart postgresql": 2,
    "receiver fails": 2,
}


class Faults:
    """Chooses what goes wrong next, by a seed, and does it."""

    def __init__(
        self, stage: Stage, chance: random.Random, *, only: tuple[str, ...] = ("",)
    ) -> None:
        self._stage = stage
        self._chance = chance
        names = [name for name in _WEIGHTS if name.startswith(only) and self._possible(name)]
        self._names, self._weights = names, [_WEIGHTS[name] for name in names]
        self.done: Counter[str] = Counter()

    def strike(self) -> bool:
        """Do the next fault; False when the chosen ones found nobody to harm at the moment."""
        for _ in range(20):
            (name,) = self._chance.choices(self._names, self._weights)
            verb, _, whom = name.partition(" ")
            if _VERBS[verb](self, whom):
                self.done[name] += 1
                return True
        return False

    def _possible(self, name: str) -> bool:
        return "postgresql" not in name or self._stage.database == "postgresql"

    def _victims(self, whom: str) -> list[Part]:
        parts = self._stage.cast.parts.values()
        return [part for part in parts if part.name.startswith(whom) and part.awake]

    def _busy(self, victims: list[Part]) -> list[Part]:
        """Of workers mostly those in the middle of a run or just behind one: only they matter."""
        if not any(part.name.startswith("worker") for part in victims):
            return victims
        if self._chance.random() < _AT_RANDOM:
            return victims
        for _ in range(_LOOKS):
            owners = self._owners()
            at_work = [part for part in victims if part.process and part.process.pid in owners]
            if at_work:
                return at_work
            time.sleep(_LOOK)
        return victims

    def _owners(self) -> set[int]:
        """Process ids of the workers that hold a run, or ended one a moment ago."""
        just_ended = RUN.c.finished_at > now() - _MOMENT
        held = select(RUN.c.owner).where((RUN.c.state == RunState.RUNNING.value) | just_ended)
        try:
            with reading(self._stage.engine) as connection:
                owners = connection.execute(held).scalars().all()
        except StoreError:  # its database is down at the moment
            return set()
        return {int(owner.rpartition(":")[2]) for owner in owners if owner}

    def _kill(self, whom: str) -> bool:
        if whom == "pool child":
            return self._kill_child()
        victims = self._busy(self._victims(whom))
        if victims:
            self._chance.choice(victims).kill(down=self._chance.uniform(0.0, 1.0))
        return bool(victims)

    def _kill_child(self) -> bool:
        children = [child for part in self._victims("worker") for child in part.children()]
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._chance.choice(children), signal.SIGKILL)
        return bool(children)

    def _freeze(self, whom: str) -> bool:
        victims = self._busy(self._victims(whom))
        if victims:
            self._chance.choice(victims).freeze(_FROZEN * self._chance.uniform(0.9, 1.3))
        return bool(victims)

    def _restart(self, whom: str) -> bool:
        for part in self._victims(whom):
            part.kill(down=self._chance.uniform(0.0, 1.0), number=signal.SIGQUIT)  # -m immediate
            return True
        return False

    def _fail(self, _whom: str) -> bool:
        failing = self._stage.receiver.failing
        failing.clear() if failing.is_set() else failing.set()
        return True


_VERBS: Final[dict[str, Callable[[Faults, str], bool]]] = {
    "kill": Faults._kill,  # noqa: SLF001 - its own
    "freeze": Faults._freeze,  # noqa: SLF001 - its own
    "restart": Faults._restart,  # noqa: SLF001 - its own
    "receiver": Faults._fail,  # noqa: SLF001 - its own
}
