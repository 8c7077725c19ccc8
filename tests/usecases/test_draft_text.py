"""A draft as it is read."""

from hypothesis import given
from hypothesis import strategies as st

from checks.profile import ColumnProfile, ObjectProfile
from contracts.clause import Kind
from contracts.clauses import clauses
from contracts.parse import parse
from usecases.draft_text import Subject, rate, render
from usecases.proposals import Candidate, Proposal, propose

NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=30
).filter(str.strip)  # a blank name is refused


def proposed(kind: Kind, *, rows: int = 1000, broken: int = 0, **stated) -> Proposal:
    candidate = Candidate(schema="orders", column="id", kind=kind, **stated)
    return Proposal(candidate=candidate, rows=rows, broken=broken)


def subject(*columns: ColumnProfile) -> Subject:
    profile = ObjectProfile(name="orders", rows=1000, columns=columns, markers=("NA",))
    return Subject(name="My orders", path="in/{model}.csv", profiles=(profile,))


ID = ColumnProfile(
    name="id", source_type="VARCHAR", logical_type="integer", present=990, low=1, high=7
)


def test_what_is_kept_is_promised_and_what_is_nearly_kept_is_mentioned():
    asked = [
        proposed(Kind.TYPE, value="integer"),
        proposed(Kind.REQUIRED, broken=1),
        proposed(Kind.UNIQUE),
        Proposal(candidate=Candidate(schema="orders", column=None, kind=Kind.ROW_COUNT), rows=1000),
    ]

    text = render(subject(ID), asked)

    assert text.split("schema:\n")[1] == (
        "  - name: orders\n"
        "    description: Say what one row is.\n"
        "    properties:\n"
        "      - name: id\n"
        "        logicalType: integer                # seen: 1 to 7\n"
        "        # required: true                    # 99.9 % of 1,000 rows: 1 break it\n"
        "        unique: true                        # 100 % of 1,000 rows\n"
        "    quality:\n"
        "      - id: not-empty\n"
        "        metric: rowCount\n"
        "        mustBeGreaterThan: 0                # it has 1,000\n"
        "customProperties:\n"
        "  - property: assaySchedule\n"
        '    value: "0 6 * * *"                      # when it is judged: every day at six, UTC\n'
    )


def test_what_is_always_there_and_never_twice_is_the_key():
    both = [proposed(Kind.TYPE), proposed(Kind.REQUIRED), proposed(Kind.UNIQUE)]

    text = render(subject(ID), both)

    assert "primaryKey: true" in text
    assert "required" not in text
    assert "unique" not in text


def test_a_bound_is_no_promise_about_a_text():
    broken = [proposed(Kind.TYPE, value="integer", broken=3), proposed(Kind.MINIMUM, value=0)]

    text = render(subject(ID), broken)

    assert "        logicalType: string\n        # logicalType: integer" in text
    assert "minimum" not in text


def test_a_rate_is_never_rounded_up_to_a_hundred():
    told = rate(proposed(Kind.REQUIRED, rows=1_000_000, broken=1))

    assert told == "99.9 % of 1,000,000 rows: 1 break it"


@given(name=NAMES, table=NAMES, values=st.lists(NAMES, min_size=1, max_size=4, unique=True))
def test_any_name_makes_a_valid_contract_of_that_name(name, table, values):
    column = ColumnProfile(
        name=name,
        source_type="VARCHAR",
        logical_type="string",
        present=100,
        distinct=len(values),
        values=tuple(values),
    )
    profile = ObjectProfile(name=table, rows=100, columns=(column,))
    kept = [Proposal(candidate=each, rows=100) for each in propose([profile])]

    contract = parse(
        render(Subject(name=name, path="{model}.csv", profiles=(profile,)), kept).encode()
    )

    (schema,) = contract.schemas
    assert (schema.name, schema.columns[0].name) == (table, name)
    promised = {clause.kind: clause for clause in clauses(contract)}
    assert promised[Kind.ENUM].arguments["values"] == values


def test_a_name_that_nobody_sees_is_replaced():
    hidden = render(Subject(name="\u202eorders", path="{model}.csv", profiles=()), [])
    plain = render(Subject(name="Orders", path="{model}.csv", profiles=()), [])

    assert "\nname: orders\n" in hidden
    assert "\nname: Orders\n" in plain
