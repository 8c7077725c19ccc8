import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery import Celery

from runtime.queue import JUDGE, BrokerAway, create_queue, send
from runtime.settings import Settings
from tests.redis import Redis


def test_a_run_is_sent_by_name_and_only_its_id_crosses():
    app = create_queue(Settings())

    send(app, 7)

    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("assay").get(timeout=1)
    assert message.headers["task"] == JUDGE
    assert message.payload[0] == [7]


def test_a_network_broker_never_lets_the_sender_hang():
    options = create_queue(Settings(broker_url="redis://127.0.0.1:1/0")).conf

    assert options.task_publish_retry is False
    assert options.broker_transport_options["max_retries"] == 0
    assert options.broker_transport_options["socket_timeout"] == 5


def test_attempts_live_in_the_database_and_limits_in_the_pool():
    options = create_queue(Settings(run_seconds=60)).conf

    assert options.task_acks_late is False
    assert (options.task_soft_time_limit, options.task_time_limit) == (60, 70)
    assert options.worker_proc_alive_timeout == 60


def test_a_worker_never_gives_up_waiting_for_its_broker():
    assert create_queue(Settings()).conf.broker_connection_max_retries is None


def test_a_worker_whose_clock_is_an_hour_ahead_drops_no_message():
    app = create_queue(Settings())
    sent = datetime.now(UTC)

    send(app, 8)

    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("assay").get(timeout=1)
    expires = datetime.fromisoformat(message.headers["expires"])
    assert expires - sent > timedelta(hours=1)


def refused(app: Celery) -> tuple[float, str]:
    """Send in vain; return after how many seconds, and with what words."""
    start = time.monotonic()
    with pytest.raises(BrokerAway) as caught:
        send(app, 7)
    return time.monotonic() - start, str(caught.value)


@pytest.mark.integration
@pytest.mark.enable_socket
def test_a_redis_that_is_down_dies_or_freezes_costs_seconds_and_is_used_when_it_is_back(
    tmp_path: Path,
):
    redis = Redis(tmp_path)
    app = create_queue(Settings(broker_url=redis.url.replace("//", "//:canary@")))
    took, told = refused(app)
    assert took < 3
    assert "runs wait in the database" in told
    assert "canary" not in told

    app = create_queue(Settings(broker_url=redis.url))
    refused(app)
    redis.start()
    try:
        send(app, 7)
        redis.freeze()
        took, told = refused(app)
        assert took < 8
        assert told.count("Timeout") == 1
        redis.thaw()
        send(app, 7)
        redis.kill()
        assert refused(app)[0] < 3
        redis.start()
        send(app, 7)
    finally:
        redis.kill()
