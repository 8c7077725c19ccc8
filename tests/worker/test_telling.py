from worker.telling import Telling


class Elapsed:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


def test_a_fault_that_lasts_is_told_once():
    telling = Telling(Elapsed())

    assert [telling.is_news("no broker") for _ in range(3600)] == [True] + [False] * 3599


def test_another_fault_is_told_and_one_that_is_back_after_a_minute():
    elapsed = Elapsed()
    telling = Telling(elapsed)

    first = telling.is_news("no broker"), telling.is_news("no database")
    elapsed.seconds += 60

    assert (*first, telling.is_news("no database")) == (True, True, True)
