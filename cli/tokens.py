"""``assay token``: who may come in. ``--data`` and ``--local`` work on the database itself."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.text import Text

from access.model import EVERYWHERE, Principal, Role
from cli.answers import Items, NewToken, Token, shaped
from cli.client import connect
from cli.database import open_store
from cli.exits import Exit
from cli.output import BAD, FAINT, STRONG, UNSURE, Form, Part, line, note, show, show_json, table
from cli.times import instant
from contracts.values import Json
from runtime.clock import now
from usecases import documents
from usecases.tokens import create_token, list_tokens, revoke_token

app: Final = App(name="token", help="Give out, list and revoke tokens.")
_OPERATOR: Final = Principal(name="operator", role=Role.ADMIN)
_EVER: Final = 3650  # days
DataFolder = Annotated[
    Path | None,
    Parameter(
        name="--data",
        help="Work on the database in this folder, without the service and without a token.",
    ),
]
LocalDatabase = Annotated[
    bool,
    Parameter(
        name="--local",
        negative="",
        show_default=False,
        help="Work on the database that ASSAY_DATABASE_URL names, without the service.",
    ),
]


@app.command
def create(  # noqa: PLR0913 - one for each flag
    name: str,
    /,
    *,
    role: Role,
    domain: str = EVERYWHERE,
    days: Annotated[int | None, Parameter(validator=Number(gte=1, lte=_EVER))] = None,
    data: DataFolder = None,
    local: LocalDatabase = False,
    form: Form = "text",
) -> int:
    """Make a token. Its secret is shown this once.

    Args:
        name: Whose it is; stands in the audit log.
        role: What its holder may do.
        domain: Where; ``*`` is everywhere.
        days: How long it opens anything; without it, for ever.
        data: See the name.
        local: See the name.
        form: Answer for people or for programs.
    """
    if data is None and not local:
        wanted = {"name": name, "role": role.value, "domain": domain, "lifetime_days": days}
        with connect() as client:
            answer = client.post("/tokens", wanted)
    else:
        answer = _create_locally(data, Principal(name=name, role=role, domain=domain), days)
    if form == "json":
        show_json(answer)
        return Exit.OK
    made = shaped(NewToken, answer)
    show(Text(made.secret))
    until = "for ever" if made.expires_at is None else f"until {instant(made.expires_at)}"
    where = "everywhere" if made.domain == EVERYWHERE else f"in domain {made.domain}"
    note(
        f"token {made.id}: {made.name} is {made.role} {where}, {until}. ", ("Shown only now.", BAD)
    )
    return Exit.OK


@app.command(name="list")
def list_(*, data: DataFolder = None, local: LocalDatabase = False, form: Form = "text") -> int:
    """List every token, without secrets."""
    if data is None and not local:
        with connect() as client:
            answer = client.get("/tokens")
    else:
        with open_store(data) as store:
            found = list_tokens(store, by=_OPERATOR)
        answer = {"items": [documents.token(token) for token in found]}
    if form == "json":
        show_json(answer)
        return Exit.OK
    rows = [_row(token) for token in shaped(Items[Token], answer).items]
    show(*table(("id", "name", "role", "domain", "begins with", "state"), rows, right={0}))
    return Exit.OK


@app.command
def revoke(
    token: Annotated[int, Parameter(name="ID", validator=Number(gte=1))],
    /,
    *,
    data: DataFolder = None,
    local: LocalDatabase = False,
    form: Form = "text",
) -> int:
    """Close a token for good.

    Args:
        token: Number of the token.
        data: See the name.
        local: See the name.
        form: Answer for people or for programs.
    """
    if data is None and not local:
        with connect() as client:
            client.delete(f"/tokens/{token}")
    else:
        with open_store(data) as store:
            revoke_token(store, token, by=_OPERATOR, clock=now)
    if form == "json":
        show_json({"id": token, "revoked": True})
    else:
        show(line("token ", (str(token), STRONG), " opens nothing any more"))
    return Exit.OK


def _create_locally(data: Path | None, holder: Principal, days: int | None) -> Json:
    lifetime = None if days is None else timedelta(days=days)
    with open_store(data) as store:
        token, secret = create_token(store, holder, by=_OPERATOR, lifetime=lifetime, clock=now)
    return {**documents.token(token), "secret": secret}


def _row(token: Token) -> list[Part]:
    if token.revoked_at is not None:
        state: Part = (f"revoked {instant(token.revoked_at)}", FAINT)
    elif token.expires_at is not None:
        expired = token.expires_at <= now()
        state = (
            f"{'expired' if expired else 'until'} {instant(token.expires_at)}",
            UNSURE if expired else "",
        )
    else:
        state = "for ever"
    return [
        str(token.id),
        (token.name, STRONG),
        token.role,
        token.domain,
        f"{token.prefix}…",
        state,
    ]
