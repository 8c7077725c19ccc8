"""``assay notify``: try channels, and send again what did not arrive."""

from typing import Annotated, Final

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.text import Text

from cli.answers import Notice, NoticeTry, WebhookSecret, shaped
from cli.client import connect
from cli.exits import Exit
from cli.output import (
    BAD,
    FAINT,
    GOOD,
    STRONG,
    Form,
    Part,
    line,
    note,
    progress,
    show,
    show_json,
    table,
)
from cli.products import collect

app: Final = App(name="notify", help="Try channels, and send again what did not arrive.")
NoticeId = Annotated[int, Parameter(name="ID", validator=Number(gte=1))]


@app.command(name="test")
def try_(channel: str, target: str, /, *, form: Form = "text") -> int:
    """Have the service send a test message now, and say what came of it.

    Args:
        channel: ``email`` or ``webhook``.
        target: Whom to; an address, or a URL as the contract names it. An owner may try what
            contracts of their domain name.
        form: Answer for people or for programs.
    """
    with connect() as client, progress(f"trying {channel}"):
        answer = client.post("/notices/test", {"channel": channel, "target": target})
    tried = shaped(NoticeTry, answer)
    if form == "json":
        show_json(answer)
    else:
        verdict: Part = ("took it", GOOD) if tried.ok else ("cannot be told", BAD)
        why = f": {tried.detail}" if tried.detail else ""
        told = f"{why} ({tried.seconds:.2f} s)"
        show(line(f"{tried.channel} ", (tried.target, STRONG), " ", verdict, told))
        if tried.advice:
            show(line(tried.advice))
        if tried.enabled:
            show(line("it was disabled, and is sent to again"))
    return Exit.OK if tried.ok else Exit.UNJUDGED


@app.command(name="list")
def list_(*, waiting: bool = False, form: Form = "text") -> int:
    """List the notices that were given up, newest first.

    Args:
        waiting: List those that are still to arrive instead.
        form: Answer for people or for programs.
    """
    with connect() as client:
        found = collect(client, "/notices/waiting" if waiting else "/notices/dead", {})
    if form == "json":
        show_json({"items": found})
        return Exit.OK
    rows = [_row(shaped(Notice, item)) for item in found]
    if not rows:
        show(line("no notice waits" if waiting else "every notice arrived, or is on its way"))
        return Exit.OK
    heads = ("id", "incident", "channel", "target", "tries", "why")
    show(*table(heads, rows, right={0, 1, 4}))
    if not waiting:
        show(line("once mended, send one again: assay notify resend ID"))
    return Exit.OK


@app.command
def resend(notice: NoticeId, /, *, form: Form = "text") -> int:
    """Send a notice again that was given up.

    Args:
        notice: Its number, as ``assay incidents ID`` and ``assay notify list`` show it.
        form: Answer for people or for programs.
    """
    with connect() as client:
        answer = client.post(f"/notices/{notice}/resend")
    if form == "json":
        show_json(answer)
        return Exit.OK
    found = shaped(Notice, answer)
    show(line(f"notice {found.id} is sent again to {found.target}"))
    show(line(f"how that went: assay incidents {found.incident}"))
    return Exit.OK


@app.command
def secret(url: str, /, *, form: Form = "text") -> int:
    """Show what the receiver of a webhook checks signatures with. For administrators.

    Args:
        url: The webhook, letter for letter as the contract names it.
        form: Answer for people or for programs.
    """
    with connect() as client:
        answer = client.post("/notices/secret", {"target": url})
    if form == "json":
        show_json(answer)
        return Exit.OK
    show(Text(shaped(WebhookSecret, answer).secret))
    note("Give it to that receiver alone; another URL has another secret.")
    return Exit.OK


def _row(found: Notice) -> list[Part]:
    why = found.why or (found.attempts[-1].error if found.attempts else "")
    return [
        str(found.id),
        str(found.incident),
        found.channel,
        (found.target, STRONG),
        str(found.tries),
        why or ("not known", FAINT),
    ]
