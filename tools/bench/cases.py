"""Which cases there are: their data made, their contracts written."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.bench import planting, rules, wide
from tools.bench.case import Case
from tools.bench.children.start import ROOT, ask
from tools.bench.contract import FILES, Document, lineitems
from tools.bench.rules import Rule, statement

CACHE: Final = ROOT / ".bench"
WARM: Final = "0.001"
ON_SERVER: Final = "0.1"
LARGE: Final = "10"
_LARGE_MB: Final = 2048
_LARGE_RUNS: Final = 2
DATABASE_CASES: Final = frozenset({"postgresql-clean", "postgresql-bad"})
_COLUMNS, _FEWER, _ROWS = 50, 5, 1_000_000
_FEW: Final = 1000
_DATABASE: Final = "assay_bench"
_HOST, _PORT = "127.0.0.1", 5432
_ADDRESS: Final = f"host={_HOST} port={_PORT}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Line items of one scale factor with their orders.

    Attributes:
        place: Folder of the Parquet files.
        folder: The one around it, for contracts.
    """

    place: Path
    folder: Path
    rows: int

    @classmethod
    def of(cls, scale: str, variant: str) -> "Lines":
        """Those of ``scale``, ``clean`` or ``bad``, made if they are not there."""
        folder = CACHE / "data" / f"tpch-{scale}"
        rows = ask("make_files", {"folder": folder, "scale": scale, "variant": variant})
        place = folder / (planting.variant() if variant == "bad" else variant)
        return cls(place=place, folder=folder, rows=rows)

    def contract(self, server: Mapping[str, Any] = FILES, *, name: str = "lines") -> Path:
        """The file of the contract on them."""
        return _written(self.folder / f"{name}.odcs.json", lineitems(self.rows, server))

    @property
    def files(self) -> dict[str, str]:
        """By name, the file of each table."""
        return {name: str(self.place / f"{name}.parquet") for name in ("lineitem", "orders")}


def on_files(name: str, scale: str, variant: str, *, large: bool = False) -> Case:
    """The 26 rules on Parquet files."""
    lines, warm = Lines.of(scale, variant), Lines.of(WARM, variant)
    wanted = rules.rules(lines.rows)
    views = {"views": lines.files, "warm": warm.files}
    text = statement(wanted, "lineitem", duckdb=True)
    return Case(
        name=name,
        contract=lines.contract(),
        folder=lines.place,
        warm_contract=warm.contract(),
        warm_folder=warm.place,
        rules=wanted,
        planted=planting.planted() if variant == "bad" else {},
        by_hand=("hand_duckdb", {**views, "statement": text}),
        memory_mb=_LARGE_MB if large else 1024,
        runs=_LARGE_RUNS if large else 3,
        note=f"{lines.rows:,} rows",
    )


def on_wide(name: str, columns: int) -> Case:
    """Four rules for each of ``columns`` columns of a table of 50."""
    folder, warm = CACHE / "data" / "wide", CACHE / "data" / "wide-few"
    for made, count in ((folder, _ROWS), (warm, _FEW)):
        ask("make_files", {"folder": made, "columns": _COLUMNS, "rows": count})
    contract = _written(CACHE / "data" / f"wide-{columns}.odcs.json", wide.contract(columns))
    wanted: Sequence[Rule] = wide.rules(columns)
    views = {
        word: {wide.TABLE: str(made / f"{wide.TABLE}.parquet")}
        for word, made in (("views", folder), ("warm", warm))
    }
    text = statement(wanted, wide.TABLE, duckdb=True)
    return Case(
        name=name,
        contract=contract,
        folder=folder,
        warm_contract=contract,
        warm_folder=warm,
        rules=wanted,
        planted={},
        by_hand=("hand_duckdb", {**views, "statement": text}),
        note=f"{_ROWS:,} rows, {len(wanted)} rules",
    )


def on_postgresql(name: str, variant: str) -> Case:
    """The 26 rules on a PostgreSQL server of this machine, in a database made for it."""
    lines, warm = Lines.of(ON_SERVER, variant), Lines.of(WARM, variant)
    folders = {"measured": lines.place, "warm": warm.place}
    asked = {"address": _ADDRESS, "database": _DATABASE, "schemas": folders}
    postmaster = ask("make_postgresql", asked)
    wanted = rules.rules(lines.rows)
    contracts = {
        schema: made.contract(_server(schema), name=f"postgresql-{schema}")
        for schema, made in (("measured", lines), ("warm", warm))
    }
    by_hand = {
        "statement": statement(wanted, "lineitem", duckdb=False),
        "address": _searching("measured"),
        "warm": _searching("warm"),
        "postmaster": postmaster,
    }
    return Case(
        name=name,
        contract=contracts["measured"],
        folder=CACHE,
        warm_contract=contracts["warm"],
        warm_folder=CACHE,
        rules=wanted,
        planted=planting.planted() if variant == "bad" else {},
        by_hand=("hand_postgresql", by_hand),
        postmaster=postmaster,
        note=f"{lines.rows:,} rows" + ("" if postmaster else "; CPU of the client alone"),
    )


def drop_database() -> None:
    """Leave nothing on the server."""
    ask("make_postgresql", {"address": _ADDRESS, "database": _DATABASE, "schemas": {}})


def _server(schema: str) -> Document:
    return {
        "server": "bench",
        "type": "postgresql",
        "host": _HOST,
        "port": _PORT,
        "database": _DATABASE,
        "schema": schema,
    }


def _searching(schema: str) -> str:
    return f"{_ADDRESS} dbname={_DATABASE} options='-c search_path={schema}'"


def _written(file: Path, contract: Document) -> Path:
    file.write_text(json.dumps(contract, indent=1))
    return file


def cases(scale: str) -> dict[str, Callable[[], Case]]:
    """By name, what makes each case; ``scale`` is the factor of those that name none."""
    return {
        "clean": lambda: on_files("clean", scale, "clean"),
        "bad": lambda: on_files("bad", scale, "bad"),
        "clean-10": lambda: on_files("clean-10", LARGE, "clean", large=True),
        "postgresql-clean": lambda: on_postgresql("postgresql-clean", "clean"),
        "postgresql-bad": lambda: on_postgresql("postgresql-bad", "bad"),
        "rules-20": lambda: on_wide("rules-20", _FEWER),
        "rules-200": lambda: on_wide("rules-200", _COLUMNS),
    }
