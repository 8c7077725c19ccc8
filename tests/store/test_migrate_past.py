"""What a database of revision 3 holds is there in revision 4, on each database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from alembic import command
from sqlalchemy import Engine, text

from incidents.model import IncidentState
from scorecards.catalog import State, Wanted
from store.engine import create_store_engine, writing
from store.migrate import configuration, migrate
from store.sql_store import SqlStore
from tests.store.anywhere import KINDS, on_postgresql
from usecases.snapshots import keep_daily

T0: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
REF: Final = ("orders", "/1")
_OLD: Final = """
INSERT INTO domain (name) VALUES ('Sales');
INSERT INTO data_product (key, domain, name, purpose, owner) VALUES ('sales.orders', 'Sales',
'Orders', 'To SELL', 'Ann'), ('sales.new', 'Sales', 'New', '', NULL);
INSERT INTO contract (id, product) VALUES ('orders', 'sales.orders');
INSERT INTO contract_version (contract_id, version, product, sha256, media_type, body,
published_at, published_by, current) VALUES ('orders', '1.0.0', 'sales.orders', '0', 'x', '',
:t0, 'ann', true);
INSERT INTO clause (contract_id, key, version, position, pointer, kind, schema_name,
column_name, arguments, threshold, description, severity, dimension, skipped, executable,
key_columns, sensitive, sensitive_columns, owner) VALUES ('orders', '/1', '1.0.0', 0, '/1',
'minimum', 'Bestellungen', 'Größe', '{}', '', '', 'high', 'conformity', '', true, '[]', false,
'[]', 'producer');
INSERT INTO run (dedupe_key, contract_id, version, product, trigger, interval_start,
interval_end, state, fence, attempt, created_at, finished_at, outcome, counts, seconds, error)
VALUES ('r', 'orders', '1.0.0', 'sales.orders', 'api', :t0, :t0, 'done', 1, 1, :t0, :t0,
'failed', '{}', '{}', '');
INSERT INTO result (run_id, clause_id, segment, position, outcome, reason, threshold, severity,
interval_start, interval_end, known_at) VALUES (1, 1, '', 0, 'failed', '', '', 'high', :t0, :t0,
:t0);
INSERT INTO clause_standing (clause_id, good, judged_for, judged_at, judged_run, dropped_at)
VALUES (1, false, :t0, :t0, 1, :t1);
INSERT INTO score_snapshot (product, run_id, at, model, quality, low, high, uncapped, cap,
assurance, clauses, failing) VALUES ('sales.orders', 1, :t0, '1', 1, 1, 1, 1, '', 1, 1, 1);
INSERT INTO incident (product, kind, state, title, opened_at, resolved_at, acknowledged_by,
reason) VALUES ('sales.orders', 'breach', 'resolved', 'broken', :t0, :t1, 'ann', 'well again')
"""


@contextmanager
def _database(kind: str, path: Path) -> Iterator[Engine]:
    if kind == "sqlite":
        engine = create_store_engine(f"sqlite:///{path}")
        migrate(engine)
        yield engine
    else:
        with on_postgresql() as engine:
            yield engine


@pytest.fixture(params=KINDS)
def migrated_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with _database(request.param, tmp_path / "old.db") as engine:
        with writing(engine) as connection:
            command.downgrade(configuration(connection), "0003")
            values = {"t0": T0, "t1": T0 + HOUR}
            for statement in _OLD.split(";\n"):
                named = {name: value for name, value in values.items() if f":{name}" in statement}
                connection.execute(text(statement), named)
        migrate(engine)
        yield SqlStore(engine)


def test_the_past_is_filled_from_what_was_kept(migrated_again: SqlStore):
    with migrated_again.read() as shelf:
        known = shelf.past.answers(["orders"], T0)
        drops = shelf.past.drops(["orders"], T0 + HOUR)
        (before,) = shelf.past.incidents("sales.orders", T0, limit=9)
        (after,) = shelf.past.incidents("sales.orders", T0 + HOUR, limit=9)
        now = shelf.incidents.get(1)

    assert known[REF].good is False
    assert drops == {REF: T0 + HOUR}
    assert (before.state, before.resolved_at) == (IncidentState.TRIGGERED, None)
    assert after == now


def test_products_are_found_and_looked_at_soon(migrated_again: SqlStore):
    with migrated_again.read() as shelf:
        found = [
            [entry.product.key for entry in shelf.catalog.page(wanted, after=None, limit=9, now=T0)]
            for wanted in (
                Wanted(text="größe sell"),
                Wanted(state=State.FAILING),
                Wanted(state=State.UNPROVEN),
            )
        ]
    kept = keep_daily(migrated_again, now=T0 + HOUR)
    with migrated_again.read() as shelf:
        proven = shelf.catalog.page(
            Wanted(state=State.UNPROVEN), after=None, limit=9, now=T0 + HOUR
        )

    assert found == [["sales.orders"], ["sales.orders"], ["sales.orders", "sales.new"]]
    assert kept == 1
    assert [entry.product.key for entry in proven] == ["sales.new"]
