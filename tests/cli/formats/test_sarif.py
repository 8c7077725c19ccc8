import json

from cli.formats.sarif import sarif
from tests.cli.formats.build import ERRORED, FAILED, LOW, PASSED, SKIPPED, WARNED, case, suite


def log(*cases, path="orders.yaml", of="check"):
    return json.loads(sarif([suite(*cases, path=path)], of=of))


def test_a_failure_is_told_whole(monkeypatch):
    monkeypatch.setattr("cli.formats.sarif.version", lambda _: "9.9.9")

    told = log(FAILED, PASSED, SKIPPED)

    assert told == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Assay",
                        "version": "9.9.9",
                        "rules": [
                            {
                                "id": "minimum",
                                "name": "Minimum",
                                "shortDescription": {"text": "minimum"},
                            }
                        ],
                    }
                },
                "automationDetails": {"id": "assay/check/"},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": []}],
                "results": [
                    {
                        "ruleId": "minimum",
                        "ruleIndex": 0,
                        "kind": "fail",
                        "level": "error",
                        "message": {
                            "text": "orders.amount minimum: 3 rows are below 0\n"
                            "promised: at least 0"
                        },
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "orders.yaml"},
                                    "region": {"startLine": 12, "startColumn": 9},
                                },
                                "logicalLocations": [
                                    {"fullyQualifiedName": "/a", "kind": "member"}
                                ],
                            }
                        ],
                        "partialFingerprints": {"assayName/v1": "e79d480b563b44c7b5150b478e1357d8"},
                    }
                ],
            }
        ],
    }


def test_what_errored_is_no_failure_and_the_run_did_not_succeed():
    (run,) = log(ERRORED)["runs"]

    (result,) = run["results"]
    (invocation,) = run["invocations"]
    assert (result["kind"], result["level"]) == ("open", "none")
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"] == {"text": "orders sql: stopped after 60 s"}
    assert (notification["level"], notification["associatedRule"]) == ("error", {"id": "sql"})


def test_what_does_not_block_is_a_warning():
    (run,) = log(LOW, WARNED)["runs"]

    assert [(each["kind"], each["level"]) for each in run["results"]] == [("fail", "warning")] * 2


def test_a_fingerprint_lives_as_long_as_the_clause():
    def fingerprints(*cases):
        results = log(*cases)["runs"][0]["results"]
        return [each["partialFingerprints"]["assayName/v1"] for each in results]

    moved = case("/a", "failed", line=99, column=1, message="4 rows are below 0")

    assert fingerprints(FAILED) == fingerprints(moved)
    assert fingerprints(FAILED) != fingerprints(LOW)


def test_a_file_is_named_as_an_address_and_stdin_not_at_all():
    odd = log(FAILED, path="my data/ü.yaml")["runs"][0]["results"][0]["locations"][0]
    none = log(FAILED, path="-")["runs"][0]["results"][0]["locations"][0]

    assert odd["physicalLocation"]["artifactLocation"] == {"uri": "my%20data/%C3%BC.yaml"}
    assert "physicalLocation" not in none


def test_runs_of_lint_and_of_check_are_told_apart():
    assert log(of="lint")["runs"][0]["automationDetails"] == {"id": "assay/lint/"}
