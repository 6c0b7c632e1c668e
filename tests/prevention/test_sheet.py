"""Overlap tables in CSV files: round trip, strata, and every fault by its line."""

import pytest
from hypothesis import given

from palermo.errors import InvalidRecord
from palermo.prevention import sheet
from palermo.prevention.overlap import Overlap
from tests.prevention.tables import a_table, sparse


def rules(text, **options):
    with pytest.raises(InvalidRecord) as refusal:
        sheet.parse(text.splitlines(), **options)
    return [(problem.rule, problem.path) for problem in refusal.value.problems]


@given(sparse())
def test_a_table_written_is_read_back(table):
    assert sheet.parse(sheet.write(table).splitlines()).whole == table


def test_strata_are_read_apart_and_together():
    text = "A,B,C,place,count\n1,0,0,XA,3\n0,1,1,XA,2\n1,0,0,XB,4\n0,0,1,XB,0\n"

    read = sheet.parse(text.splitlines(), columns=["place"])

    assert read.strata == {("XA",): a_table({"A": 3, "BC": 2}), ("XB",): a_table({"A": 4})}
    assert read.whole == a_table({"A": 7, "BC": 2})
    assert read.columns == ("place",)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", [("no-count", "line 1"), ("one-list", "line 1")]),
        ("A,B\n1,0\n", [("no-count", "line 1")]),
        ("A,count\n1,2\n", [("one-list", "line 1")]),
        ("A,A,count\n1,0,2\n", [("column-names", "line 1")]),
        (",".join([*(f"L{i}" for i in range(21)), "count"]), [("many-lists", "line 1")]),
        ("A,B,count\n1,2\n", [("ragged", "line 2")]),
        ("A,B,count\n1,yes,2\n", [("not-binary", "line 2, B")]),
        ("A,B,count\n1,1,-2\n", [("negative-count", "line 2, count")]),
        ("A,B,count\n1,1,2.5\n", [("fractional-count", "line 2, count")]),
        ("A,B,count\n1,1,many\n", [("fractional-count", "line 2, count")]),
        ("A,B,count\n0,0,2\n", [("no-list", "line 2")]),
        ("A,B,count\n1,0,2\n\n1,0,3\n", [("duplicate-row", "line 4")]),
        ("A,B,count\n1,0,0\n", [("nobody", "count")]),
        ("A,B,count\n1,1,99999999999\n", [("huge-count", "line 2, count")]),
        ("A,B,count\n1,1,1e30\n", [("huge-count", "line 2, count")]),
        ("A,B,count\n1,0,3\n", [("whole-list", "list A"), ("empty-list", "list B")]),
        ("A,B,sex,count\n1,0,f,3\n0,1,m,4\n", [("no-list-column", "column sex")]),
        (f"A,B,{'x' * 200_000},count\n", [("not-csv", "file")]),
        (
            "A,B,count\n" + "1,1,-1\n" * 30,
            [*(("negative-count", f"line {line}, count") for line in range(2, 22)), ("more-faults", "file")],
        ),
        (
            "A,B,count\n1,2,-1\n0,0,4\n",
            [("not-binary", "line 2, B"), ("negative-count", "line 2, count"), ("no-list", "line 3")],
        ),
    ],
)
def test_every_fault_is_named_by_its_line(text, expected):
    assert rules(text) == expected


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_marks_of_spreadsheets_part_columns_too(mark):
    text = 'A,B,"C, D",count\n1,0,0,3\n0,1,1,2\n'.replace(",", mark).replace(f'"C{mark} D"', '"C, D"')

    assert sheet.parse(text.splitlines()).whole.lists == ("A", "B", "C, D")


def test_a_column_named_twice_is_one_stratum():
    text = "A,B,place,count\n1,0,XA,3\n0,1,XA,2\n"

    assert sheet.parse(text.splitlines(), columns=["place", "place"]).columns == ("place",)


def test_the_column_of_counts_is_no_stratum():
    assert rules("A,B,count\n1,0,3\n", columns=["count"]) == [("count-stratum", "line 1")]


def test_names_with_commas_and_quotes_are_written_so_that_they_are_read_back():
    table = Overlap(lists=('the "first", A', "B"), counts=[0, 3, 2, 1])

    assert sheet.parse(sheet.write(table).splitlines()).whole == table


def test_a_stratum_column_that_is_not_there_is_named():
    assert rules("A,B,count\n1,0,3\n", columns=["place"]) == [("no-column", "line 1")]


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "lists.csv"
    path.write_bytes("A,É,count\n1,1,3\n".encode("latin-1"))

    with pytest.raises(InvalidRecord, match="UTF-8"):
        sheet.read(path)


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "lists.csv"
    path.write_text("A, B ,C,count\r\n1,0,0,3\r\n0,1,1,2\r\n", encoding="utf-8-sig")

    assert sheet.read(path).whole == a_table({"A": 3, "BC": 2})
