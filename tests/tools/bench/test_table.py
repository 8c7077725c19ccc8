import pytest

from tools.bench.case import Case, rows
from tools.bench.cost import Cost, middle
from tools.bench.report import BEGIN, END, replaced
from tools.bench.rules import Rule
from tools.bench.table import HEADINGS, Row, markdown

COST = Cost(cpu=1.234, wall=0.5, peak=1234.5)


def run(cpu: float, **more: object) -> dict[str, object]:
    return {"cpu": cpu, "wall": cpu, "peak": 100 * cpu, **more}


@pytest.fixture
def case(tmp_path):
    return Case(
        name="clean",
        contract=tmp_path,
        folder=tmp_path,
        warm_contract=tmp_path,
        warm_folder=tmp_path,
        rules=[Rule(name="one", group="any", clauses=("/one",), breaches="0")],
        planted={},
        by_hand=("hand_duckdb", {}),
    )


def judged(cpu: float, outcome: str = "passed", statements: int = 2) -> dict[str, object]:
    return run(cpu, statements=["SELECT 1"] * statements, said={"/one": [outcome, 0, None]})


def test_the_ratio_is_that_of_the_medians(case):
    ours, by_hand = rows(
        case,
        [judged(1.0), judged(9.0), judged(2.0)],
        [run(cpu, counts=[0]) for cpu in (1.0, 4.0, 0.5)],
    )

    assert ours.ratio == pytest.approx(2.0)
    assert by_hand.ratio == 1.0
    assert (ours.right, by_hand.right) == ("yes", "yes")


def test_one_run_that_went_wrong_is_told(case):
    ours, _ = rows(case, [judged(1.0, "errored"), judged(1.0)], [run(1.0, counts=[0])])

    assert ours.right == "no, 1 of 1: 1 errored, not passed"


def test_a_statement_that_miscounts_is_told(case):
    _, by_hand = rows(case, [judged(1.0)], [run(1.0, counts=[3])])

    assert by_hand.right == "no, 1 of 1: 1 3, not 0"


def test_numbers_of_statements_that_differ_are_all_told(case):
    ours, _ = rows(case, [judged(1.0), judged(1.0, statements=5)], [run(1.0, counts=[0])])

    assert ours.statements == "2/5"


def test_the_peak_is_the_highest_and_the_times_are_medians():
    costs = [Cost(cpu=cpu, wall=cpu, peak=peak) for cpu, peak in ((1, 30), (9, 10), (2, 20))]

    assert middle(costs) == Cost(cpu=2, wall=2, peak=30)


def test_nothing_measured_has_no_middle():
    with pytest.raises(ValueError, match="nothing"):
        middle([])


def test_a_row_has_a_cell_for_each_heading():
    row = Row(name="bad", cost=COST, statements="4", right="yes", ratio=1.987, note="n")

    assert row.cells == ("bad", "1.23", "0.50", "1,234", "4", "yes", "1.99", "n")
    assert len(row.cells) == len(HEADINGS)


def test_a_document_gets_one_line_a_row_with_bars_escaped():
    text = markdown([Row(name="a|b", cost=COST)])

    assert text.splitlines()[0] == f"| {' | '.join(HEADINGS)} |"
    assert text.splitlines()[2] == "| a\\|b | 1.23 | 0.50 | 1,234 |  |  |  |  |"


def test_only_what_stands_between_the_marks_is_replaced():
    document = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    assert replaced(document, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_a_document_without_marks_is_refused():
    with pytest.raises(ValueError, match="lacks"):
        replaced(f"{END} {BEGIN}", "new")
