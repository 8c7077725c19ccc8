import random
from http import HTTPStatus

from tools.chaos.receiver import Receiver


def chance() -> random.Random:
    return random.Random(1)  # noqa: S311 - repeatable, no secret


def test_a_failing_receiver_takes_nothing_and_writes_that_down():
    receiver = Receiver(chance())
    receiver.failing.set()

    answer = receiver.take("/orders", "k1", b'{"id": "k1"}')

    assert answer is HTTPStatus.SERVICE_UNAVAILABLE
    assert [(one.key, one.event, one.taken) for one in receiver.deliveries] == [("k1", "k1", False)]


def test_a_reliable_receiver_takes_all():
    receiver = Receiver(chance())
    receiver.reliable.set()

    answers = {receiver.take("/orders", str(number), b"{}") for number in range(200)}

    assert answers == {HTTPStatus.NO_CONTENT}
    assert all(one.taken for one in receiver.deliveries)


def test_by_default_some_are_refused_and_some_taken_without_an_answer():
    receiver = Receiver(chance())

    answers = [receiver.take("/orders", str(number), b"no JSON") for number in range(400)]

    assert set(answers) == {HTTPStatus.NO_CONTENT, HTTPStatus.SERVICE_UNAVAILABLE, None}
    unanswered = [
        one for one, answer in zip(receiver.deliveries, answers, strict=True) if answer is None
    ]
    assert unanswered
    assert all(one.taken for one in unanswered)
