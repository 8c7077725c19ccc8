"""Those who come to the API and its pages, and a judge that shows them rows."""

from dataclasses import replace

from fastapi import FastAPI
from fastapi.testclient import TestClient
from typing_extensions import override

from api.ask import COOKIE
from checks.model import Evidence, Outcome, Result
from contracts.clause import Clause
from tests.cast import Judge

SAMPLE = Evidence(
    columns=("id", "status"),
    rows=((7, "gone"), (8, None), (9, ""), (10, True), (11, "<b>bold</b>"), (12, False)),
    offending=("status",),
    masked=("id",),
)


class Guest(TestClient):
    """A client that shows a token, or none, and reads pages; faults come back as answers."""

    def __init__(self, app: FastAPI, secret: str | None) -> None:
        super().__init__(app, raise_server_exceptions=False, follow_redirects=False)
        self.secret = secret or ""
        self.headers["Accept"] = "text/html,*/*;q=0.8"
        if secret:
            self.headers["Authorization"] = f"Bearer {secret}"

    def in_browser(self) -> "Guest":
        """Show the token as a page's cookie instead."""
        self.headers.pop("Authorization", None)
        self.cookies.set(COOKIE, self.secret)
        return self


class Sampler(Judge):
    """A judge whose failed results come with a sample of rows."""

    @override
    def _result(self, clause: Clause) -> Result:
        result = super()._result(clause)
        if result.outcome is not Outcome.FAILED:
            return result
        return replace(result, finding=replace(result.finding, evidence=SAMPLE))


def problem_of(answer) -> tuple[int, str]:
    """Status of an answer and the last part of its problem's type."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].rpartition(":")[2]
