"""The file of rows that could not be read."""

import json

import pytest

from palermo.standards.fault import fault, faults
from palermo.standards.quarantine import Quarantine, path_for
from palermo.standards.row import Row


def a_refused_row(number=7, raw=None, path="person.sex"):
    problem = fault("unknown-value", path=path, column="gender", allowed="Female, Male")
    return Row(number=number, record=None, problems=(problem,), raw=raw or {})


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_fault_is_written_with_line_field_and_what_would_be_right(tmp_path):
    target = path_for(tmp_path / "cases.csv")

    with Quarantine(target) as quarantine:
        quarantine.add(a_refused_row())

    (entry,) = lines(target)
    assert target.name == "cases.csv.quarantine.jsonl"
    assert (entry["line"], entry["field"], entry["rule"]) == (7, "person.sex", "unknown-value")
    assert "Female, Male" in entry["right"]
    assert "Female, Male" in entry["right_fr"]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("Femmale", True),
        ("A_Farming 2", True),
        ("x" * 81, False),
        ("=HYPERLINK(1)", False),
        ("née\nle", False),
    ],
)
def test_a_raw_value_is_repeated_only_where_it_looks_like_a_code(tmp_path, value, kept):
    target = tmp_path / "q.jsonl"

    with Quarantine(target) as quarantine:
        quarantine.add(a_refused_row(raw={"person.sex": value}))

    assert (lines(target)[0].get("value") == value) is kept


def test_the_file_appears_only_when_it_is_whole(tmp_path):
    target = tmp_path / "q.jsonl"

    with Quarantine(target) as quarantine:
        quarantine.add(a_refused_row())
        assert not target.exists()

    assert target.exists()
    assert [each.name for each in tmp_path.iterdir()] == ["q.jsonl"]


def test_an_error_on_the_way_leaves_the_folder_as_it_was(tmp_path):
    target = tmp_path / "q.jsonl"
    target.write_text("of an earlier run")

    def interrupted():
        with Quarantine(target) as quarantine:
            quarantine.add(a_refused_row())
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()

    assert target.read_text() == "of an earlier run"
    assert [each.name for each in tmp_path.iterdir()] == ["q.jsonl"]


def test_a_run_that_refuses_nothing_takes_the_old_file_away(tmp_path):
    target = tmp_path / "q.jsonl"
    target.write_text("of an earlier run")

    with Quarantine(target):
        pass

    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_may_read_the_file(tmp_path):
    target = tmp_path / "q.jsonl"

    with Quarantine(target) as quarantine:
        quarantine.add(a_refused_row())

    assert target.stat().st_mode & 0o077 == 0


def test_every_fault_speaks_both_languages():
    for rule, texts in faults().items():
        assert set(texts) == {"wrong", "remedy", "wrong_fr", "remedy_fr"}, rule
        assert all(texts.values()), rule
