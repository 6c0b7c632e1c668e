"""Files that are cut, disguised, enormous or in an unexpected encoding."""

import gzip
import io
import zipfile

import pytest

from palermo.errors import InvalidRecord, Unreachable
from palermo.standards import source
from palermo.standards.source import Kind, Limits


def rule_of(caught):
    return caught.value.problems[0].rule


def read(given, *, codec=None, limits=None):
    wrong = {}
    with source.opened(given, limits=limits) as found:
        codec = codec or source.encoding(found.head, name=found.name, size=found.size)[0]
        return list(source.lines(found, codec=codec, wrong=wrong)), wrong


def stored(folder, data, name="cases.csv"):
    path = folder / name
    path.write_bytes(data)
    return path


class Pipe(io.RawIOBase):
    """A stream that cannot be searched, as standard input is."""

    def __init__(self, data):
        self._data = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._data.readinto(buffer)


def test_a_missing_file_is_unreachable_and_the_message_names_only_the_file(tmp_path):
    with (
        pytest.raises(Unreachable, match=r"^absent\.csv: No such file"),
        source.opened(tmp_path / "absent.csv"),
    ):
        pass


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(Unreachable, match="directory"), source.opened(tmp_path):
        pass


@pytest.mark.parametrize("given", [".", "", "/"])
def test_a_folder_without_a_name_is_told_as_it_was_given(given):
    with pytest.raises(Unreachable, match=rf"^{given or '.'}: Is a directory"), source.opened(given):
        pass


@pytest.mark.parametrize("data", [b"", gzip.compress(b"")], ids=["plain", "compressed"])
def test_an_empty_file_is_refused(tmp_path, data):
    with pytest.raises(InvalidRecord) as caught, source.opened(stored(tmp_path, data)):
        pass

    assert rule_of(caught) == "empty-file"


@pytest.mark.parametrize("keep", [5, 15, 40, -1, -9])
def test_a_cut_gzip_file_is_refused_before_its_first_line(tmp_path, keep):
    whole = gzip.compress(b"".join(b"%d,a\n" % number for number in range(500)))

    with (
        pytest.raises(InvalidRecord) as caught,
        source.opened(stored(tmp_path, whole[:keep], "cases.csv.gz")),
    ):
        pass

    assert rule_of(caught) == "broken-gzip"


def test_a_cut_gzip_from_a_pipe_is_refused_where_it_ends():
    whole = gzip.compress(bytes(range(32, 127)) * 9_000 + b"\n")

    with pytest.raises(InvalidRecord) as caught:
        read(Pipe(whole[:-30]), codec="utf-8", limits=Limits(line=1 << 30))

    assert rule_of(caught) == "broken-gzip"


def test_a_gzip_file_that_expands_past_the_limit_is_refused(tmp_path):
    path = stored(tmp_path, gzip.compress(bytes(5_000_000)), "cases.csv.gz")

    with pytest.raises(InvalidRecord) as caught, source.opened(path, limits=Limits(expanded=4_000_000)):
        pass

    assert rule_of(caught) == "too-large"


def test_lines_come_out_of_a_pipe_as_out_of_a_file(tmp_path):
    data = "".join(f"{number};é\n" for number in range(20_000)).encode()

    piped, _ = read(Pipe(gzip.compress(data)), codec="utf-8")
    stored_lines, _ = read(stored(tmp_path, data))

    assert piped == stored_lines
    assert len(piped) == 20_000


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_each_encoding_is_told_and_read(tmp_path, codec, found):
    text = "nom;âge\nÉlodie;17\nœuvre;3\n"
    path = stored(tmp_path, text.encode(codec))

    with source.opened(path) as opened:
        named, reason = source.encoding(opened.head, name=opened.name, size=opened.size)

    assert named == found
    assert reason
    assert "".join(read(path)[0]) == text


@pytest.mark.parametrize(
    "data", [b"a,\x81\x8d\x8f\xff\n", bytes(range(256)) * 4], ids=["undefined", "binary"]
)
def test_bytes_in_no_known_encoding_are_refused(data):
    with pytest.raises(InvalidRecord) as caught:
        source.encoding(data, name="cases.csv", size=len(data))

    assert rule_of(caught) == "unknown-encoding"


def test_one_line_of_wrong_bytes_is_noted_and_the_others_are_read(tmp_path):
    lines = [b"a,b\n"] * 20_000 + [b"a,\xff\xe9\n"] + [b"c,d\n"] * 3

    given, wrong = read(stored(tmp_path, b"".join(lines)))

    assert len(given) == len(lines)
    assert {number: problem.rule for number, problem in wrong.items()} == {20_001: "wrong-bytes"}


def test_broken_utf_16_is_refused_with_its_line(tmp_path):
    data = ("a,b\n" * 40_000).encode("utf-16") + b"\x00\xd8a\x00" + "\n".encode("utf-16-le")

    with pytest.raises(InvalidRecord) as caught:
        read(stored(tmp_path, data))

    assert rule_of(caught) == "broken-text"


def test_a_zero_byte_is_noted_with_its_column(tmp_path):
    _, wrong = read(stored(tmp_path, b"a,b\n" * 9 + b"a\0,b\n"))

    assert wrong[10].rule == "zero-byte"
    assert "column 2" in wrong[10].wrong


def test_an_endless_line_is_read_past_in_bounded_memory_and_noted():
    class Endless(io.RawIOBase):
        left = 1 << 28

        def readable(self):
            return True

        def readinto(self, buffer):
            size = min(len(buffer), self.left)
            buffer[:size] = b"x" * size
            self.left -= size
            return size

    import tracemalloc

    tracemalloc.start()
    given, wrong = read(Endless(), codec="utf-8")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert given == ["\n"]
    assert wrong[1].rule == "line-too-long"
    assert peak < 16 << 20


def test_the_line_after_one_that_is_too_long_is_read(tmp_path):
    given, wrong = read(stored(tmp_path, b"a\n" + b"x" * 5_000 + b"\nb\n"), limits=Limits(line=1_000))

    assert given == ["a\n", "\n", "b\n"]
    assert list(wrong) == [2]


def workbook(entries, **options):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in entries:
            parts.writestr(name, content, **options)
    return data.getvalue()


def test_a_workbook_is_known_by_its_bytes_not_its_name(tmp_path):
    with source.opened(stored(tmp_path, workbook([("xl/workbook.xml", "<a/>")]))) as found:
        assert found.kind is Kind.WORKBOOK


@pytest.mark.parametrize(
    ("entries", "limits", "rule"),
    [
        ([("xl/sheet1.xml", b" " * (8 << 20))], Limits(), "zip-bomb"),
        ([("xl/a.xml", bytes(range(256)) * 40)], Limits(workbook=10_000), "zip-bomb"),
        ([("xl/sharedStrings.xml", bytes(range(256)) * 40)], Limits(strings=10_000), "zip-bomb"),
        ([(f"xl/{number}", b"") for number in range(30)], Limits(parts=29), "too-many-parts"),
    ],
    ids=["squeezed", "large", "many strings", "many parts"],
)
def test_a_workbook_that_would_explode_is_refused_before_it_is_expanded(tmp_path, entries, limits, rule):
    path = stored(tmp_path, workbook(entries), "cases.xlsx")

    with pytest.raises(InvalidRecord) as caught, source.opened(path, limits=limits):
        pass

    assert rule_of(caught) == rule


def test_a_workbook_cut_short_is_refused(tmp_path):
    path = stored(tmp_path, workbook([("a", b"b" * 999)])[:-40], "cases.xlsx")

    with pytest.raises(InvalidRecord) as caught, source.opened(path):
        pass

    assert rule_of(caught) == "broken-workbook"


def test_a_workbook_from_a_pipe_is_held_up_to_a_limit():
    data = workbook([("xl/workbook.xml", bytes(range(256)) * 40)])

    with source.opened(Pipe(data)) as found:
        assert found.stream.read() == data
    with pytest.raises(InvalidRecord) as caught, source.opened(Pipe(data), limits=Limits(held=50)):
        pass

    assert rule_of(caught) == "too-large"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (gzip.compress(workbook([("a", "b")])), "workbook-in-gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old-workbook"),
        (b"%PDF-1.7", "not-a-table"),
        (gzip.compress(gzip.compress(b"a,b\n")), "not-a-table"),
    ],
    ids=["workbook in gzip", "xls", "pdf", "gzip twice"],
)
def test_what_is_not_a_table_is_refused_with_its_remedy(tmp_path, data, rule):
    with pytest.raises(InvalidRecord) as caught, source.opened(stored(tmp_path, data)):
        pass

    assert rule_of(caught) == rule
    assert caught.value.problems[0].remedy
    assert caught.value.problems[0].remedy_fr


def test_the_position_moves_through_the_file_as_stored(tmp_path):
    path = stored(tmp_path, b"a,b\n" * 400_000)

    with source.opened(path) as found:
        rows = source.lines(found, codec="utf-8", wrong={})
        next(rows)
        early = found.position
        list(rows)

        assert 0 < early < found.position == found.size
