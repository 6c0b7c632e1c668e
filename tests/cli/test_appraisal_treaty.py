"""`palermo appraisal treaties` and `universal`: what is fetched, read and counted, exit codes."""

import csv
import json

import pytest
from typer.testing import CliRunner

from palermo.cli.appraisal import app
from palermo.errors import InvalidRecord, Unknown, Unreachable
from tests.appraisal.depositary import pages
from tests.appraisal.depositary.site import page, served
from tests.appraisal.made import public

TIP = "/doc/Publication/MTDSG/Volume%20II/Chapter%20XVIII/XVIII-12-a.en.xml"


def run(*words):
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "tip.html").write_bytes(pages.untc_html())
    return folder


def test_what_is_downloaded_is_read_by_the_next_command(tmp_path):
    with served({TIP: [page(pages.untc_xml())]}) as site:
        answer = run(
            "treaties", "download", "--treaty", "tip", "--out", tmp_path, "--base-url", site.url, "--pause", 0
        )
    then = run("universal", "TIP", "--data", tmp_path)

    assert (answer.exit_code, answer.output) == (0, "TIP: new, TIP.xml\n")
    assert then.exit_code == 0, then.output
    assert "4 of 193" in then.output


def test_what_could_not_be_had_is_told_with_what_to_fetch_by_hand(tmp_path):
    with served({}) as site:
        answer = run(
            "treaties", "download", "--treaty", "TIP", "--out", tmp_path, "--base-url", site.url, "--pause", 0
        )

    assert answer.exit_code == 7
    assert "TIP: not had." in answer.stderr
    assert "Open https://treaties.un.org/" in answer.stderr


def test_an_unknown_treaty_is_not_downloaded(tmp_path):
    assert isinstance(run("treaties", "download", "--treaty", "TPI", "--out", tmp_path).exception, Unknown)


def test_a_file_says_what_it_holds_before_it_goes_into_the_register(data):
    answer = run("treaties", "read", data / "tip.html")

    assert answer.exit_code == 0, answer.output
    assert "tip.html: TIP; as of 2026-11-15" in answer.output
    assert "8 rows, 7 used, 0 unreadable" in answer.output
    assert "1 rows not needed: not one of the 193 members" in answer.output


def test_rows_that_cannot_be_read_are_told_and_set_the_exit_code(data):
    (data / "tip.html").write_bytes(pages.untc_html((("Kazakstan", "", "", "31 Jul 2008 a"),)))
    answer = run("treaties", "read", data / "tip.html")

    assert answer.exit_code == 1
    assert "Did you mean KAZ (Kazakhstan)" in answer.stderr


def test_a_page_of_another_layout_is_refused(data):
    (data / "tip.html").write_bytes(pages.untc_html(head="Ship"))

    assert isinstance(run("treaties", "read", data / "tip.html").exception, InvalidRecord)


def test_the_summary_names_the_parties_the_day_and_the_longest_wait(data):
    answer = run("universal", "--data", data)

    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines()[1].split() == [
        *("TIP", "4", "of", "193", "1", "1", "2026-11-15", "2026-11-15", "JPN", "23.9")
    ]


def test_the_json_opens_every_number(data, tmp_path):
    run("universal", "TIP", "--data", data, "--json", tmp_path / "u.json")
    (found,) = json.loads((tmp_path / "u.json").read_text("utf-8"))

    assert found["parties"]["number"] == len(found["parties"]["opens"]) == 4
    assert found["waiting"][0]["state"] == "JPN"
    assert set(found["by_state"]["KAZ"]["evidence"]) <= set(found["evidence"])


def test_the_csv_has_one_row_a_state(data, tmp_path):
    run("universal", "TIP", "--data", data, "--csv", tmp_path / "u.csv")
    with (tmp_path / "u.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["state"]: row for row in csv.DictReader(stream)}

    assert len(rows) == 193
    assert (rows["KAZ"]["act"], rows["KAZ"]["on"]) == ("accession", "2008-07-31")
    assert (rows["JPN"]["party"], rows["JPN"]["waiting_years"]) == ("no", "23.9")


def test_a_file_that_cannot_be_written_is_named(data, tmp_path):
    answer = run("universal", "TIP", "--data", data, "--json", tmp_path / "none" / "u.json")

    assert isinstance(answer.exception, Unreachable)


def test_unreadable_rows_set_the_exit_code(data):
    (data / "tip.html").write_bytes(
        pages.untc_html((*pages.PARTICIPANTS, ("Atlantis", "", "", "1 Jan 2001")))
    )
    answer = run("universal", "TIP", "--data", data)

    assert answer.exit_code == 1
    assert "1 rows could not be read" in answer.stderr


def test_the_public_tables_say_what_was_known_in_2014():
    answer = run("universal", "TIP", "UNTOC", "SOM", "--data", public(), "--today", "2014-12-31")

    shown = {line.split()[0]: line.split()[1:6] for line in answer.output.splitlines()[1:]}
    assert shown == {
        "TIP": ["158", "of", "193", "1", "8"],
        "UNTOC": ["175", "of", "193", "4", "6"],
        "SOM": ["137", "of", "193", "1", "14"],
    }


def test_a_file_that_is_not_there_and_a_folder_are_no_tables(data):
    for path in (data / "none.html", data):
        with pytest.raises(Unreachable, match="no such file"):
            CliRunner().invoke(
                app, ["treaties", "read", str(path)], catch_exceptions=False, standalone_mode=False
            )
