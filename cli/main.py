"""The ``assay`` command. Each ``app.command`` names a module that is loaded when it is called."""

import gc
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Final

from cyclopts import App, CycloptsError, Group

from cli import faults
from cli.exits import Exit

app: Final = App(
    name="assay",
    help="Data contracts, enforced: published, checked on schedule, scored for whoever relies.",
    version=lambda: version("assay"),
    version_format="plaintext",
    suppress_keyboard_interrupt=False,
)
_PRODUCER: Final = Group("For producers", sort_key=1)
_CONSUMER: Final = Group("For those who rely on it", sort_key=2)
_OPERATOR: Final = Group("For whoever runs the service", sort_key=3)

app.command("cli.init:init", help="Draft a contract, from data if you have some.", group=_PRODUCER)
app.command("cli.lint:lint", help="Say whether files are valid contracts.", group=_PRODUCER)
app.command("cli.check:check", help="Judge data here against a contract.", group=_PRODUCER)
app.command("cli.publish:publish", help="Publish contracts to the service.", group=_PRODUCER)
app.command("cli.run:run", help="Have the service judge a product now.", group=_PRODUCER)
app.command(
    "cli.schedule:app",
    name="schedule",
    group=_PRODUCER,
    help="Look at schedules, let them stand still, let them tick again.",
)
app.command("cli.products:products", help="List products with their scores.", group=_CONSUMER)
app.command("cli.gate:gate", help="Say whether to rely on a product now.", group=_CONSUMER)
app.command("cli.products:scorecard", help="Show a product's scorecard.", group=_CONSUMER)
app.command(
    "cli.incidents:app",
    name="incidents",
    group=_CONSUMER,
    help="Look at incidents, take them on, end them.",
)
app.command("cli.events:events", help="Tell what happened, and what happens.", group=_CONSUMER)
app.command("cli.login:login", help="Keep a token for a service.", group=_CONSUMER)
app.command("cli.login:logout", help="Forget it.", group=_CONSUMER)
app.command("cli.login:whoami", help="Say which service, and as whom.", group=_CONSUMER)
app.command(
    "cli.audit:app", name="audit", group=_OPERATOR, help="Prove that the audit log is whole."
)
app.command("cli.completion:completion", help="Teach a shell the commands.", group=_OPERATOR)
app.command("cli.up:up", help="Run the whole service on this machine.", group=_OPERATOR)
app.command("cli.demo.command:demo", help="Watch it work on real data.", group=_OPERATOR)
app.command("cli.service:api", help="Run the API and its pages.", group=_OPERATOR)
app.command("cli.service:worker", help="Run a worker.", group=_OPERATOR)
app.command("cli.service:scheduler", help="Run a scheduler of its own.", group=_OPERATOR)
app.command("cli.migrate:migrate", help="Bring the database to this release.", group=_OPERATOR)
app.command("cli.health:health", help="Say whether one part is well.", group=_OPERATOR)
app.command("cli.backup:backup", help="Copy the embedded database.", group=_OPERATOR)
app.command("cli.backup:restore", help="Put such a copy back.", group=_OPERATOR)
app.command(
    "cli.doctor:doctor", help="Look for what is wrong, and say what to do.", group=_OPERATOR
)
app.command(
    "cli.tokens:app", name="token", group=_OPERATOR, help="Give out, list and revoke tokens."
)
app.command(
    "cli.connections:app",
    name="connection",
    group=_OPERATOR,
    help="Name the ways to data, and try them.",
)
app.command(
    "cli.notify:app",
    name="notify",
    group=_OPERATOR,
    help="Try channels, and send again what did not arrive.",
)


def main() -> int:
    """Run the command that this process was started for, and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    if sys.argv[1:2] == ["check"]:
        gc.disable()  # it is over before garbage matters; looking for some takes a third of it
    status = run(sys.argv[1:])
    faults.close_quietly(sys.stdout)
    return status


def run(arguments: Sequence[str]) -> int:
    """Run one command in this process.

    Returns:
        Its exit status, as ``cli.exits`` lists them. What went wrong was told on stderr, as a
        problem document where JSON was asked for.
    """
    by = faults.asked(arguments)
    try:
        by = replace(by, command=" ".join(["assay", *app.parse_commands(list(arguments))[0]]))
        answer = app(
            list(arguments),
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
        sys.stdout.flush()
    except CycloptsError as error:
        return faults.misused(error, by)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.PIPE_CLOSED
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        return Exit.OK  # nobody read the help to its end: what was asked for was told
    except Exception as error:  # noqa: BLE001 - the last stop: whatever it is, one clear line is told
        return faults.told(error, by)
    return answer if isinstance(answer, int) else Exit.OK


if __name__ == "__main__":
    sys.exit(main())
