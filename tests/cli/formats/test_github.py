from cli.formats.github import github
from tests.cli.formats.build import ERRORED, FAILED, LOW, PASSED, SKIPPED, case, suite


def test_each_trouble_is_one_line_gravest_first():
    told = github([suite(LOW, PASSED, SKIPPED, ERRORED, FAILED)])

    assert told == (
        "::error file=orders.yaml,line=12,col=9,title=could not be judged%3A orders sql::"
        "stopped after 60 s\n"
        "::error file=orders.yaml,line=12,col=9,title=orders.amount minimum::"
        "3 rows are below 0%0Apromised: at least 0\n"
        "::warning file=orders.yaml,line=12,col=9,title=orders.amount minimum::2 rows\n"
    )


def test_nothing_in_a_text_can_give_a_command():
    bad = case("/x", "failed", title="a,b:c%\r\n::error::", message="100 %\n::stop-commands::x\r")

    told = github([suite(bad, path="a,b:c.yaml")])

    assert told == (
        "::error file=a%2Cb%3Ac.yaml,line=12,col=9,title=a%2Cb%3Ac%25%0D%0A%3A%3Aerror%3A%3A::"
        "100 %25%0A::stop-commands::x%0D\n"
    )


def test_stdin_has_no_file_to_stand_beside():
    assert github([suite(LOW, path="-")]) == "::warning title=orders.amount minimum::2 rows\n"


def test_where_all_is_well_nothing_is_said():
    assert github([suite(PASSED)]) == ""
