import socket
import threading
from datetime import UTC, date, datetime, time
from decimal import Decimal
from time import monotonic

import psycopg
import pytest

from checks.errors import FailedStatement, StoppedQuery, UnreachableData
from checks.location import Address, Limits
from checks.sources.postgresql_session import PostgresSession
from tests.checks.postgres import ADDRESS, MARKS, made, reached

pytestmark = MARKS
SHORT = Limits(statement_seconds=1)


@pytest.fixture
def postgres():
    yield from made()


@pytest.fixture
def session():
    reached().close()
    session = PostgresSession(ADDRESS, SHORT)
    yield session
    session.close()


def one(session, expression):
    ((value,),) = session.run(f"SELECT {expression}").rows
    return value


class Line:
    """A way to the server that can be made to go dead: open, and silent."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.dead = threading.Event()
        self.ends = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            far = socket.create_connection((ADDRESS.host, ADDRESS.port))
            self.ends += [near, far]
            for from_, to in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(from_, to), daemon=True).start()

    def carry(self, from_, to):
        try:
            while said := from_.recv(65536):
                if self.dead.is_set():
                    self.dead.wait(60)
                    continue
                to.sendall(said)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def close(self):
        for end in (self.listening, *self.ends):
            end.close()


def test_all_statements_see_one_state_of_the_data(postgres, session):
    postgres.run("CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (1)")
    table = f"{postgres.schema}.orders"
    before = one(session, f"count(*) FROM {table}")

    postgres.run("INSERT INTO orders VALUES (2)")
    with pytest.raises(FailedStatement):
        session.run("SELECT 1/0")

    assert before == one(session, f"count(*) FROM {table}") == 1


@pytest.mark.parametrize(
    "fault", ["SELECT 1/0", "SELEKT", "SELECT nothing", "SELECT '\ud800'", "SELECT 1\0"]
)
def test_a_statement_that_fails_does_not_spoil_those_after_it(session, fault):
    with pytest.raises(FailedStatement):
        session.run(fault)

    assert one(session, "1") == 1


def test_a_failed_statement_is_told_in_the_servers_first_words(session):
    with pytest.raises(FailedStatement, match=r"^column \"nothing\" does not exist$"):
        session.run("SELECT nothing")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE orders (id int)",
        "INSERT INTO orders VALUES (2)",
        "TRUNCATE orders",
        "SELECT * FROM orders FOR UPDATE",
        "SELECT set_config('transaction_read_only', 'off', false)",
    ],
)
def test_nothing_is_written(postgres, session, statement):
    postgres.run("CREATE TABLE orders (id int)")
    session.run("SELECT 1")

    with pytest.raises(FailedStatement):
        session.run(statement.replace("orders", f"{postgres.schema}.orders"))


def test_a_statement_is_stopped_at_its_time_limit(session):
    with pytest.raises(StoppedQuery, match="stopped after 1 s"):
        session.run("SELECT pg_sleep(30)")

    assert one(session, "1") == 1


def test_a_statement_that_lifts_the_servers_limit_is_stopped_by_ours(session):
    session.run("SET LOCAL statement_timeout = 0")
    began = monotonic()

    with pytest.raises(StoppedQuery):
        session.run("SELECT pg_sleep(30)")

    assert monotonic() - began < 5
    assert one(session, "1") == 1


def test_a_statement_that_somebody_else_cancels_has_failed_and_was_not_too_slow(session):
    own = one(session, "pg_backend_pid()")
    threading.Timer(0.3, stranger, (f"SELECT pg_cancel_backend({own})",)).start()

    with pytest.raises(FailedStatement, match="user request"):
        session.run("SELECT pg_sleep(0.9)")

    assert one(session, "1") == 1


def stranger(statement):
    with reached() as connection:
        connection.execute(statement)


def test_a_lost_connection_fails_every_statement_and_closes_quietly(session):
    stranger(f"SELECT pg_terminate_backend({one(session, 'pg_backend_pid()')})")

    for _ in range(2):
        with pytest.raises(FailedStatement, match="connection"):
            session.run("SELECT 1")
    session.close()
    session.close()


def test_a_line_that_goes_dead_in_a_statement_ends_it():
    reached().close()
    line = Line()
    address = Address(host="127.0.0.1", port=line.port, database="postgres", user="postgres")
    session = PostgresSession(address, SHORT)
    line.dead.set()
    began = monotonic()

    with pytest.raises(StoppedQuery):
        session.run("SELECT 1")

    assert monotonic() - began < 10
    session.close()
    line.close()


def test_a_server_that_never_answers_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = Address(host="127.0.0.1", port=silent.getsockname()[1], user="u")
        began = monotonic()

        with pytest.raises(UnreachableData, match="does not answer"):
            PostgresSession(address, SHORT)

    assert monotonic() - began < 5


def test_no_time_is_so_short_that_it_means_no_limit():
    reached().close()

    session = PostgresSession(ADDRESS, Limits(statement_seconds=0.02))

    assert one(session, "current_setting('statement_timeout')") == "20ms"
    session.close()


@pytest.mark.parametrize(
    ("statement", "parameters", "told"),
    [
        ("SELECT '%', '%%', ':name'", (), ("%", "%%", ":name")),
        ("SELECT '%%', ':name'", {}, ("%", ":name")),
        ("SELECT %s, %s || '%%'", ["it's", "a"], ("it's", "a%")),
        ("SELECT %(a)s, %(b)s::date", {"a": 1, "b": None}, (1, None)),
        ("SELECT %s = '2024-01-01'::timestamptz", [datetime(2024, 1, 1, tzinfo=UTC)], (True,)),
    ],
)
def test_parameters_go_by_position_or_by_name(session, statement, parameters, told):
    assert session.run(statement, parameters).rows == [told]


@pytest.mark.parametrize("parameters", [["a"], {"b": 1}, ["\0", 1], [object(), 1]])
def test_parameters_that_do_not_fit_fail_the_statement(session, parameters):
    with pytest.raises(FailedStatement):
        session.run("SELECT %s, %s" if isinstance(parameters, list) else "SELECT %(a)s", parameters)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'infinity'::date", "infinity"),
        ("'-infinity'::timestamptz", "-infinity"),
        ("'20000-01-01'::timestamp", "20000-01-01 00:00:00"),
        ("'0044-03-15 BC'::date", "0044-03-15 BC"),
        ("'24:00'::time", "24:00:00"),
        ("interval '1000000000 days'", "1000000000 days"),
        ("ARRAY['infinity'::date, '2024-01-01']", ["infinity", date(2024, 1, 1)]),
        ("'$3.20'::money", "$3.20"),
        ("""'{"a": 1}'::jsonb""", '{"a": 1}'),
        (
            "('[' || rpad('', 3000, '[') || rpad('', 3000, ']') || ']')::json",
            "[" * 3001 + "]" * 3001,
        ),
        ("'Infinity'::numeric", Decimal("Infinity")),
        ("'-Infinity'::float8", float("-inf")),
        ("1.50::numeric(5,2)", Decimal("1.50")),
        ("'2024-01-01'::date", date(2024, 1, 1)),
        ("'12:00'::time", time(12)),
        ("'2024-01-01 00:00+01'::timestamptz", datetime(2023, 12, 31, 23, tzinfo=UTC)),
        ("'2024-01-01'::timestamp", datetime(2024, 1, 1)),  # noqa: DTZ001 - the column has no zone
        ("'\\x01'::bytea", b"\x01"),
    ],
)
def test_every_cell_can_be_told(session, expression, value):
    assert one(session, expression) == value


def test_a_number_that_is_none_can_be_told(session):
    assert one(session, "'NaN'::numeric").is_nan()


def test_columns_are_described_by_name_and_type(session):
    answer = session.run("SELECT 1 AS a, 'x'::varchar(3) AS b")

    assert answer.description == [("a", "int4"), ("b", "varchar(3)")]


def test_a_naive_bound_against_a_zoned_column_is_in_utc_whatever_the_user_prefers(postgres):
    reader = postgres.reader()
    postgres.run(f"ALTER ROLE {reader} SET TimeZone = 'Asia/Tokyo'")
    address = Address(host=ADDRESS.host, port=ADDRESS.port, database="postgres", user=reader)

    session = PostgresSession(address, SHORT)

    assert one(session, "timestamp '2024-01-01 00:00' = timestamptz '2024-01-01 00:00+00'") is True
    session.close()


def test_a_function_made_beside_the_data_is_never_called(postgres):
    postgres.run("CREATE FUNCTION lower(varchar) RETURNS text RETURN 'mine'")
    options = f"ALTER ROLE {postgres.reader()} SET search_path = {postgres.schema}"
    postgres.run(options)
    address = Address(
        host=ADDRESS.host, port=ADDRESS.port, database="postgres", user=postgres.readers[0]
    )

    session = PostgresSession(address, SHORT)

    assert one(session, "lower('A'::varchar)") == "a"
    session.close()


def test_parallel_plans_are_not_lost(postgres, session):
    postgres.run("CREATE TABLE orders AS SELECT generate_series(1, 10000) AS id")
    for name in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"):
        session.run(f"SET LOCAL {name} = 0")

    plan = session.run(f"EXPLAIN SELECT count(*) FROM {postgres.schema}.orders").rows

    assert any("Gather" in str(line) for line in plan)


def test_conditions_are_not_compiled(session):
    assert one(session, "current_setting('jit')") == "off"


def test_a_pool_that_hands_the_connection_on_finds_no_setting_changed(session):
    session.run("ROLLBACK")

    assert one(session, "current_setting('statement_timeout')") == "0"
    assert one(session, "current_setting('search_path')") == '"$user", public'


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"port": 1}, "the database server refuses connections at that host and port"),
        ({"database": "no such"}, 'database "no such" does not exist'),
        ({"user": "no such"}, 'role "no such" does not exist'),
        ({"host": "no-such-host.invalid"}, "the database server has an unknown host name"),
        ({"tls": "nonsense"}, 'invalid sslmode value: "nonsense"'),
    ],
)
def test_what_cannot_be_reached_is_told_without_its_address(facts, told):
    reached().close()
    stated = {"host": "127.0.0.1", "port": 5432, "database": "postgres", "user": "postgres"}

    with pytest.raises(UnreachableData) as raised:
        PostgresSession(Address(**(stated | facts)), SHORT)

    assert str(raised.value) == told
    assert isinstance(raised.value.__cause__, psycopg.Error)
