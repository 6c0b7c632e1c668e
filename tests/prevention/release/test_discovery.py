"""A schema found in the data is open, says that finding is not private, and leaves out what is no list."""

import tomllib

import pytest

from palermo.errors import InvalidRecord
from palermo.prevention.release import discovery, intake, schema_text
from palermo.prevention.release.opening import opened
from tests.prevention.release.made_up import csv, rows


def found(folder, text):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return discovery.discovered(path)


def columns(text):
    return {column["name"]: column for column in tomllib.loads(text).get("column", [])}


def of_values(folder, *values, name="x"):
    """What is found of one column."""
    return found(folder, f"{name},y\n" + "".join(f'"{value}",1\n' for value in values))


def test_every_list_is_open_until_a_person_closes_it(tmp_path):
    text = found(tmp_path, csv(rows(300)))

    with pytest.raises(InvalidRecord) as told:
        schema_text.read(text)
    assert {problem.rule for problem in told.value.problems} == {"open-list"}
    assert "FINDING VALUES IS NOT PRIVATE" in text


def test_a_closed_schema_reads_the_table_it_was_found_in(tmp_path):
    text = found(tmp_path, csv(rows(300))).replace("closed = false", "closed = true")

    known = opened(intake.read(tmp_path / "table.csv", schema_text.read(text)).persons)

    assert known.weights.sum() == 300


def test_several_values_in_a_cell_are_parted(tmp_path):
    column = columns(found(tmp_path, csv(rows(300))))["form"]

    assert column["split"] == ";"
    assert set(column["codes"]) <= {"ForcedBegging", "ForcedLabour", "SexualExploitation", "Servitude"}


def test_texts_that_mean_not_recorded_are_told_from_codes(tmp_path):
    column = columns(found(tmp_path, csv(rows(300))))["age_band"]

    assert set(column["blank"]) == {"", "-99", "NULL"}
    assert column["codes"] == ["0-8", "18-29", "30-47", "48+", "9-17"]


def test_0_is_not_recorded_only_where_nothing_else_is(tmp_path):
    assert columns(of_values(tmp_path, "0", "1"))["x"]["blank"] == ["0"]
    assert columns(of_values(tmp_path, "0", "1", ""))["x"]["codes"] == ["0", "1"]


def test_a_list_of_the_standard_is_named(tmp_path):
    assert 'vocabulary = "sex"' in of_values(tmp_path, "f", "m", "x")


def test_a_code_that_holds_the_mark_of_releases_gets_another_spelling(tmp_path):
    column = columns(of_values(tmp_path, "a|b", "c"))["x"]

    assert column["codes"] == ["a/b", "c"]
    assert column["spellings"] == {"a|b": "a/b"}


LEFT_OUT = {
    "identif": ("surname", ["a", "b"]),
    "identifiers": ("x", ["AB1234567", "AB1234568"]),
    "dates": ("x", ["2021-03-05", "2021-03-06"]),
    "free text": ("x", ["long " * 20 + "end", "b"]),
    "more different values": ("x", [f"v{one}" for one in range(301)]),
    "no value": ("x", [""]),
}


@pytest.mark.parametrize("why", LEFT_OUT)
def test_what_is_no_list_of_codes_is_left_out_with_the_reason(tmp_path, why):
    name, values = LEFT_OUT[why]

    text = of_values(tmp_path, *values, name=name)

    assert list(columns(text)) == ["y"]
    assert why in next(line for line in text.splitlines() if "left out" in line)
    assert not any(value in text for value in values if len(value) > 8)


def test_a_column_of_very_many_values_is_not_held_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(discovery, "MOST_VALUES", 5)

    text = of_values(tmp_path, *(f"v{one}" for one in range(9)))

    assert "more different values" in text


def test_faulty_rows_are_counted_and_told_and_no_value_of_them_is_listed(tmp_path):
    text = found(tmp_path, "x,y\na,1\nlost,1,2\nb,1\nc\n")

    assert "2 rows are faulty and were left out" in text
    assert "#   line 3: The row has 3 cells where the header has 2." in text
    assert columns(text)["x"]["codes"] == ["a", "b"]


def test_more_columns_than_a_release_takes_are_told(tmp_path):
    names = [f"c{one}" for one in range(61)]

    assert "These are 61 columns" in found(tmp_path, csv([["1"] * 61], header=names))
    assert "These are" not in found(tmp_path, csv([["1"] * 60], header=names[:60]))


def test_how_the_bytes_were_read_is_told(tmp_path):
    (tmp_path / "table.csv").write_bytes("x,y\né,1\n".encode("cp1252"))

    assert "Windows-1252, as the bytes are not UTF-8" in discovery.discovered(tmp_path / "table.csv")
