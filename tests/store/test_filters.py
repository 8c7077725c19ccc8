from checks.model import Outcome
from contracts.filter import ContractFilter
from incidents.filter import IncidentFilter
from incidents.model import IncidentKind
from runs.filter import RunFilter
from runs.model import RunState
from store.filters import alike
from store.tables.judging import RUN
from store.tables.promise import VERSION
from store.tables.trouble import INCIDENT


def said(conditions) -> list[str]:
    return [str(one.compile(compile_kwargs={"literal_binds": True})) for one in conditions]


def test_nothing_is_asked_of_a_row_by_an_empty_filter():
    assert alike(RUN, RunFilter()) == alike(VERSION, ContractFilter()) == []


def test_everything_that_is_wanted_must_hold():
    wanted = RunFilter(product="sales.orders", state=RunState.DONE, outcome=Outcome.FAILED)

    assert said(alike(RUN, wanted)) == [
        "run.product = 'sales.orders'",
        "run.state = 'done'",
        "run.outcome = 'failed'",
    ]
    assert said(alike(INCIDENT, IncidentFilter(kind=IncidentKind.OUTAGE))) == [
        "incident.kind = 'outage'"
    ]
