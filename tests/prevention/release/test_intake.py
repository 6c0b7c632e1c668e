"""A file becomes the same persons by whichever way it is read, and nothing faulty goes in."""

import gzip
import os
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from palermo.errors import InvalidRecord, Unreachable
from palermo.prevention.release import intake, schema_text
from palermo.prevention.release.engine import Duck
from palermo.prevention.release.opening import opened
from palermo.prevention.release.plain import plain
from tests.prevention.release.made_up import COLUMNS, a_schema_text, csv, rows


def a_file(folder, text, *, name="table.csv"):
    path = folder / name
    path.write_bytes(text.encode())
    return path


def quoted(table, header=COLUMNS):
    """The same table as a CSV file that is not plain."""
    return "".join('"' + '","'.join(row) + '"\n' for row in (header, *table))


def counted(secret):
    """Persons by their rows."""
    table = opened(secret)
    return Counter({tuple(map(int, row)): int(n) for row, n in zip(table.codes, table.weights, strict=True)})


def twin(table, schema):
    """Persons by their rows, read slowly and obviously."""
    return Counter(
        tuple(
            value for column, cell in zip(schema.columns, row, strict=True) for value in column.values(cell)
        )
        for row in table
    )


cell = some.text(alphabet="ab01;é \t'=-", max_size=4)
BOTH = """
[[column]]
name = "x"
codes = ["a", "b", "ab", "0", "é", "=a"]
closed = true
blank = ["-"]
[[column]]
name = "y"
codes = ["a", "b", "1"]
closed = true
split = ";"
blank = ["0"]
"""


@given(some.lists(some.tuples(cell, cell), min_size=1, max_size=6), some.sampled_from(["\n", "\r\n"]))
@settings(max_examples=40, deadline=None)
def test_a_plain_file_is_read_like_its_quoted_twin(tmp_path_factory, table, newline):
    folder, schema, told = tmp_path_factory.mktemp("both"), schema_text.read(BOTH), []

    for text in (csv(table, header=("x", "y")), quoted(table, header=("x", "y"))):
        path = a_file(folder, text.replace("\n", newline))
        try:
            told.append(counted(intake.read(path, schema).persons))
        except InvalidRecord as refused:
            told.append(str(refused))

    assert told[0] == told[1]


def rules(path, text, **options):
    with pytest.raises(InvalidRecord) as told:
        intake.read(path, schema_text.read(text), **options)
    return [(problem.rule, problem.path) for problem in told.value.problems]


@pytest.fixture(scope="module")
def schema():
    return schema_text.read(a_schema_text())


@pytest.mark.parametrize("written", [csv, quoted, lambda table: csv(table).replace("\n", "\r\n")])
def test_persons_are_those_of_a_slow_twin(tmp_path, schema, written):
    table = rows(400)

    found = intake.read(a_file(tmp_path, written(table)), schema)

    assert counted(found.persons) == twin(table, schema)
    assert opened(found.persons).sizes == schema.sizes
    assert found.left_out == ()


def test_a_compressed_file_and_parquet_give_the_same_persons(tmp_path, schema):
    table = rows(300)
    plain_file = a_file(tmp_path, csv(table))
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(plain_file.read_bytes()))
    with Duck() as duck:
        duck.rows(f"COPY (FROM read_csv('{plain_file}', all_varchar=true)) TO '{tmp_path}/t.parquet'")

    for path in (packed, tmp_path / "t.parquet"):
        assert counted(intake.read(path, schema).persons) == twin(table, schema)


def test_rows_made_elsewhere_are_read_alike(schema):
    table = rows(200)

    assert counted(intake.of_rows(COLUMNS, table, schema)) == twin(table, schema)


def test_columns_that_the_schema_does_not_name_are_left_out_and_said(tmp_path, schema):
    table = [(*row, "Free text") for row in rows(20)]

    found = intake.read(a_file(tmp_path, csv(table, header=(*COLUMNS, "remarks"))), schema)

    assert found.left_out == ("remarks",)
    assert len(found.hash) == 64


@pytest.mark.parametrize("written", [csv, quoted])
def test_an_unknown_code_is_listed_and_a_name_is_not(tmp_path, written):
    table = [["2029", "f", "Maria", "XQ", "Servitud", "", "", "yes"], *rows(3)]

    path = a_file(tmp_path, written(table))

    with pytest.raises(InvalidRecord) as told:
        intake.read(path, schema_text.read(a_schema_text()))
    problems = {problem.path: problem for problem in told.value.problems}
    assert {path: problem.rule for path, problem in problems.items()} == {
        "column year": "unknown-code",
        "column age_band": "not-a-code",
        "column citizenship": "unknown-code",
        "column form": "unknown-code",
    }
    assert "'2029'" in problems["column year"].wrong
    assert "'2029'" in problems["column year"].wrong_fr
    assert "'Servitud'" in problems["column form"].wrong
    assert "Maria" not in str(told.value)


@pytest.mark.parametrize("written", [csv, quoted])
def test_a_value_outside_every_bin_is_refused_unseen(tmp_path, written):
    text = '[[column]]\nname = "age"\nbins = [0, 18]\n[[column]]\nname = "x"\nbins = [0, 18]\n'
    path = a_file(tmp_path, written([("12", "1"), ("Anna", "2")], header=("age", "x")))

    assert rules(path, text) == [("not-in-bins", "column age")]


PERSONS = 'person = "id"'


def with_ids(table, ids):
    return [(*row, one) for row, one in zip(table, ids, strict=True)]


@pytest.mark.parametrize("written", [csv, quoted])
def test_a_person_in_two_rows_is_refused(tmp_path, written):
    table = with_ids(rows(3), ["a", "b", " a"])

    path = a_file(tmp_path, written(table, header=(*COLUMNS, "id")))

    assert rules(path, a_schema_text(person=PERSONS)) == [("duplicate-person", "column id")]


@pytest.mark.parametrize("written", [csv, quoted])
def test_rows_of_a_person_are_merged_and_what_they_dispute_is_not_recorded(tmp_path, written):
    schema = schema_text.read(a_schema_text(person=f'{PERSONS}\nduplicates = "merge"'))
    table = [
        ("2021", "f", "0-8", "", "Servitude", "", "", "yes", "a"),
        ("2021", "m", "", "XA", "ForcedBegging", "", "", "0", "a\t"),
        ("2022", "m", "", "XB", "", "", "", "no", "b"),
    ]

    found = intake.read(a_file(tmp_path, written(table, header=(*COLUMNS, "id"))), schema)

    both = ("2021", "", "0-8", "XA", "Servitude;ForcedBegging", "", "", "yes")
    assert counted(found.persons) == twin([both, table[2][:-1]], schema)


@pytest.mark.parametrize("written", [csv, quoted])
def test_a_row_about_nobody_is_refused(tmp_path, written):
    path = a_file(tmp_path, written(with_ids(rows(2), ["a", " "]), header=(*COLUMNS, "id")))

    assert rules(path, a_schema_text(person=PERSONS)) == [("person-missing", "column id")]


def test_a_table_without_rows_is_refused(tmp_path, schema):
    with pytest.raises(InvalidRecord, match="header and no row"):
        intake.read(a_file(tmp_path, csv([])), schema)


def test_a_parquet_file_without_rows_is_refused(tmp_path, schema):
    path = a_file(tmp_path, csv(rows(1)))
    with Duck() as duck:
        query = f"SELECT * FROM read_csv('{path}', all_varchar=true) WHERE false"
        duck.rows(f"COPY ({query}) TO '{tmp_path}/t.parquet'")

    with pytest.raises(InvalidRecord, match="no row"):
        intake.read(tmp_path / "t.parquet", schema)


def test_no_rows_made_elsewhere_are_refused(schema):
    with pytest.raises(InvalidRecord, match="no row"):
        intake.of_rows(COLUMNS, [], schema)


def test_a_missing_column_is_refused(tmp_path):
    path = a_file(tmp_path, csv([row[:-1] for row in rows(3)], header=COLUMNS[:-1]))

    assert rules(path, a_schema_text()) == [("missing-column", "column child")]


def test_a_column_of_too_many_values_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("palermo.prevention.release.grouping.MOST_VALUES", 3)

    assert ("many-values", "column age_band") in rules(a_file(tmp_path, csv(rows(200))), a_schema_text())


FAULTY_FILES = {
    "ragged-row": csv(rows(3)) + "2021,f\n",
    "broken-quotes": csv(rows(3)) + '2021,"f"x,0-8,XA,,,,yes\n',
    "wrong-bytes": csv(rows(2_000)) + "2021,f,\udce9,XA,,,,yes\n",
    "zero-byte": csv(rows(3)) + "2021,f,\0,XA,,,,yes\n",
}


@pytest.mark.parametrize("rule", FAULTY_FILES)
def test_a_faulty_file_is_refused_with_the_line(tmp_path, rule):
    path = tmp_path / "table.csv"
    path.write_bytes(FAULTY_FILES[rule].encode("utf-8", "surrogateescape"))

    assert rules(path, a_schema_text()) == [(rule, f"line {FAULTY_FILES[rule].count(chr(10))}")]


def test_another_encoding_is_read_as_the_foundation_reads_it(tmp_path):
    text = '[[column]]\nname = "forme"\ncodes = ["mendicité", "servitude"]\nclosed = true\n'
    text += '[[column]]\nname = "x"\ncodes = ["1"]\nclosed = true\n'
    schema = schema_text.read(text)
    table = [("mendicité", "1"), ("servitude", "")]
    path = tmp_path / "table.csv"

    for codec in ("cp1252", "utf-16", "utf-8-sig"):
        path.write_bytes(csv(table, header=("forme", "x")).encode(codec))
        assert counted(intake.read(path, schema).persons) == twin(table, schema)


def test_a_pipe_is_refused_before_it_is_emptied(tmp_path, schema):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(InvalidRecord, match="reads it several times"):
        intake.read(tmp_path / "pipe", schema)


def test_a_file_that_is_not_there_is_said_so(tmp_path, schema):
    with pytest.raises(Unreachable, match=r"no\.csv"):
        intake.read(tmp_path / "no.csv", schema)


def test_another_engine_is_given_only_plain_files(tmp_path):
    with Duck() as duck:
        found = rules(a_file(tmp_path, quoted(rows(3))), a_schema_text(), engine=duck)

    assert found == [("not-plain", "file")]


NOT_PLAIN = {
    "a quotation mark": b'a,b\n"1",2\n',
    "a late quotation mark": b"a,b\n" + b"1,2\n" * 20_000 + b'"1",2\n',
    "a ragged line": b"a,b\n1,2\n1\n",
    "a ragged end": b"a,b\n1,2\n1",
    "an empty line": b"a,b\n1,2\n\n1,2\n",
    "a first empty line": b"\na,b\n1,2\n",
    "two kinds of line end": b"a,b\r\n1,2\n",
    "two kinds the other way": b"a,b\n1,2\r\n",
    "an old line end among new": b"a,b\r\n1\r,2\r\n",
    "an old line end": b"a,b\n1\r,2\n",
    "a byte order mark": b"\xef\xbb\xbfa,b\n1,2\n",
    "a wrong byte": b"a,b\n" + b"1,2\n" * 20_000 + b"\xff,2\n",
    "half a character": b"a,b\n" + b"1,2\n" * 20_000 + b"1,\xc3",
    "a zero byte": b"a,b\n" + b"1,2\n" * 20_000 + b"\0,2\n",
    "a long line": b"a,b\n" + b"1" * (1 << 20) + b",2\n",
}


@pytest.mark.parametrize("why", NOT_PLAIN)
def test_a_file_with_something_to_understand_is_not_plain(tmp_path, why):
    (tmp_path / "table.csv").write_bytes(NOT_PLAIN[why])

    assert plain(tmp_path / "table.csv") is None


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_plain_file_tells_its_separator_and_names(tmp_path, mark):
    (tmp_path / "table.csv").write_text(f"a{mark}é\n1{mark}2", encoding="utf-8")

    found = plain(tmp_path / "table.csv")

    assert (found.delimiter, found.columns, found.compressed) == (mark, ("a", "é"), False)
