"""Wait for runs: the service tells how they go on where somebody looks, else it is asked."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pydantic import ValidationError

from cli.answers import Run, shaped
from cli.client import Client
from cli.errors import CliError, Unanswered, Unready
from cli.live import Progress, Screen, screen, state
from cli.stream import events
from contracts.values import Json

Ended: TypeAlias = tuple[Run, Json]
"""A run that is over, and the service's own words for it."""

_PAUSES: Final = (0.1, 0.2, 0.4, 0.8)  # seconds between looks; the last one for ever
_OVER: Final = {"done", "errored", "lost"}
_SHORT: Final = 0.7  # seconds; a run that is over by then is not worth a stream
_SILENCE: Final = 20.0  # seconds; in silence a stream gives a sign of life every 15
_AGAIN: Final = 5.0  # seconds after which a stream that could not be had is tried again


def wait(client: Client, queued: Sequence[Run], timeout: float) -> list[Ended]:
    """Return each run as it ended; ``timeout`` is seconds for all of them together.

    Raises:
        Unready: One is not over by then.
        Unanswered: By then nobody answers.
    """
    began = time.monotonic()
    several = f" (1 of {len(queued)})" if len(queued) > 1 else ""
    with screen(f"run {queued[0].id}{several}  asked for") as shown:
        watch = _Watch(
            client=client, screen=shown, timeout=timeout, began=began, stream_at=began + _SHORT
        )
        return [
            watch.ended(run, f"{place} of {len(queued)}" if several else "")
            for place, run in enumerate(queued, start=1)
        ]


@dataclass(slots=True, kw_only=True)
class _Watch:
    """One wait; instants are of the monotonic clock, ``stream_at`` when a stream is tried."""

    client: Client
    screen: Screen
    timeout: float
    began: float
    stream_at: float

    def ended(self, run: Run, place: str) -> Ended:
        """Return ``run`` once it is over."""
        looks = 0
        while True:
            found = self._listened(run, place) or self._asked(run, place)
            if found is not None:
                return found
            time.sleep(_PAUSES[min(looks, len(_PAUSES) - 1)])
            looks += 1

    @property
    def _left(self) -> float:
        return self.began + self.timeout - time.monotonic()

    def _listened(self, run: Run, place: str) -> Ended | None:
        """Return the run if its stream told its end; None where it has to be asked for.

        A stream cannot be left before its next line, so the last seconds are not spent on it.
        """
        now = time.monotonic()
        if not self.screen.live or now < self.stream_at or self._left <= _SILENCE:
            return None
        try:
            return self._told(run, place)
        except (CliError, ValidationError):  # asking tells what is wrong, if it stays so
            self.stream_at = time.monotonic() + _AGAIN
            return None

    def _told(self, run: Run, place: str) -> Ended | None:
        with self.client.listen(f"/runs/{run.id}/events", silence=_SILENCE) as lines:
            for told in events(lines):
                if told.kind == "finished":
                    answer: Json = json.loads(told.text)
                    return shaped(Run, answer), answer
                if told.kind == "progress":
                    self.screen.tell(run, place, Progress.model_validate_json(told.text))
                if self._left <= _SILENCE:
                    break
        return None

    def _asked(self, run: Run, place: str) -> Ended | None:
        """Return the run if it is over."""
        try:
            answer = self.client.get(f"/runs/{run.id}")
        except Unanswered as silence:
            if self._left <= 0:
                raise
            self.screen.lost(silence)
            return None
        seen = shaped(Run, answer)
        if seen.state in _OVER:
            return seen, answer
        if self._left <= 0:
            raise Unready(_late(seen, self.timeout))
        self.screen.tell(seen, place, Progress(phase=state(seen.state)))
        return None


def _late(run: Run, timeout: float) -> str:
    still = f"run {run.id} is still {run.state} after {timeout:g} s"
    if run.state == "queued":
        return f"{still}; 'assay doctor' says whether a worker is alive"
    return f"{still} and goes on; --timeout waits longer"
