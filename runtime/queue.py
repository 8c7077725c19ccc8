"""The queue: a hint that may be lost, never the truth. Task names live here, once."""

from typing import Final

from celery import Celery
from kombu.exceptions import OperationalError

from runtime.settings import Settings

JUDGE: Final = "assay.judge"
_QUEUE: Final = "assay"
# Seconds after which a message that nobody took is dropped; the row stays. Beyond what the clocks
# of two machines may be apart, or a worker whose clock is ahead would drop every message.
_EXPIRES: Final = 2 * 3600
_START: Final = 60  # seconds a new pool child may take to import the engines
_MEMORY: Final = {"polling_interval": 0.02}
_NETWORK: Final = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "retry_on_timeout": False,
    "max_retries": 0,
}


def create_queue(settings: Settings) -> Celery:
    """Build the Celery app that fills and drains the queue; connects to nothing yet."""
    broker = settings.broker_url.get_secret_value()
    app = Celery("assay", broker=broker, set_as_current=False)
    app.conf.update(
        task_default_queue=_QUEUE,
        task_ignore_result=True,
        task_acks_late=False,
        task_publish_retry=False,
        task_soft_time_limit=settings.run_seconds,
        task_time_limit=settings.run_seconds + 10,
        worker_concurrency=settings.concurrency,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=settings.runs_per_child,
        worker_proc_alive_timeout=_START,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_transport_options=_MEMORY if broker.startswith("memory") else _NETWORK,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # or a worker gives up after some minutes without one
        broker_connection_timeout=2,
    )
    return app


class BrokerAway(Exception):
    """The broker takes no message; ``why`` is what it, or the way to it, said."""

    def __init__(self, address: str, why: str) -> None:
        self.why = why
        super().__init__(
            f"the broker {address} takes no message: {why}; runs wait in the database, and are "
            "handed over when it is back"
        )


def send(app: Celery, run_id: int) -> None:
    """Tell whoever drains the queue of a run; waits a few seconds at most.

    Raises:
        BrokerAway: it could not be told.
    """
    try:
        app.send_task(JUDGE, args=(run_id,), retry=False, expires=_EXPIRES)
    except (OperationalError, OSError) as error:
        address = app.connection_for_write().as_uri()  # without its password
        raise BrokerAway(address, " ".join(str(error).split()).rstrip(".")) from error
