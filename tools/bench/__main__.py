"""``python -m tools.bench [checks [--peers] [--only NAME ...] [--write]]``."""

import sys
from argparse import ArgumentParser, Namespace

from rich.console import Console

from tools.bench import checks, small


def read(arguments: list[str]) -> Namespace:
    """What was asked for; ends the process where that makes no sense."""
    parser = ArgumentParser(
        prog="./dev bench", description="Measure; without a word the small table."
    )
    words = parser.add_subparsers(dest="word")
    wanted = words.add_parser("checks", help="the engines, beside statements written by hand")
    wanted.add_argument("--peers", action="store_true", help="other tools on the same work, too")
    wanted.add_argument("--only", nargs="+", metavar="NAME", help="these cases, of those below")
    wanted.add_argument(
        "--write", action="store_true", help="put the table into docs/performance.md"
    )
    wanted.add_argument("--scale", default="1", help="TPC-H factor of the cases that name none")
    wanted.epilog = f"cases: {', '.join(checks.NAMES)}; with --peers: {', '.join(checks.PEERS)}"
    asked = parser.parse_args(arguments)
    if asked.word and asked.only and (unknown := set(asked.only) - {*checks.NAMES, *checks.PEERS}):
        parser.error(f"no case {', '.join(sorted(unknown))}; {wanted.epilog}")
    return asked


def main() -> None:
    """Measure, and print the table."""
    asked = read(sys.argv[1:])
    if asked.word is None:
        Console().print(small.measure())
        return
    checks.run(only=asked.only or (), peers=asked.peers, write=asked.write, scale=asked.scale)


if __name__ == "__main__":
    main()
