import pytest

from cli.probes.finding import Finding, State

FINE = Finding(name="python", state=State.OK, detail="3.11.7")
ODD = Finding(name="mail", state=State.WARN, detail="no server", advice="set ASSAY_SMTP_HOST")
BAD = Finding(name="data folder", state=State.FAIL, detail="full", advice="free some space")


@pytest.fixture
def finds(monkeypatch):
    """Let the doctor find these things, and nothing else."""

    def find(*findings):
        probes = tuple(lambda _, found=found: found for found in findings)
        monkeypatch.setattr("cli.doctor._PROBES", probes)

    return find


def test_each_thing_is_a_line_with_what_to_do(assay, finds):
    finds(FINE, ODD, BAD)

    done = assay("doctor")

    assert (done.status, done.err) == (4, "")
    assert (
        done.out
        == """\
ok    python       3.11.7
warn  mail         no server
                   -> set ASSAY_SMTP_HOST
FAIL  data folder  full
                   -> free some space
"""
    )


def test_a_warning_is_no_failure(assay, finds):
    finds(FINE, ODD)

    assert assay("doctor").status == 0


def test_programs_get_every_finding(assay, finds):
    finds(ODD)

    assert assay("doctor", "--format", "json").document == {
        "well": True,
        "findings": [
            {
                "name": "mail",
                "state": "warn",
                "detail": "no server",
                "advice": "set ASSAY_SMTP_HOST",
            }
        ],
    }


def test_a_probe_that_breaks_is_a_finding_and_the_others_go_on(assay, monkeypatch):
    def broken(_):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("cli.doctor._PROBES", (broken, lambda _: FINE))

    done = assay("doctor")

    assert done.status == 4
    assert (
        done.out
        == """\
FAIL  broken       could not be looked at: ZeroDivisionError: oh
ok    python       3.11.7
"""
    )
