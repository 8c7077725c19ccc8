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

    assert assay("connection", "list").out == "name  source  roots\nlake  files   /a, /b\n"
    assert assay("connection", "list", "--format", "json").document == answer


def test_no_connection_yet_says_how_to_make_one(assay, service):
    service.says("GET", "/connections", {"items": []})

    assert assay("connection", "list").out == (
        "no connection yet; 'assay connection add NAME --root DIR' makes one\n"
    )
