"""``python -m tools.bench [checks [--peers] [--only NAME ...] [--write] | faces | runs [...]]``."""

import sys
from argparse import ArgumentParser, Namespace

from rich.console import Console

from tools.bench import checks, small
from tools.bench.faces import cases as face_cases
from tools.bench.faces import run as faces
from tools.bench.runs import run as runs


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
    seen = words.add_parser("faces", help="answers a second, and what the command line takes")
    seen.add_argument("--only", nargs="+", metavar="NAME", choices=face_cases.NAMES)
    seen.epilog = f"cases: {', '.join(face_cases.NAMES)}"
    ran = words.add_parser("runs", help="the whole service: how soon, how many, how late")
    ran.add_argument("--only", nargs="+", metavar="NAME", choices=runs.NAMES)
    ran.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    ran.add_argument("--runs", type=int, default=500, help="over which memory is looked at")
    ran.epilog = f"cases: {', '.join(runs.NAMES)}"
    asked = parser.parse_args(arguments)
    known = {*checks.NAMES, *checks.PEERS}
    if asked.word == "checks" and asked.only and (unknown := set(asked.only) - known):
        parser.error(f"no case {', '.join(sorted(unknown))}; {wanted.epilog}")
    return asked


def main() -> None:
    """Measure, and print the table."""
    asked = read(sys.argv[1:])
    if asked.word is None:
        Console().print(small.measure())
        return
    if asked.word == "faces":
        faces.run(only=asked.only or ())
        return
    if asked.word == "runs":
        runs.run(database=asked.database, only=asked.only or (), runs=asked.runs)
        return
    checks.run(only=asked.only or (), peers=asked.peers, write=asked.write, scale=asked.scale)


if __name__ == "__main__":
    main()
