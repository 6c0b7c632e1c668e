"""A pack on the disk: whole or not at all, the same bytes for the same release, never over another."""

import csv
import io
from pathlib import Path

import pytest

from palermo.errors import InvalidRecord, Unreachable
from palermo.prevention.release import folder, pack, signature
from palermo.standards.table import plain
from tests.prevention.release import packs

KEY = signature.from_bytes(bytes(32))


def files(people=60, *, with_rows=True, signed=False):
    rows = packs.rows(people)
    counts = packs.figures(rows)
    cells = list(zip(*rows, strict=True)) if with_rows else None
    return pack.files(packs.card(rows if with_rows else None, counts), counts, cells, signed=signed)


def test_equal_releases_make_equal_bytes(tmp_path):
    for name in ("one", "other"):
        pack.write(files(signed=True), tmp_path / name, key=KEY)

    one, other = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "other"))
    assert one == other


def test_a_pack_holds_what_its_readers_need():
    parquet = ["rows.parquet"] if pack.has_parquet() else []
    assert sorted(files()) == [
        "README.txt",
        "card.json",
        "card.schema.json",
        "codebook.en.html",
        "codebook.fr.html",
        "counts.csv",
        "counts.csv-metadata.json",
        "dashboard.ar.html",
        "dashboard.fr.html",
        "dashboard.html",
        "dcat.jsonld",
        "errors.csv",
        "rows.csv",
        "rows.csv-metadata.json",
        *parquet,
    ]


def test_counts_alone_bring_no_file_about_rows():
    found = files(with_rows=False)

    assert [name for name in found if name.startswith("rows")] == []
    assert b"rows.csv" not in found["README.txt"] + found["dashboard.html"] + found["dcat.jsonld"]


def test_rows_have_the_columns_and_cells_of_the_table():
    lines = list(csv.reader(io.StringIO(files()["rows.csv"].decode())))

    assert lines == [list(packs.COLUMNS), *map(list, packs.rows(60))]


def test_parquet_holds_the_same_rows():
    parquet = pytest.importorskip("pyarrow.parquet")
    found = parquet.read_table(io.BytesIO(files()["rows.parquet"])).to_pylist()

    assert [tuple(cell or "" for cell in row.values()) for row in found] == packs.rows(60)


def test_without_pyarrow_the_rows_are_in_the_csv_file_alone(monkeypatch):
    monkeypatch.setattr(pack, "find_spec", lambda name: None)

    assert {"rows.csv", "rows.parquet"} & set(files()) == {"rows.csv"}


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless():
    text = pack.figure.lines([["=cmd|' /c calc'!A0", "-5", "ok"]])

    (cells,) = csv.reader(io.StringIO(text))
    assert cells[0].startswith("'=")
    assert [plain(cell) for cell in cells] == ["=cmd|' /c calc'!A0", "-5", "ok"]


def test_a_folder_that_holds_something_is_never_written_over(tmp_path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(InvalidRecord, match="never written over"):
        pack.write(files(), tmp_path / "pack")
    assert [path.name for path in (tmp_path / "pack").iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "pack").mkdir()

    pack.write(files(), tmp_path / "pack")

    assert (tmp_path / "pack" / "manifest.json").is_file()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "pack").write_text("", encoding="utf-8")

    with pytest.raises(InvalidRecord, match="Name a new folder"):
        folder.ready(tmp_path / "pack")


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_spent(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(Unreachable, match="Name a new folder"):
        folder.ready(tmp_path / "file" / "pack")


def test_a_folder_that_would_not_give_its_name_away_is_said_before_anything_is_spent(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path / "empty")

    for named in (tmp_path / "link", tmp_path / "dangling", Path(), tmp_path / "empty" / ".."):
        with pytest.raises((Unreachable, InvalidRecord), match="Name a new folder"):
            folder.ready(named)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "empty", "link"]


def test_asking_whether_a_folder_is_ready_changes_nothing(tmp_path):
    (tmp_path / "empty").mkdir(mode=0o750)
    before = (tmp_path / "empty").stat()

    folder.ready(tmp_path / "empty")
    folder.ready(tmp_path / "new")

    after = (tmp_path / "empty").stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_a_pack_that_breaks_off_leaves_nothing_behind(tmp_path, monkeypatch):
    written = []

    def breaks(handle):
        written.append(handle)
        if len(written) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", breaks)

    with pytest.raises(Unreachable, match="No space left"):
        pack.write(files(), tmp_path / "pack")
    assert list(tmp_path.iterdir()) == []


def test_the_errors_are_a_table_of_their_own():
    assert files()["errors.csv"].decode().splitlines() == [
        "ways,from,to,cells,error,sd",
        "1,0,99,4,5.1,6.4",
        "1,100,,20,5.2,6.5",
    ]


def test_the_readme_says_in_both_languages_whether_the_pack_is_signed():
    told = files(signed=True)["README.txt"].decode()

    assert "SHA-256 of every file, signed\n" in told
    assert "SHA-256 de chaque fichier, signé\n" in told
    assert "(not signed)" in files()["README.txt"].decode()
