from api.pages.sheet import Support, read_sheet
from tests.cast import ORDERS


def test_a_sheet_says_what_is_promised_column_by_column():
    sheet = read_sheet(ORDERS.encode())

    assert sheet is not None
    (part,) = sheet.parts
    assert [(entry.name, [one.words for one in entry.terms]) for entry in part.entries] == [
        ("id", ["integer", "never null", "no value twice"]),
        ("status", ["string", "one of open, done"]),
    ]
    assert [one.words for one in part.rules][1:] == ["orders has more than 0 rows", "We are kind."]
    assert [one.people for one in part.rules] == [False, False, True]


def test_a_sheet_knows_the_line_of_every_promise():
    sheet = read_sheet(ORDERS.encode())

    assert sheet is not None
    lines = ORDERS.splitlines()
    (part,) = sheet.parts
    assert [lines[entry.line - 1].strip() for entry in part.entries] == [
        "- name: id",
        "- name: status",
    ]


def test_levels_of_service_are_promises_of_the_whole():
    sla = "slaProperties:\n  - {property: retention, value: 2, unit: y}\n"

    sheet = read_sheet((ORDERS + sla).encode())

    assert sheet is not None
    assert [one.words for one in sheet.levels] == ["the product is kept for 2 years"]


def test_an_address_that_opens_something_is_not_shown():
    support = (
        "support:\n  - {channel: a, tool: webhook, url: 'https://x.example/secret'}\n"
        "  - {channel: b, url: 'javascript:alert(1)'}\n  - {channel: c, url: 'https://c.example'}\n"
    )
    text = ORDERS[: ORDERS.index("support:")] + support + ORDERS[ORDERS.index("servers:") :]

    sheet = read_sheet(text.encode())

    assert sheet is not None
    assert sheet.support == (
        Support(channel="a", tool="webhook", url=""),
        Support(channel="b", tool="", url=""),
        Support(channel="c", tool="", url="https://c.example"),
    )


def test_what_can_be_read_no_more_has_no_sheet():
    assert read_sheet(b"{") is None
