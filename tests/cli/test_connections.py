import json

import pytest

SALES = {
    "name": "sales",
    "source": "postgresql",
    "roots": [],
    "host": "db.example.org",
    "port": 5432,
    "database": "sales",
    "user": "assay",
    "secret": "env:SALES_PASSWORD",
    "tls": "require",
}


def test_a_connection_is_kept_with_absolute_roots(assay, service, tmp_path):
    kept = {"name": "lake", "source": "files", "roots": [str(tmp_path / "in"), "/srv/data"]}
    service.says("PUT", "/connections/lake", kept)

    done = assay("connection", "add", "lake", "--root", "in", "--root", "/srv/data")

    assert (done.status, done.err) == (0, "")
    assert done.out == f"connection lake reads below {tmp_path / 'in'}, /srv/data\n"
    assert service.requests[0].content.decode() == (
        f'{{"source":"files","roots":["{tmp_path / "in"}","/srv/data"]}}'
    )


def test_programs_get_the_answer_as_it_is(assay, service):
    kept = {"name": "lake", "source": "files", "roots": ["/srv"]}
    service.says("PUT", "/connections/lake", kept)

    done = assay("connection", "add", "lake", "--root", "/srv", "--format", "json")

    assert done.document == kept


def test_a_name_that_is_no_name_is_a_usage_error(assay):
    done = assay("connection", "add", "a/b", "--root", "/srv")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "assay: a connection cannot be called 'a/b': letters, digits, . _ and - only\n"
    )


def test_connections_are_listed(assay, service):
    answer = {"items": [{"name": "lake", "source": "files", "roots": ["/a", "/b"]}]}
    service.says("GET", "/connections", answer)

    assert assay("connection", "list").out == (
        "name  source  reads   tls  secret\nlake  files   /a, /b\n"
    )
    assert assay("connection", "list", "--format", "json").document == answer


def test_databases_are_listed_with_the_references_to_their_secrets(assay, service):
    untold: dict[str, object] = {"name": "stock", "source": "postgresql", "roots": [], "host": None}
    service.says("GET", "/connections", {"items": [SALES, untold]})

    assert assay("connection", "list").out.splitlines() == [
        "name   source      reads                            tls      secret",
        "sales  postgresql  assay@db.example.org:5432/sales  require  env:SALES_PASSWORD",
        "stock  postgresql",
    ]


def test_a_database_is_kept(assay, service):
    service.says("PUT", "/connections/sales", SALES)

    done = assay(
        *("connection", "add", "sales", "--source", "postgresql", "--host", "db.example.org"),
        *("--port", "5432", "--database", "sales", "--user", "assay"),
        *("--secret", "env:SALES_PASSWORD", "--tls", "require"),
    )

    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "connection sales reads assay@db.example.org:5432/sales\n"
        "next: assay connection test sales\n"
    )
    asked = json.loads(service.requests[0].content)
    assert asked == {key: SALES[key] for key in SALES if key not in {"name", "roots"}}


def test_only_what_is_said_is_sent(assay, service):
    service.says("PUT", "/connections/sales", {**SALES, "user": None, "host": "::1"})

    done = assay(
        *("connection", "add", "sales", "--source", "postgresql", "--host", "::1"),
        *("--database", "sales"),
    )

    assert done.out.startswith("connection sales reads [::1]:5432/sales\n")
    asked = json.loads(service.requests[0].content)
    assert asked == {"source": "postgresql", "host": "::1", "database": "sales"}


def test_a_password_in_place_of_its_reference_is_neither_sent_nor_repeated(assay, service):
    done = assay(
        *("connection", "add", "sales", "--source", "postgresql", "--host", "db"),
        *("--database", "sales", "--secret", "hunter2-canary"),
    )

    assert (done.status, service.requests) == (2, [])
    assert "must say where the secret is kept, 'env:NAME' or 'file:/absolute/path'" in done.err
    assert "canary" not in done.err + done.out


def test_a_connection_that_leads_nowhere_is_a_usage_error(assay):
    done = assay("connection", "add", "lake")

    assert (done.status, done.out) == (2, "")
    assert "'--root DIR' for files, '--source postgresql --host HOST" in done.err


def test_one_that_answers_is_exit_0(assay, service):
    answer = {"name": "sales", "ok": True, "detail": "PostgreSQL 17.2", "seconds": 0.0211}
    service.says("POST", "/connections/sales/test", answer)

    done = assay("connection", "test", "sales")

    assert (done.status, done.err) == (0, "")
    assert done.out == "connection sales can be read: PostgreSQL 17.2 (0.02 s)\n"


@pytest.mark.parametrize("form", ["text", "json"])
def test_one_that_does_not_answer_is_exit_4(assay, service, form):
    answer = {"name": "sales", "ok": False, "detail": "connection refused", "seconds": 2.0}
    service.says("POST", "/connections/sales/test", answer)

    done = assay("connection", "test", "sales", "--format", form)

    assert (done.status, done.err) == (4, "")
    if form == "json":
        assert done.document == answer
    else:
        assert done.out == "connection sales cannot be read: connection refused (2.00 s)\n"


def test_trying_a_name_that_is_none_is_a_usage_error(assay):
    assert assay("connection", "test", "a/b").status == 2


def test_no_connection_yet_says_how_to_make_one(assay, service):
    service.says("GET", "/connections", {"items": []})

    assert assay("connection", "list").out == (
        "no connection yet; 'assay connection add NAME --root DIR' makes one\n"
    )
