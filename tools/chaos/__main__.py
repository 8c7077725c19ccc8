"""``python -m tools.chaos [--runs N] [--faults N] [--database D] [--seed S] [--control C]``."""

import json
import signal
import sys
from argparse import ArgumentParser, Namespace
from typing import Final, NoReturn

from rich.console import Console

from tools.chaos.controls import NAMES
from tools.chaos.report import document, table
from tools.chaos.servers import Missing
from tools.chaos.storm import Order, Outcome, Unready, storm

_DATABASES: Final = ("sqlite", "postgresql")
_UNABLE: Final = 4


def read(arguments: list[str]) -> Namespace:
    """What was asked for; ends the process where that makes no sense."""
    parser = ArgumentParser(
        prog="./dev chaos",
        description="Kill and freeze a real service at random, then count what it lost.",
    )
    parser.add_argument("--runs", type=int, default=200, help="requests for runs (default: 200)")
    parser.add_argument("--faults", type=int, default=20, help="faults (default: 20)")
    parser.add_argument("--database", choices=_DATABASES, help="by default one after the other")
    parser.add_argument("--seed", type=int, default=1, help="of every choice (default: 1)")
    parser.add_argument(
        "--control", choices=NAMES, help="break this on purpose: fine only if it is caught"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    asked = parser.parse_args(arguments)
    if asked.control == "begin" and asked.database == "postgresql":
        parser.error("the control 'begin' is about SQLite")
    return asked


def orders(asked: Namespace) -> list[Order]:
    """Return one order for each database; a control is tried on one."""
    names = (asked.database,) if asked.database else _DATABASES
    if asked.control:
        names = names[:1]
    return [
        Order(
            database=name,
            runs=asked.runs,
            faults=asked.faults,
            seed=asked.seed,
            control=asked.control,
        )
        for name in names
    ]


def fine(outcome: Outcome) -> bool:
    """Whether this is as it should be: clean, or not clean where something was broken."""
    return outcome.clean is (outcome.order.control is None)


def main(arguments: list[str]) -> int:
    """Do what was asked; returns the exit status."""
    signal.signal(signal.SIGTERM, _interrupt)  # so that the service ends with this process
    asked = read(arguments)
    well = True
    for order in orders(asked):
        try:
            outcome = storm(order)
        except (Missing, Unready) as fault:
            sys.stderr.write(f"{fault}\n")
            return _UNABLE
        if asked.format == "json":
            sys.stdout.write(json.dumps(document(outcome)) + "\n")
        else:
            _show(outcome)
        well = well and fine(outcome)
    return 0 if well else 1


def _show(outcome: Outcome) -> None:
    console = Console(width=120)
    console.print(table(outcome))
    if outcome.order.control:
        console.print("not caught" if outcome.clean else "caught", end="\n\n")
    else:
        console.print("clean" if outcome.clean else "NOT CLEAN", end="\n\n")


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
