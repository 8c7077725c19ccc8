"""What a file is taken for."""

from pathlib import Path

import duckdb
import pytest

from checks.errors import UnreachableData
from checks.location import Limits, Location
from checks.profile import ColumnProfile, ObjectProfile, profile


def measured(folder: Path, name: str, text: str) -> ObjectProfile:
    (folder / f"{name}.csv").write_text(text)
    location = Location(source="files", roots=(folder,), path="{model}.csv")
    return profile([name], location, limits=Limits())[0]


def types(found: ObjectProfile) -> dict[str, str | None]:
    return {column.name: column.logical_type for column in found.columns}


def test_each_text_is_the_first_type_that_nearly_all_its_cells_are(tmp_path: Path):
    rows = "\n".join(f"{n},{n}.5,2024-01-0{n},2024-01-0{n} 10:00,10:0{n},true,w{n}" for n in (1, 2))

    found = measured(tmp_path, "t", f"i,n,d,ts,t,b,s\n{rows}\n")

    assert types(found) == {
        "i": "integer",
        "n": "number",
        "d": "date",
        "ts": "timestamp",
        "t": "time",
        "b": "boolean",
        "s": "string",
    }


def test_one_odd_cell_of_many_does_not_hide_the_type(tmp_path: Path):
    cells = [*map(str, range(30)), "x"]

    found = measured(tmp_path, "t", "\n".join(["n", *cells]) + "\n")

    assert found.columns == (
        ColumnProfile(
            name="n",
            source_type="VARCHAR",
            logical_type="integer",
            present=30,
            distinct=found.columns[0].distinct,
            low=0,
            high=29,
        ),
    )


def test_digits_that_begin_with_a_zero_are_a_code(tmp_path: Path):
    assert types(measured(tmp_path, "t", "zip\n01067\n10115\n")) == {"zip": "string"}


def test_a_text_that_stands_for_nothing_is_found_where_all_else_is_a_number(tmp_path: Path):
    found = measured(tmp_path, "t", "n,s\n1,NA\nNA,b\n3,c\n")

    assert found.markers == ("NA",)
    assert types(found) == {"n": "integer", "s": "string"}
    assert found.columns[0].present == 2


def test_a_marker_in_texts_alone_is_a_text(tmp_path: Path):
    assert measured(tmp_path, "t", "country\nNA\nDE\n").markers == ()


def test_few_values_are_listed_and_many_are_not(tmp_path: Path):
    rows = "\n".join(f"{'ab'[n % 2]},{n}" for n in range(40))

    found = measured(tmp_path, "t", f"few,many\n{rows}\n,\n")

    assert [column.values for column in found.columns] == [("a", "b"), None]


def test_a_file_without_rows_promises_nothing_about_its_cells(tmp_path: Path):
    found = measured(tmp_path, "t", "a,b\n")

    assert found.rows == 0
    assert types(found) == {"a": "string", "b": "string"}


def test_stored_types_are_taken_as_they_are(tmp_path: Path):
    with duckdb.connect() as database:
        database.execute(
            "COPY (SELECT 1::BIGINT AS i, 1.5::DECIMAL(5,2) AS n, 2::DECIMAL(9,0) AS w, now() AS z,"
            f" [1] AS l, {{'a': 1}} AS o, 'x'::BLOB AS b) TO '{tmp_path / 't.parquet'}'"
        )
    location = Location(source="files", roots=(tmp_path,), path="{model}.parquet")

    (found,) = profile(["t"], location, limits=Limits())

    assert types(found) == {
        "i": "integer",
        "n": "number",
        "w": "integer",
        "z": "timestamp",
        "l": "array",
        "o": "object",
        "b": None,
    }


def test_names_that_sql_would_stumble_over_are_measured(tmp_path: Path):
    assert types(measured(tmp_path, "t", '"a ""b""",select,%s\n1,2,x\n')) == {
        'a "b"': "integer",
        "select": "integer",
        "%s": "string",
    }


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(UnreachableData, match=r"no file at 't\.csv'"):
        profile(
            ["t"],
            Location(source="files", roots=(tmp_path,), path="{model}.csv"),
            limits=Limits(),
        )
