import threading

from checks import progress
from checks.model import Progress
from checks.progress import listening
from contracts.clause import Kind
from tests.checks.build import clause, column, csv, report, schema


def test_a_listener_hears_every_step():
    heard: list[Progress] = []

    with listening(heard.append):
        progress.begin(5)
        progress.enter("open")
        progress.enter("pandera")
        progress.answer(2)
        progress.reach(3)
        progress.enter("great_expectations")
        progress.answer(2)

    assert [(step.phase, step.done, step.total) for step in heard] == [
        ("opening the data", 0, 5),
        ("asking Pandera", 0, 5),
        ("asking Pandera", 2, 5),
        ("asking Pandera", 3, 5),
        ("asking Great Expectations", 3, 5),
        ("asking Great Expectations", 5, 5),
    ]


def test_no_more_is_done_than_there_is():
    heard: list[Progress] = []

    with listening(heard.append):
        progress.begin(2)
        progress.answer(9)

    assert heard[-1].done == 2


def test_without_a_listener_nothing_is_told_and_nothing_is_lost():
    heard: list[Progress] = []
    with listening(heard.append):
        pass

    progress.begin(1)
    progress.enter("open")
    progress.answer(1)
    progress.reach(1)

    assert heard == []


def test_each_thread_has_a_listener_of_its_own():
    heard: list[Progress] = []

    with listening(heard.append):
        progress.begin(1)
        other = threading.Thread(target=progress.enter, args=("open",))
        other.start()
        other.join()

    assert heard == []


def test_a_judging_tells_of_each_object_and_ends_with_everything_told(tmp_path):
    heard: list[Progress] = []
    tables = [schema(name, column("id", "integer")) for name in ("items", "orders")]
    csv(tmp_path, "id\n1\n", "items.csv")
    location = csv(tmp_path, "id\n1\n")
    more_than_none = {"operator": "mustBeGreaterThan", "value": 0}
    asked = [
        each
        for name in ("items", "orders")
        for each in (
            clause(Kind.REQUIRED, "id", schema=name),
            clause(Kind.UNIQUE, "id", schema=name),
            clause(Kind.ROW_COUNT, schema=name, **more_than_none),
        )
    ]

    with listening(heard.append):
        report(location, tables, asked)

    steps = list(dict.fromkeys((step.phase, step.done) for step in heard))
    assert {step.total for step in heard} == {6}
    assert steps == [
        ("opening the data", 0),
        ("asking Pandera", 0),
        ("asking Pandera", 2),
        ("asking Pandera", 4),
        ("asking Great Expectations", 4),
        ("asking Great Expectations", 5),
        ("asking Great Expectations", 6),
    ]
