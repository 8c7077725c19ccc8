import pytest

from checks.complaints import plainly

LINE = "CSV Error on Line: 7\nOriginal Line: canary\n{}\n\n  file = /data/a.csv\n  delimiter = ,\n"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Expected Number of Columns: 2 Found: 3", "a.csv line 7 has 3 cells, not 2"),
        ("Value with unterminated quote found.", "a.csv line 7 holds a quote that does not close"),
        (
            "Invalid unicode (byte sequence mismatch) detected.",
            (
                "a.csv line 7 is not in the encoding stated for the file: "
                "say which in the server's customProperties: encoding"
            ),
        ),
        ("Maximum line size of 2000000 bytes exceeded.", "a.csv line 7 is too long"),
        ("Something new", "a.csv line 7 cannot be read"),
    ],
)
def test_a_broken_line_is_told_by_its_number_alone(said, told):
    assert plainly(LINE.format(said)) == told


def test_a_broken_line_needs_no_file():
    assert plainly("CSV Error on Line: 7\nOriginal Line: canary") == "line 7 cannot be read"


def test_what_the_line_itself_holds_explains_nothing():
    line = "x\nExpected Number of Columns: 8 Found: 9\nExpected Number of Columns: 2 Found: 3"

    assert plainly(LINE.format(line)) == "a.csv line 7 has 3 cells, not 2"


def test_memory_that_does_not_suffice_is_told_with_its_limit():
    said = "Out of Memory Error: failed to allocate 1.0 MiB (243.4 MiB/244.1 MiB used)\nDatabase is"

    assert plainly(said) == "it takes more memory than the 244.1 MiB that a run may use"


def test_all_else_is_left_as_it_is():
    assert plainly("Binder Error: no") == "Binder Error: no"


AT = 'connection failed: connection to server at "db.internal" (10.0.0.3), port 5432 failed: '


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            f"{AT}Connection refused\n\tIs the server running on that host?",
            "the database server refuses connections at that host and port",
        ),
        (
            f"{AT}Connection refused\nMultiple connection attempts failed. All failures were:\n- x",
            "the database server refuses connections at that host and port",
        ),
        ("connection timeout expired", "the database server does not answer"),
        (f"{AT}No route to host", "the database server cannot be reached at that host"),
        (
            "failed to resolve host 'db.internal': [Errno -2] Name or service not known",
            "the database server has an unknown host name",
        ),
        (
            f'{AT}FATAL:  password authentication failed for user "assay"',
            'password authentication failed for user "assay"',
        ),
        (
            f"{AT}fe_sendauth: no password supplied",
            "the database server asks for a password, and there is none",
        ),
        (
            f'{AT}FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "assay", database "d"',
            "the database server lets no user 'assay' in from here",
        ),
        (
            f"{AT}server does not support SSL, but SSL was required",
            "the database server offers no TLS, which is asked for",
        ),
        (
            'connection failed: root certificate file "/root/.postgresql/root.crt" does not exist',
            "the database server cannot prove who it is: see its certificate and ours",
        ),
        (
            f"{AT}FATAL:  sorry, too many clients already",
            "the database server has no connection left",
        ),
        (f"{AT}FATAL:  something new\n\tand more", "something new"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_address(said, told):
    assert plainly(said) == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "canceling statement due to lock timeout",
            "another session has locked the table",
        ),
        ("the connection is closed", "the connection to the database was lost"),
        (
            "terminating connection due to administrator command",
            "the connection to the database was lost",
        ),
        (
            'invalid input syntax for type integer: "Connection refused"',
            'invalid input syntax for type integer: "Connection refused"',
        ),
    ],
)
def test_what_a_database_server_did_to_a_statement_is_told_plainly(said, told):
    assert plainly(said) == told
