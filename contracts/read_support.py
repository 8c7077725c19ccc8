"""Whom a contract wants told: its ``support`` entries and its owner, as addresses and webhooks."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from contracts.model import Team
from contracts.nodes import Node
from contracts.notes import Notes

_SCOPES: Final = ("notifications", "issues", "announcements")
_OF_TROUBLE: Final = ("", "notifications", "issues")  # scopes whose webhooks hear of incidents
_MAIL: Final = re.compile(r"[^@\s<>,;\"()]{1,64}@[A-Za-z0-9.-]{1,253}")
_VISIBLE: Final = re.compile("[!-~]+")
_MOST_WEBHOOKS: Final = 10
_LONGEST_URL: Final = 2000


def read_owner_emails(root: Node, team: Team) -> tuple[str, ...]:
    """Addresses to tell, best first: support by mail in the order of its scopes; then the owner."""
    channels = sorted(root["support"].items(), key=_scope_rank)
    found = [address for channel in channels for address in _addresses(channel)]
    found += [team.owner] if team.owner and _MAIL.fullmatch(team.owner) else []
    return tuple(dict.fromkeys(found))


def read_webhooks(root: Node) -> tuple[str, ...]:
    """URLs that are told of incidents, best scope first; what cannot be used is left out."""
    channels = sorted(root["support"].items(), key=_scope_rank)
    usable = [_url(channel) for channel in channels if _is_webhook(channel) and not _flaw(channel)]
    return tuple(dict.fromkeys(usable))[:_MOST_WEBHOOKS]


def warn_of_unreachable(root: Node, notes: Notes) -> None:
    """Warn of support entries that name a tool which is told of trouble, but cannot be reached."""
    channels = root["support"].items()
    for channel in channels:
        if _tool(channel) == "email" and not _addresses(channel):
            message = "no e-mail address is found in 'url' (as mailto:) or 'channel'"
            notes.warn("unusable-support", channel.pointer, message)
    _warn_of_webhooks([channel for channel in channels if _is_webhook(channel)], notes)


def _warn_of_webhooks(webhooks: list[Node], notes: Notes) -> None:
    for webhook in webhooks:
        if doubt := _doubt(webhook):
            place = webhook["url"] if webhook["url"].there else webhook
            notes.warn("unusable-support", place.pointer, doubt)
    if len(webhooks) > _MOST_WEBHOOKS:
        message = f"only {_MOST_WEBHOOKS} webhooks are told; there are {len(webhooks)}"
        notes.warn("unusable-support", "/support", message)


def _doubt(webhook: Node) -> str:
    """Return why a webhook may be told nothing, in words; empty where nothing is in its way."""
    if flaw := _flaw(webhook):
        return f"this webhook is told nothing: {flaw}"
    if _split(_url(webhook)).scheme == "http":
        return "not https: the service sends there only where its settings allow http"
    return ""


def _scope_rank(channel: Node) -> int:
    scope = channel["scope"].said().lower()
    return _SCOPES.index(scope) if scope in _SCOPES else len(_SCOPES)


def _tool(channel: Node) -> str:
    return channel["tool"].said().strip().lower()


def _addresses(channel: Node) -> list[str]:
    url, name = channel["url"].said(), channel["channel"].said()
    if url.lower().startswith("mailto:"):
        candidates = url[len("mailto:") :].split("?", 1)[0].split(",")
    else:
        candidates = [url, name]
    return [word.strip() for word in candidates if _MAIL.fullmatch(word.strip())][:1]


def _is_webhook(channel: Node) -> bool:
    return _tool(channel) == "webhook"


def _url(channel: Node) -> str:
    return channel["url"].said().strip()


def _flaw(channel: Node) -> str:
    """Return why a webhook cannot be told of incidents, in words; empty where it can."""
    scope = channel["scope"].said().lower()
    if scope not in _OF_TROUBLE:
        return f"incidents go to the scopes notifications and issues, not to {scope[:40]!r}"
    return _flaw_of_url(_url(channel))


def _flaw_of_url(url: str) -> str:
    if not url:
        return "it needs a 'url'"
    if len(url) > _LONGEST_URL or not _VISIBLE.fullmatch(url):
        return f"'url' must be at most {_LONGEST_URL:,} visible ASCII characters"
    parts = _split(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        return "'url' must begin with https:// and a host"
    return "'url' must hold no user or password" if "@" in parts.netloc else ""


def _split(url: str) -> SplitResult:
    """Return the parts of ``url``; those of nothing where it has none."""
    try:
        return urlsplit(url)
    except ValueError:  # such as brackets that do not close
        return urlsplit("")
