import pytest

from tests.cli.fakes import Document, result_document, run_document

DONE = run_document(
    state="done", outcome="failed", counts={"failed": 1}, seconds={"total": 1.5},
    finished="2026-11-20T09:00:02Z",
)  # fmt: skip
FAILED = result_document(outcome="failed", reason="1 of 4 rows is below 0")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr("cli.watch.time.sleep", lambda _: None)


def test_a_run_is_asked_for_and_not_waited_for(assay, service):
    service.says("POST", "/products/sales.orders/runs", {"runs": [run_document()]}, status=202)

    done = assay("run", "sales.orders")

    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "queued run 7 of orders 1.2.0\n"
        "next: assay scorecard sales.orders, or --watch to wait for it\n"
    )


def test_programs_get_the_queued_runs(assay, service):
    answer = {"runs": [run_document()]}
    service.says("POST", "/products/sales.orders/runs", answer, status=202)

    assert assay("run", "sales.orders", "--format", "json").document == answer


def test_watching_waits_for_the_end_and_tells_it(assay, service):
    service.says("POST", "/products/sales.orders/runs", {"runs": [run_document()]}, status=202)
    service.says("GET", "/runs/7", run_document())
    service.says("GET", "/runs/7", run_document(state="running"))
    service.says("GET", "/runs/7", DONE)
    service.says("GET", "/runs/7/results", {"run": 7, "results": [FAILED], "evidence_shown": False})

    done = assay("run", "sales.orders", "--watch")

    assert (done.status, done.err) == (1, "")
    assert (
        done.out
        == """\
run 7 of orders 1.2.0: failed
1 clause, 1 judged in 1.50 s: 1 failed

FAILED orders.amount minimum: at least 0  (high)
  1 of 4 rows is below 0
  /schema/orders/properties/amount/minimum

card: http://127.0.0.1:9250/products/sales.orders
"""
    )


def test_a_run_that_waits_already_is_joined(assay, service):
    run = run_document(cause="data arrived, told by etl and 1 more", triggers=2)
    service.says("POST", "/products/sales.orders/runs", {"runs": [run]}, status=202)

    done = assay("run", "sales.orders")

    told = "which waits already: data arrived, told by etl and 1 more"
    assert done.out.splitlines()[0] == f"joined run 7 of orders 1.2.0, {told}"


def test_watching_shows_some_rows_and_a_cause_once(assay, service):
    sample = {"columns": ["c"], "rows": [[n] for n in range(8)], "offending": [], "masked": []}
    errored = result_document(outcome="errored", reason="no file")
    answers = [FAILED | {"evidence": sample}, errored]
    service.says("POST", "/products/a.b/runs", {"runs": [run_document()]}, status=202)
    service.says("GET", "/runs/7", DONE | {"error": "no file"})
    service.says("GET", "/runs/7/results", {"run": 7, "results": answers, "evidence_shown": True})

    usual = assay("run", "a.b", "--watch").out
    fewer = assay("run", "a.b", "--watch", "--evidence", "2").out

    assert "and 3 more sampled" in usual
    assert "and 6 more sampled" in fewer
    assert usual.count("no file") == 1


def test_programs_get_the_ended_runs_with_their_results(assay, service):
    service.says("POST", "/products/sales.orders/runs", {"runs": [run_document()]}, status=202)
    service.says("GET", "/runs/7", DONE)
    service.says("GET", "/runs/7/results", {"run": 7, "results": [FAILED], "evidence_shown": False})

    done = assay("run", "sales.orders", "--wait", "--format", "json")

    assert done.status == 1
    assert done.document == {"runs": [DONE | {"results": [FAILED]}]}


@pytest.mark.parametrize(
    ("ended", "status", "words"),
    [
        (run_document(state="done", outcome="passed"), 0, "passed"),
        (run_document(state="done", outcome="skipped"), 4, "skipped"),
        (run_document(state="errored", outcome="errored", error="no file"), 4, "errored\nno file"),
        (run_document(state="errored", error="gone"), 4, "errored\ngone"),
        (run_document(state="lost", error="its worker died"), 4, "lost\nits worker died"),
    ],
)  # fmt: skip
def test_the_status_is_that_of_the_end(assay, service, ended, status, words):
    service.says("POST", "/products/a.b/runs", {"runs": [run_document()]}, status=202)
    service.says("GET", "/runs/7", ended)
    service.says("GET", "/runs/7/results", {"run": 7, "results": [], "evidence_shown": True})

    done = assay("run", "a.b", "--watch")

    assert done.status == status
    assert done.out.startswith(f"run 7 of orders 1.2.0: {words}\n")


def test_of_several_ports_the_worst_decides(assay, service):
    runs = [run_document(), run_document(id=8)]
    service.says("POST", "/products/a.b/runs", {"runs": runs}, status=202)
    service.says("GET", "/runs/7", run_document(state="errored", outcome="errored"))
    service.says("GET", "/runs/8", run_document(id=8, state="done", outcome="failed"))
    for number in (7, 8):
        answer: Document = {"run": number, "results": [], "evidence_shown": True}
        service.says("GET", f"/runs/{number}/results", answer)

    assert assay("run", "a.b", "--watch").status == 4


def test_a_run_that_nobody_takes_ends_the_wait(assay, service):
    service.says("POST", "/products/a.b/runs", {"runs": [run_document()]}, status=202)
    service.says("GET", "/runs/7", run_document())

    done = assay("run", "a.b", "--watch", "--timeout", "0.01")

    assert (done.status, done.out) == (4, "")
    assert done.err == (
        "assay: run 7 is still queued after 0.01 s; 'assay doctor' says whether a worker is alive\n"
    )


def test_a_product_that_does_not_exist_is_a_usage_error(assay, service):
    service.refuses("POST", "/products/a.b/runs", 404, detail="there is no product 'a.b'")
    service.says("GET", "/contracts", {"items": [], "next": None})

    done = assay("run", "a.b")

    assert (done.status, done.out) == (2, "")
    assert done.err == "assay: there is no product 'a.b'; 'assay products' lists the products\n"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("shop", "'shop.orders' or 'shop.items'"),
        ("items", "'shop.items'"),
        ("sales.order", "'sales.orders' or 'shop.orders'"),
    ],
)
def test_the_product_that_may_be_meant_is_named(assay, service, word, meant):
    keys = ["sales.orders", "shop.orders", "shop.items", "shop.items", "other.thing"]
    contracts = [{"id": f"c{place}", "product": key} for place, key in enumerate(keys)]
    service.refuses("POST", f"/products/{word}/runs", 404, detail=f"there is no product {word!r}")
    service.says("GET", "/contracts", {"items": contracts, "next": None})

    done = assay("run", word)

    assert done.status == 2
    assert done.err == f"assay: there is no product {word!r}; did you mean {meant}?\n"


def test_a_service_that_does_not_list_products_still_says_that_there_is_none(assay, service):
    service.refuses("POST", "/products/a.b/runs", 404, detail="there is no product 'a.b'")
    service.refuses("GET", "/contracts", 403)

    done = assay("run", "a.b")

    assert done.status == 2
    assert done.err.startswith("assay: there is no product 'a.b'; ")


def test_that_another_thing_is_not_there_is_told_as_it_is(assay, service):
    service.refuses("POST", "/products/a.b/runs", 404, detail="there is no port")
    service.says("GET", "/contracts", {"items": [], "next": None})

    assert assay("run", "a.b").err == "assay: there is no port\n"


def test_an_interrupt_stops_the_watching_and_says_that_the_run_goes_on(assay, service, monkeypatch):
    monkeypatch.setattr("cli.watch.time.sleep", _interrupt)
    service.says("POST", "/products/sales.orders/runs", {"runs": [run_document()]}, status=202)
    service.says("GET", "/runs/7", run_document())

    done = assay("run", "sales.orders", "--watch")

    assert (done.status, done.out) == (130, "")
    assert (
        done.err
        == """\
stopped watching; run 7 of orders 1.2.0 goes on
see it:  http://127.0.0.1:9250/runs/7
or wait: assay events --follow --product sales.orders --kind run.finished
"""
    )


def _interrupt(_: float) -> None:
    raise KeyboardInterrupt
