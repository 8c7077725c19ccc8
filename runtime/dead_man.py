"""The alarm of a dead engine. Engines empty the outbox, so who answers requests sends this one."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from checks.attempt import Fault, attempt
from notifications.alarm import alarm
from notifications.channels import form
from notifications.model import Receiver
from notifications.receivers import masked
from runtime.channels import build_carry
from runtime.clock import now
from runtime.logs import logger
from runtime.settings import Settings
from usecases.dead_man import Alarm, look_for_life
from usecases.notices import Carry
from usecases.ports import Store

_log = logger(__name__)
_LOOK: Final = 15.0  # seconds between two looks
_ENOUGH: Final = timedelta(seconds=20)  # a shorter patience would call a restart a death


def operators(settings: Settings) -> tuple[Receiver, ...]:
    """Return whom trouble of the service itself is told to, as (channel, target)."""
    named = (one.strip() for one in settings.operators.split(","))
    return tuple(("webhook" if "://" in one else "email", one) for one in named if one)


class DeadMan:
    """Looks for signs of life from a thread of its own, and tells operators when there are none."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        carry: Carry,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._store = store
        self._receivers: Sequence[Receiver] = operators(settings)
        self._patience = max(timedelta(minutes=settings.dead_man_minutes), _ENOUGH)
        self._url = settings.base_url
        self._carry = carry
        self._clock = clock
        self._since = clock()
        self._stop = threading.Event()

    def start(self) -> None:
        """Look until this process ends."""
        threading.Thread(target=self._loop, name="dead-man", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def look(self) -> Alarm | None:
        """Look once, and return what was said; raises what the store raises."""
        return look_for_life(
            self._store,
            self._say,
            patience=self._patience,
            since=self._since,
            now=self._clock(),
        )

    def _loop(self) -> None:
        told = ""  # a fault that lasts is told once
        while not self._stop.wait(_LOOK):
            done = attempt(self.look)  # a look that fails must not end the next
            fault = str(done) if isinstance(done, Fault) else ""
            if fault and fault != told:
                _log.error("cannot look for signs of life", error=fault)
            told = fault

    def _say(self, said: Alarm) -> bool:
        """Tell every operator; True where one was reached, or there is none beside the log."""
        last = None if said.last is None else said.last.isoformat()
        (_log.error if said.silent else _log.warning)(
            "engine is silent" if said.silent else "engine shows life again", last=last
        )
        reached = [self._tell(receiver, said) for receiver in self._receivers]
        return not reached or any(reached)

    def _tell(self, receiver: Receiver, said: Alarm) -> bool:
        channel, target = receiver
        message = alarm(
            silent=said.silent,
            last=said.last,
            now=said.now,
            url=self._url,
            form=form(channel),
            key=said.key,
        )
        done = attempt(lambda: self._carry(channel, target, message, said.key))
        if isinstance(done, Fault):  # the others must hear of it all the same
            who = masked(channel, target)
            _log.error("operator not reached", channel=channel, who=who, error=str(done))
        return not isinstance(done, Fault)


def watch_engine(store: Store, settings: Settings) -> DeadMan | None:
    """Start to look for signs of life; None where the settings say not to."""
    if not settings.dead_man_minutes:
        return None
    watching = DeadMan(store, settings, carry=build_carry(settings))
    watching.start()
    return watching
