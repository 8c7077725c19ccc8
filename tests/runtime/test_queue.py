from runtime.queue import JUDGE, create_queue, send
from runtime.settings import Settings


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
