"""Opening a published table: what is no table is refused with the reason; a broken row is named, not lost."""

import gzip

import pytest

from palermo.appraisal import table
from palermo.errors import InvalidRecord, Unreachable


def written(folder, content, name="a.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [b"a,b\n1,2\n", b"\xef\xbb\xbfa,b\r\n1,2\r\n", "a,b\n1,2\n".encode("utf-16"), b" a , b\n1,2"],
    ids=["plain", "byte order mark", "UTF-16", "spaces in the header"],
)
def test_a_table_is_read_whatever_its_encoding(tmp_path, content):
    sheet = table.read(written(tmp_path, content), columns=("a", "b"))

    assert [dict(row) for _, row in sheet.rows] == [{"a": "1", "b": "2"}]
    assert [line for line, _ in sheet.rows] == [2]


def test_a_gzip_table_is_read(tmp_path):
    path = written(tmp_path, gzip.compress(b"a\n1\n"), "a.csv.gz")

    assert len(table.read(path, columns=("a",)).rows) == 1


@pytest.mark.parametrize(
    "content, name, said",
    [
        (gzip.compress(b"a\n" + b"1\n" * 500)[:-9], "a.csv.gz", "cut short"),
        (b"a\n1\n", "a.csv.gz", "cut short"),
        (b"a\n\xff\xff\n", "a.csv", "line 2 is not UTF-8"),
        (b'a\n"1\n', "a.csv", "breaks off"),
        (b"", "a.csv", "a: the column is missing. The file has: nothing."),
        (b"b\n1\n", "a.csv", "a: the column is missing"),
        (b"a,a\n1,2\n", "a.csv", "stands twice"),
    ],
    ids=["truncated gzip", "no gzip", "not UTF-8", "open quote", "empty", "missing column", "double column"],
)
def test_what_is_no_such_table_is_refused_with_its_name_and_reason(tmp_path, content, name, said):
    with pytest.raises(InvalidRecord, match=said) as caught:
        table.read(written(tmp_path, content, name), columns=("a",))

    assert caught.value.where == name


def test_a_column_with_another_spelling_is_suggested(tmp_path):
    with pytest.raises(InvalidRecord, match="Rename 'treatie'"):
        table.read(written(tmp_path, "treatie\nTIP\n"), columns=("treaty",))


def test_all_faults_of_a_header_are_told_at_once(tmp_path):
    with pytest.raises(InvalidRecord) as caught:
        table.read(written(tmp_path, "x,x\n"), columns=("a", "b"))

    assert len(caught.value.problems) == 3


def test_a_row_with_another_number_of_cells_is_named_with_its_line(tmp_path):
    sheet = table.read(written(tmp_path, "a,b\n1,2\n3\n\n4,5,6\n7,8\n"), columns=("a", "b"))

    assert [row["a"] for _, row in sheet.rows] == ["1", "7"]
    assert [problem.path for problem in sheet.problems] == ["line 3, row", "line 5, row"]


def test_a_table_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "LARGEST", 10)

    with pytest.raises(InvalidRecord, match="larger than 10 bytes"):
        table.read(written(tmp_path, "a\n" + "1\n" * 10), columns=("a",))


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(Unreachable, match="no such file"):
        table.read(tmp_path / "gone.csv", columns=("a",))


def test_the_hash_is_of_the_content_and_not_of_its_packing(tmp_path):
    plain = table.read(written(tmp_path, "a\n1\n"), columns=("a",))
    packed = table.read(written(tmp_path, gzip.compress(b"a\n1\n"), "b.csv.gz"), columns=("a",))

    assert plain.sha256 == packed.sha256
