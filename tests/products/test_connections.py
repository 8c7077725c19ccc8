from dataclasses import replace
from pathlib import Path

import pytest

from products.connections import is_reference, place, require_usable
from products.errors import InvalidConnection
from products.model import Connection, Database, Tls

SOURCES = ("files", "postgresql")
SECRET = "hunter2-canary"  # noqa: S105 - never a real one
LAKE = Connection(name="lake", source="files", roots=(Path("/lake"),))
DATABASE = Database(host="db.example.org", name="sales", user="assay", secret="env:SALES")  # noqa: S106
SALES = Connection(name="sales", source="postgresql", database=DATABASE)


def flaws_of(connection: Connection) -> dict[str, str]:
    with pytest.raises(InvalidConnection) as raised:
        require_usable(connection, sources=SOURCES)
    return {flaw.pointer: flaw.message for flaw in raised.value.flaws}


def in_sales(**changes) -> Connection:
    return replace(SALES, database=replace(DATABASE, **changes))


@pytest.mark.parametrize(
    "connection",
    [
        LAKE,
        SALES,
        in_sales(host="10.0.0.7", port=1),
        in_sales(host="fe80::1%eth0", port=65535),
        in_sales(host="/var/run/postgresql", user=None, secret=None),
        in_sales(secret="file:/run/my secret", tls=Tls.VERIFY_FULL),  # noqa: S106
        in_sales(name="Année 2026", user="o'neil@corp"),
    ],
)
def test_what_can_be_used_passes(connection: Connection):
    require_usable(connection, sources=SOURCES)


def test_an_unknown_source_is_told_with_the_known_ones():
    assert flaws_of(replace(LAKE, source="ftp")) == {
        "/source": "there is no source 'ftp'; known: files, postgresql"
    }


def test_files_need_roots_and_nothing_else():
    assert flaws_of(replace(LAKE, roots=(), database=DATABASE)) == {
        "/roots": "files need at least one folder that may be read",
        "/source": "files have roots, but no host, port, database, user, secret or tls",
    }


def test_a_database_needs_host_and_name_and_no_folder():
    assert flaws_of(replace(LAKE, source="postgresql")) == {
        "/roots": "postgresql is read from a database, not a folder",
        "/host": "a database needs a host",
        "/database": "the name of the database is needed",
    }


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_out_of_range_is_told(port: int):
    assert flaws_of(in_sales(port=port)) == {"/port": f"{port} is no port: 1 to 65535 are"}


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/host", {"host": f"postgresql://assay:{SECRET}@db/sales"}),
        ("/host", {"host": f"assay:{SECRET}@db"}),
        ("/host", {"host": f"db,{SECRET}"}),
        ("/host", {"host": f"/run/{SECRET}\0"}),
        ("/database", {"name": f"postgresql://assay:{SECRET}@db/sales"}),
        ("/database", {"name": f"dbname=sales password={SECRET}"}),
        ("/user", {"user": f"assay password={SECRET}"}),
        ("/user", {"user": f"{SECRET}\n"}),
        ("/user", {"user": ""}),
        ("/secret", {"secret": SECRET}),
        ("/secret", {"secret": f"env:{SECRET} "}),
        ("/secret", {"secret": "file:relative/path"}),
        ("/secret", {"secret": f"file:/{SECRET}\0"}),
        ("/secret", {"secret": ""}),
    ],
)
def test_what_may_be_a_secret_is_refused_and_not_repeated(pointer: str, changes: dict[str, str]):
    connection = in_sales(**changes)

    flaws = flaws_of(connection)

    assert list(flaws) == [pointer]
    assert "must" in flaws[pointer] or "needed" in flaws[pointer]
    assert SECRET not in flaws[pointer]


def test_everything_wrong_is_told_at_once():
    flaws = flaws_of(in_sales(host="", port=0, name="", user="", secret=SECRET))

    assert list(flaws) == ["/host", "/port", "/database", "/user", "/secret"]


def test_the_secret_is_in_no_repr():
    assert SECRET not in repr(in_sales(secret=SECRET))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("env:A_1", True),
        ("file:/run/secrets/db", True),
        ("env:", False),
        ("env:1A", False),
        ("env:A-B", False),
        ("ENV:A", False),
        ("file:", False),
        ("file:C:/secret", False),
        ("https://vault/secret", False),
    ],
)
def test_a_reference_names_a_variable_or_an_absolute_file(text: str, is_one):
    assert is_reference(text) is is_one


@pytest.mark.parametrize(
    ("connection", "told"),
    [
        (LAKE, "/lake"),
        (SALES, "assay@db.example.org:5432/sales"),
        (in_sales(host="::1", user=None), "[::1]:5432/sales"),
    ],
)
def test_a_place_is_told_in_one_line(connection: Connection, told: str):
    assert place(connection) == told
