from checks.selection import Part
from cli.choice import Choice


def test_what_was_asked_for_is_told_as_it_was_written():
    choice = Choice(
        server="here",
        schema=["orders", "lines"],
        only=Part.SLA,
        dimension=["coverage"],
        rule=["a b"],
        tag=["x"],
        where=["id = 'x'"],
        metadata_only=True,
    )

    assert choice.words == [
        "--schema orders",
        "--schema lines",
        "--only sla",
        "--dimension coverage",
        "--rule a b",
        "--tag x",
        "--metadata-only",
        "--where \"id = 'x'\"",
    ]


def test_where_nothing_was_asked_for_nothing_is_told():
    assert Choice(server="here").words == []
