import pytest

from contracts.parse import examine, parse
from tests.contracts.documents import document

HOOK = "https://hooks.example.org/x"
EVE = [{"username": "eve@example.org", "role": "owner"}]


def webhook(url: str | None = HOOK, **members: str) -> dict[str, str]:
    return {"channel": "bot", "tool": "webhook", **({"url": url} if url else {}), **members}


def warned(*support: dict[str, str]) -> list[tuple[str, str]]:
    _, problems = examine(document(support=list(support)))
    return [(p.pointer, p.message) for p in problems if p.code == "unusable-support"]


def test_the_best_address_and_every_webhook_are_told():
    support = [
        webhook("https://b.example/", scope="issues"),
        {"channel": "help", "url": "mailto:help@example.org", "scope": "notifications"},
        webhook("https://a.example/", scope="Notifications"),
        webhook("https://c.example/", tool="Webhook"),
        webhook("https://a.example/"),
    ]

    contract = parse(document(support=support, team=EVE))

    assert contract.receivers == (
        ("email", "help@example.org"),
        ("webhook", "https://a.example/"),
        ("webhook", "https://b.example/"),
        ("webhook", "https://c.example/"),
    )


def test_who_names_nobody_tells_nobody():
    assert parse(document()).receivers == ()


def test_a_link_that_is_no_webhook_is_told_nothing_and_not_warned_of():
    support = {"channel": "chat", "tool": "slack", "url": HOOK, "scope": "notifications"}

    assert parse(document(support=[support])).webhooks == ()
    assert warned(support, {"channel": "x", "tool": "pigeon"}, {"channel": "y"}) == []


@pytest.mark.parametrize(
    ("entry", "pointer", "why"),
    [
        (webhook(None), "/support/0", "it needs a 'url'"),
        (webhook(scope="announcements"), "/support/0/url", "not to 'announcements'"),
        (webhook("ftp://a.example"), "/support/0/url", "must begin with https:// and a host"),
        (webhook("https:///x"), "/support/0/url", "must begin with https:// and a host"),
        (webhook("https://[::1"), "/support/0/url", "must begin with https:// and a host"),
        (webhook("https://u:p@a.example"), "/support/0/url", "no user or password"),
        (webhook("https://a.example/a b"), "/support/0/url", "visible ASCII"),
        (webhook("https://ä.example"), "/support/0/url", "visible ASCII"),
        (webhook("https://a.example/" + "x" * 2000), "/support/0/url", "at most 2,000"),
    ],
)
def test_a_webhook_that_cannot_be_told_is_warned_of(entry: dict[str, str], pointer: str, why: str):
    [(at, message)] = warned(entry)

    assert at == pointer
    assert message.startswith("this webhook is told nothing: ")
    assert why in message
    assert parse(document(support=[entry])).webhooks == ()


def test_a_webhook_without_tls_is_warned_of_and_kept_for_a_service_that_allows_it():
    entry = webhook("http://hooks.intern/x")

    [(pointer, message)] = warned(entry)

    assert (pointer, "settings allow http" in message) == ("/support/0/url", True)
    assert parse(document(support=[entry])).webhooks == ("http://hooks.intern/x",)


@pytest.mark.parametrize("url", ["https://example.org", "mailto:nobody", "desk"])
def test_mail_without_an_address_is_warned_of(url: str):
    [(pointer, message)] = warned({"channel": "desk", "tool": "email", "url": url})

    assert (pointer, "no e-mail address" in message) == ("/support/0", True)


def test_mail_whose_address_is_its_channel_is_fine():
    assert warned({"channel": "desk@example.org", "tool": "email"}) == []


def test_ten_webhooks_are_told_and_more_are_warned_of():
    many = [webhook(f"https://{n}.example/") for n in range(12)]

    assert len(parse(document(support=many)).webhooks) == 10
    assert warned(*many) == [("/support", "only 10 webhooks are told; there are 12")]
