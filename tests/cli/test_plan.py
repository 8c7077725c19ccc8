from checks.selection import Selection
from cli.plan import as_document, render
from contracts.parse import parse
from tests.cli.conftest import CONTRACT
from usecases.judge import plan_locally

PROMISE = parse(
    CONTRACT.encode()
    + b"        quality:\n          - {id: few, metric: nullValues, mustBe: 0, severity: info}\n"
    + b"slaProperties: [{property: generalAvailability, value: '2026-01-01'}]\n"
)


def test_each_clause_stands_with_its_engine_or_with_why_it_is_not_judged():
    planned = plan_locally(PROMISE, server="here")

    told = [text.plain for text in render(PROMISE, planned, [])]

    assert told == [
        "orders 1.2.0 on server here: the plan; no data was read",
        "5 clauses, 4 would be judged",
        "",
        "Pandera: 3 clauses",
        "  orders         object_present  exists  high",
        "  orders.amount  column_present  exists  high",
        "  orders.amount  type            number  high",
        "",
        "Great Expectations: 1 clause",
        "  orders.amount  null_values  exactly 0 null values  info",
        "",
        "not judged: not supported yet (1 clause)",
        "  contract  general_availability  2026-01-01",
    ]


def test_what_was_not_asked_for_is_only_counted():
    planned = plan_locally(PROMISE, server=None, selection=Selection(metadata_only=True))

    told = [text.plain for text in render(PROMISE, planned, ["--metadata-only"])]

    assert told[1:3] == ["5 clauses, 3 would be judged", "asked for: --metadata-only"]
    assert told[-1] == "not judged: not selected (2 clauses)"
    assert as_document(PROMISE, planned)["coverage"] == {
        "clauses": 5,
        "planned": 3,
        "skipped": {"not selected": 2},
    }
