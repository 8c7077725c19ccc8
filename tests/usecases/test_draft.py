"""Drafting from real files, with the engines that will judge them."""

from pathlib import Path

import pytest

from checks.location import Limits
from contracts.parse import parse
from runtime.clock import now
from usecases.draft import Draft, blank, draft
from usecases.errors import Unlocatable
from usecases.judge import judge_locally


def drafted(base: Path, *files: Path) -> Draft:
    return draft(files, base=base, limits=Limits(), clock=now)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    place.mkdir()
    customers = "".join(f"{n},{'DE' if n % 2 else 'FR'},c{n}@example.org\n" for n in range(1, 21))
    (place / "customers.csv").write_text(f"id,country,email\n{customers}")
    orders = "".join(f"{n},{n % 20 + 1},{n * 1.5 if n % 20 else ''}\n" for n in range(1, 41))
    (place / "orders.csv").write_text(f"id,customer_id,price\n{orders}")
    return place


def test_a_draft_promises_what_the_data_keeps_and_is_kept_by_it(tmp_path: Path, folder: Path):
    found = drafted(tmp_path, folder / "customers.csv", folder / "orders.csv")

    contract = parse(found.text.encode())
    judged = judge_locally(contract, server=None, folder=tmp_path, limits=Limits(), clock=now)
    assert judged.outcome == "passed"
    assert contract.servers[0].path == "in/{model}.csv"
    assert {column.name for schema in contract.schemas for column in schema.key} == {"id"}
    assert "to: customers.id" in found.text


def test_what_most_rows_keep_stands_in_a_comment_with_its_rate(tmp_path: Path, folder: Path):
    found = drafted(tmp_path, folder / "orders.csv")

    assert "# required: true                    # 95.0 % of 40 rows: 2 break it" in found.text
    broken = {
        (each.candidate.column, each.candidate.kind.value): each.broken
        for each in found.proposals
        if not each.kept
    }
    assert broken == {("price", "required"): 2}


def test_paths_begin_in_the_files_own_folder_when_they_lie_elsewhere(tmp_path: Path, folder: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    found = drafted(elsewhere, folder / "orders.csv")

    assert parse(found.text.encode()).servers[0].path == "{model}.csv"


def test_files_of_two_folders_are_refused(tmp_path: Path, folder: Path):
    (tmp_path / "other.csv").write_text("a\n1\n")

    with pytest.raises(Unlocatable, match="lie in one folder"):
        drafted(tmp_path, folder / "orders.csv", tmp_path / "other.csv")


def test_files_of_two_endings_are_refused(folder: Path):
    with pytest.raises(Unlocatable, match=r"one ending, not \.csv and \.parquet"):
        drafted(folder, folder / "orders.csv", folder / "x.parquet")


def test_a_file_of_an_unknown_ending_is_refused(folder: Path):
    with pytest.raises(Unlocatable, match=r"x\.xlsx is no file to draft from; endings that are"):
        drafted(folder, folder / "x.xlsx")


def test_a_draft_from_nothing_is_a_valid_contract():
    contract = parse(blank().text.encode())

    assert [column.name for column in contract.schemas[0].columns] == ["id", "email"]
