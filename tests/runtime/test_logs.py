import json
import logging
import threading
from collections.abc import Callable

import pytest

from runtime.logs import add, bound, configure, logger
from runtime.settings import Settings

SECRET = "sesame-canary"  # noqa: S105 - none


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was logged as JSON, line by line."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def begin(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Log in a form to where the test can read it, from when it is called on."""
    return lambda form: configure(Settings(log_format=form))


def test_what_is_bound_stands_on_every_line_of_its_block_and_on_no_other(begin, capsys):
    begin("json")

    with bound(run_id=7):
        add(contract_id="orders")
        logger("assay").warning("inside")
        logging.getLogger("library").warning("inside, too")
    logger("assay").warning("outside")

    first, second, third = lines_of(capsys)
    assert (first["run_id"], first["contract_id"]) == (7, "orders")
    assert (second["run_id"], second["contract_id"]) == (7, "orders")
    assert {"run_id", "contract_id"}.isdisjoint(third)


def test_a_block_within_a_block_gives_back_what_was_bound(begin, capsys):
    begin("json")

    with bound(run_id=7):
        with bound(run_id=8, phase="pandera"):
            pass
        logger("assay").warning("after")

    (line,) = lines_of(capsys)
    assert line["run_id"] == 7
    assert "phase" not in line


def test_what_one_thread_binds_is_not_on_the_lines_of_another(begin, capsys):
    begin("json")

    with bound(run_id=7):
        thread = threading.Thread(target=lambda: logger("assay").warning("elsewhere"))
        thread.start()
        thread.join()

    (line,) = lines_of(capsys)
    assert "run_id" not in line


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_is_logged_whoever_wrote_it(begin, capsys, form: str):
    begin(form)
    log = logger("assay")

    log.warning("kept", token=SECRET, headers={"Authorization": f"Bearer {SECRET}"})
    log.warning("cannot reach %s", f"redis://:{SECRET}@localhost/0")
    logging.getLogger("library").error("failed: %s", f"postgresql://ana:{SECRET}@db/assay")
    fault = ConnectionError(f"amqp://ana:{SECRET}@broker//")
    logging.getLogger("library").error("broken", exc_info=fault)

    said = capsys.readouterr().err
    assert "kept" in said
    assert "ConnectionError" in said
    assert SECRET not in said
