"""`palermo prevention release`: the pack, the ledger and the exit codes."""

import csv
import hashlib
import json
import os

import pytest
from typer.testing import CliRunner

from palermo.cli.prevention import app
from palermo.errors import Disclosive, InvalidRecord, Unreachable
from palermo.prevention import compiled
from palermo.prevention.release import ledger_file, pack, signature
from palermo.prevention.release.ledger import EntryState
from palermo.prevention.release.verify import verify
from tests.prevention.release import packs

SCHEMA = "\n".join(
    ['population = "Made-up persons of XA"', 'purpose = "A test"']
    + [
        f'[[column]]\nname = "{name}"\ncodes = {json.dumps(list(codes))}\nclosed = true\n'
        + (f'split = "{packs.SPLIT[name]}"\n' if name in packs.SPLIT else "")
        for name, codes in packs.COLUMNS.items()
    ]
)
QUICK = ("--rounds", "1", "--date", "2026-11-21")


def given(folder, *, people=1100, extra=()):
    rows = packs.rows(people, seed=5)
    with (folder / "cases.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(packs.COLUMNS), *rows, *extra])
    (folder / "schema.toml").write_text(SCHEMA, encoding="utf-8")
    return folder


def run(folder, *words):
    files = (folder / "cases.csv", "--schema", folder / "schema.toml", "--out", folder / "pack")
    return CliRunner().invoke(app, ["release", *map(str, (*files, *QUICK, *words))])


def spent(folder):
    return ledger_file.read(folder / "ledger.jsonl").ledger


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = given(tmp_path_factory.mktemp("published"))
    (folder / "key.pem").write_bytes(packs.a_key())
    words = ("--ledger", folder / "ledger.jsonl", "--key", folder / "key.pem", "--publisher", "XA")
    return folder, run(folder, *words, "--approved-by", "Rapporteur", "--title", "Persons of XA")


def test_a_release_is_a_pack_that_its_key_proves_sound(published):
    folder, answer = published
    verdict = verify(folder / "pack", public_key=signature.key(folder / "key.pem").public)

    assert answer.exit_code == 0, answer.output
    assert (verdict.sound, verdict.notes) == (True, [])


def test_the_card_tells_what_was_asked(published):
    card = json.loads((published[0] / "pack" / "card.json").read_text(encoding="utf-8"))

    asked = {"epsilon": 4, "unit": "person", "delta": 8.6e-7, "ways": 3, "seed_public": 1, "publisher": "XA"}
    assert {name: card[name] for name in asked} == asked
    assert card["title"]["en"] == "Persons of XA"
    assert card["population"]["en"] == "Made-up persons of XA"
    assert 1 <= card["cap"] <= 8


def test_rows_and_counts_have_the_columns_that_other_programs_read(published):
    lines = {
        name: (published[0] / "pack" / name).read_text(encoding="utf-8").splitlines()
        for name in ("rows.csv", "counts.csv")
    }

    assert lines["rows.csv"][0] == ",".join(packs.COLUMNS)
    assert lines["counts.csv"][0] == "columns,values,count,sd,low,high"
    assert any(line.startswith("country|sex,XA|F,") for line in lines["counts.csv"])
    assert 1000 <= len(lines["rows.csv"]) <= 1200


def test_the_ledger_tells_what_was_reserved_and_how_it_went_on(published):
    folder, _ = published
    card = json.loads((folder / "pack" / "card.json").read_text(encoding="utf-8"))
    first, last = spent(folder).entries

    assert (first.state, first.rho_micro, first.epsilon) == (EntryState.RESERVED, card["rho_micro"], 4)
    assert (last.state, last.cap, last.approvers) == (EntryState.FINISHED, card["cap"], ("Rapporteur",))
    assert len(last.table) == 64


def test_each_step_and_figure_is_told(published):
    _, answer = published

    assert [line for line in answer.stderr.splitlines() if line.endswith("...")] == [
        f"{step} ..." for step in ("Checking", "Reading", "Measuring", "Fitting", "Intervals", "Writing")
    ]
    assert "epsilon 4 at delta 8.6e-07" in answer.stdout
    assert "3-way: " in answer.stdout
    assert " made-up rows" in answer.stdout


def test_a_spent_budget_refuses_before_the_table_is_read(published, tmp_path):
    folder = given(tmp_path)
    (folder / "ledger.jsonl").write_bytes((published[0] / "ledger.jsonl").read_bytes())
    (folder / "cases.csv").write_bytes(b"\x00 this cannot be read")

    answer = run(folder, "--ledger", folder / "ledger.jsonl", "--epsilon", "0.5")

    assert isinstance(answer.exception, Disclosive)
    assert answer.exception.exit_code == 3
    assert "Of epsilon 4 for a lifetime 4 is spent" in str(answer.exception)
    assert not (folder / "pack").exists()


def test_a_table_that_is_not_right_spends_nothing(tmp_path):
    folder = given(tmp_path, extra=[("ZZ", "", "F", "", "", "")])

    answer = run(folder, "--ledger", folder / "ledger.jsonl")

    assert isinstance(answer.exception, InvalidRecord)
    assert answer.exception.exit_code == 2
    assert spent(folder).entries == ()


def test_a_folder_that_holds_something_spends_nothing(tmp_path):
    folder = given(tmp_path)
    (folder / "pack").mkdir()
    (folder / "pack" / "mine.txt").write_text("mine", encoding="utf-8")

    answer = run(folder, "--ledger", folder / "ledger.jsonl")

    assert "never written over" in str(answer.exception)
    assert spent(folder).entries == ()


def test_what_was_reserved_stays_spent_when_the_release_fails(tmp_path, monkeypatch):
    folder = given(tmp_path)

    def full(*given, **named):
        raise Unreachable("pack: no room")

    monkeypatch.setattr(pack, "write", full)
    answer = run(folder, "--ledger", folder / "ledger.jsonl", "--ways", "1", "--no-rows")

    assert isinstance(answer.exception, Unreachable)
    assert [entry.state for entry in spent(folder).entries] == [EntryState.RESERVED, EntryState.FAILED]
    assert spent(folder).spent > 0


def test_few_persons_and_no_ledger_make_counts_alone_and_say_so(tmp_path):
    answer = run(given(tmp_path, people=300), "--ways", "2", "--persons", "1")

    assert answer.exit_code == 0, answer.output
    assert "nobody keeps account" in answer.stderr
    assert "no rows, counts alone: rows need 1,000 persons or more" in answer.stdout
    assert not (tmp_path / "pack" / "rows.csv").exists()
    assert verify(tmp_path / "pack").sound


def test_a_delta_too_large_for_so_many_persons_is_told(tmp_path):
    answer = run(given(tmp_path, people=1500), "--ways", "1", "--delta", "0.001", "--no-rows")

    assert "! delta is over 1 / (10 persons)" in answer.stdout


def test_more_persons_than_the_public_bound_get_a_smaller_delta(tmp_path):
    answer = run(given(tmp_path, people=1500), "--ways", "1", "--persons", "1", "--no-rows")

    assert "! more persons than --persons: delta was made smaller" in answer.stdout
    assert "delta is over" not in answer.stdout
    card = json.loads((tmp_path / "pack" / "card.json").read_text(encoding="utf-8"))
    assert card["delta"] < 1 / 15_000
    assert verify(tmp_path / "pack").sound


def test_columns_that_the_schema_does_not_name_are_told(tmp_path):
    folder = given(tmp_path, people=300)
    text = (folder / "cases.csv").read_text(encoding="utf-8").replace("shelter", "notes", 1)
    (folder / "cases.csv").write_text(text, encoding="utf-8")
    schema = (folder / "schema.toml").read_text(encoding="utf-8")
    (folder / "schema.toml").write_text(schema.partition('[[column]]\nname = "shelter"')[0], encoding="utf-8")

    answer = run(folder, "--ways", "1")

    assert "does not name are not released: notes." in answer.stderr
    assert "Each row is taken for one person." in answer.stderr


def test_how_texts_are_read_that_are_no_codes_is_told_and_no_is_not_nothing(tmp_path):
    folder = given(tmp_path, people=60)
    schema = (folder / "schema.toml").read_text(encoding="utf-8")
    others = ", ".join(f'{text} = "yes"' for text in ("oui", "si", "ja", "tak", "da"))
    more = f'blank = ["NULL", "-99"]\nspellings = {{ {others} }}'
    changed = schema.replace('name = "shelter"\n', f'name = "shelter"\n{more}\n')
    assert changed != schema
    (folder / "schema.toml").write_text(changed, encoding="utf-8")

    told = run(folder, "--ways", "1").stderr

    assert "shelter: “NULL” is not recorded, “-99” is not recorded, “oui” is yes" in told
    assert "and 2 more (see the codebook)." in told


def test_people_who_were_in_a_release_before_are_said_to_be_charged_again(tmp_path):
    folder = given(tmp_path, people=60)
    words = ("--ways", "1", "--epsilon", "1", "--cohort", "2020-2024", "--ledger", folder / "ledger.jsonl")
    run(folder, *words)
    (folder / "pack").rename(folder / "first")

    again = run(folder, *words)

    assert again.exit_code == 0, again.output
    assert "People of this release may be in 1 made before; they are charged for each." in again.stderr
    assert len(spent(folder).entries) == 4


def test_releases_of_one_second_to_folders_of_one_name_are_two_in_the_ledger(tmp_path, monkeypatch):
    named = []
    monkeypatch.setattr(ledger_file, "reserve", lambda path, entry, limits: named.append(entry.release))
    monkeypatch.setattr(ledger_file, "close", lambda *_, **__: None)
    monkeypatch.setattr("palermo.prevention.release.made.make", lambda *_, **__: 1 / 0)
    folder = given(tmp_path, people=20)

    for _ in range(3):
        run(folder, "--ledger", folder / "ledger.jsonl")

    assert len(set(named)) == 3


def test_a_schema_from_a_pipe_leaves_its_own_hash_in_the_ledger(tmp_path):
    folder = given(tmp_path, people=20)
    reading, writing = os.pipe()
    os.write(writing, SCHEMA.encode())
    os.close(writing)

    answer = run(folder, "--schema", f"/dev/fd/{reading}", "--ways", "1", "--ledger", folder / "ledger.jsonl")
    os.close(reading)

    assert answer.exit_code == 0, answer.output
    assert spent(folder).entries[0].schema_hash == hashlib.sha256(SCHEMA.encode()).hexdigest()


def test_two_must_approve_what_gives_very_much_away(tmp_path):
    folder = given(tmp_path, extra=[("ZZ", "", "F", "", "", "")])
    alone, two = run(folder, "--epsilon", "13"), ("--approved-by", "one", "--approved-by", "other")

    assert "two people must approve" in str(alone.exception)
    assert isinstance(run(folder, "--epsilon", "13", *two).exception, InvalidRecord)


def test_one_who_approves_twice_is_no_second(tmp_path):
    twice = run(
        given(tmp_path), "--epsilon", "13", "--approved-by", "Rapporteur", "--approved-by", "rapporteur "
    )

    assert "two people must approve" in str(twice.exception)


def test_a_ledger_in_the_folder_of_the_pack_is_refused_before_it_is_made(tmp_path):
    answer = run(given(tmp_path), "--ledger", tmp_path / "pack" / "ledger.jsonl")

    assert answer.exit_code == 2
    assert "Keep it elsewhere." in answer.stderr
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--delta", "much"), "is neither auto nor a number"),
        (("--delta", "0.5"), "is not over 0 and at most 0.01"),
        (("--rounds", "0"), "neither auto nor a number"),
        (("--rounds", "many"), "neither auto nor a number"),
        (("--ways", "4"), "--ways"),
        (("--epsilon", "0"), "--epsilon"),
        (("--cohort", "2024-2020"), "says no years"),
        (("--cohort", "2020"), "says no years"),
        (("--cohort", "-"), "says no years"),
        (("--approved-by", " "), "names nobody"),
    ],
)
def test_words_that_mean_nothing_are_refused(tmp_path, words, told):
    answer = run(given(tmp_path, people=10), *words)

    assert answer.exit_code == 2
    assert told in answer.stderr


def test_the_first_release_after_an_installation_says_that_it_prepares(tmp_path, monkeypatch):
    folder = given(tmp_path, people=20)
    monkeypatch.setattr(compiled, "prepared", lambda methods: methods != ["release"])

    assert compiled.FIRST in run(folder, "--ways", "1").stderr


def test_a_prepared_release_says_nothing_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "prepared", lambda methods: True)

    assert compiled.FIRST not in run(given(tmp_path, people=20), "--ways", "1").stderr
