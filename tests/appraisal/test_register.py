"""Reading a folder of tables: every fact with its source, every row accounted for."""

from datetime import date

import pytest

from palermo.appraisal import published, register, words
from palermo.appraisal.evidence import Grade
from palermo.appraisal.observation import Bounds
from palermo.appraisal.treaty import Act
from palermo.errors import InvalidRecord, Unreachable
from tests.appraisal.made import FRESH, a_place, a_register, an_action, an_observation

TREATIES = "iso3,name,treaty,signature_date,action,action_date,as_of,source,status\n"
YES_NO = "iso3,name," + ",".join(published.YES_NO_COLUMNS) + "\n"
VICTIMS = "iso3,country,year,value_text\n"
GLOTIP = "Iso3_code,Country,Indicator,Dimension,Category,Sex,Age,Year,txtVALUE\n"
SDG = "series,iso3,age,nature,sex,units,year,value\n"


def read(folder, **tables):
    names = {
        "treaties": ("treaty_status.csv", TREATIES),
        "yes_no": ("dol_convention_status.csv", YES_NO),
        "victims": ("detected_victims_total.csv", VICTIMS),
    }
    for kind, rows in tables.items():
        name, header = names[kind]
        (folder / name).write_text(header + rows, encoding="utf-8")
    return register.read(folder)


def test_a_treaty_row_gives_its_act_and_its_signature(tmp_path):
    row = "PAK,Pakistan,UNTOC,2000-12-14,ratification,2010-01-13,2014-01-27,zmjones/untreaties,party\n"
    found = read(tmp_path, treaties=row)

    assert [(one.act, one.on) for one in found.actions] == [
        (Act.RATIFICATION, date(2010, 1, 13)),
        (Act.SIGNATURE, date(2000, 12, 14)),
    ]
    assert {(one.found.as_of, one.found.source.grade, one.found.line) for one in found.actions} == {
        (date(2014, 1, 27), Grade.REGISTER, 2)
    }


def test_a_state_that_a_complete_table_does_not_name_is_no_party_as_of_its_date(tmp_path):
    row = "PAK,Pakistan,TIP,,accession,2010-01-13,2014-01-27,zmjones/untreaties,party\n"
    found = read(tmp_path, treaties=row)

    assert found.standing("KAZ", "TIP").party is False
    assert found.standing("KAZ", "TIP").known_on == date(2014, 1, 27)
    assert found.standing("KAZ", "UNTOC").party is None


def test_a_yes_no_table_says_nothing_of_a_state_that_it_does_not_cover(tmp_path):
    found = read(tmp_path, yes_no="PAK,Pakistan,Yes,Yes,No,N/A,Yes,\n")

    assert found.standing("PAK", "TIP").party is True
    assert found.standing("PAK", "CRC-OP-AC").party is False
    assert found.standing("PAK", "CRC-OP-SC").party is None
    assert found.standing("KAZ", "TIP").party is None
    assert {one.found.as_of for one in found.actions} == {date(2023, 9, 14)}


def test_a_former_state_is_never_a_party_of_today_nor_hands_its_place_on(tmp_path):
    rows = (
        "CSK,Czechoslovakia,SLAVERY1956,,ratification,1958-06-13,2013-07-06,zmjones/untreaties,party\n"
        "DDR,East Germany,SLAVERY1956,,accession,1974-07-16,2013-07-06,zmjones/untreaties,party\n"
        ",Yugoslavia (former),SLAVERY1956,,accession,1958-05-20,2013-07-06,zmjones/untreaties,party\n"
        "PAK,Pakistan,SLAVERY1956,,ratification,1958-03-20,2013-07-06,zmjones/untreaties,party\n"
    )
    found = read(tmp_path, treaties=rows)

    assert {one.state for one in found.actions} == {"PAK"}
    assert found.standing("CZE", "SLAVERY1956").party is False
    assert dict(found.tables[0].unused) == {
        "a former State (CSK)": 1,
        "a former State (DDR)": 1,
        "a former State (YUG)": 1,
    }


@pytest.mark.parametrize(
    "row, where",
    [
        ("PAK,P,TIP,,ratification,2010-13-01,2014-01-27,s,party", "line 2, action_date"),
        ("PAK,P,TIP,,ratification,2015-01-01,2014-01-27,s,party", "line 2, action_date"),
        ("PAK,P,TIP,,ratified,2010-01-01,2014-01-27,s,party", "line 2, action"),
        ("PAK,P,TIP,,no entry,2010-01-01,2014-01-27,s,party", "line 2, action"),
        ("PAK,P,TREATY9,,ratification,2010-01-01,2014-01-27,s,party", "line 2, treaty"),
        ("PAK,P,TIP,,ratification,2010-01-01,,s,party", "line 2, as_of"),
        ("PKI,P,TIP,,ratification,2010-01-01,2014-01-27,s,party", "line 2, iso3"),
    ],
)
def test_an_unreadable_treaty_row_is_named_by_line_and_column(tmp_path, row, where):
    found = read(tmp_path, treaties=row + "\n")

    assert [(file, problem.path) for file, problem in found.problems] == [("treaty_status.csv", where)]
    assert found.actions == ()


@pytest.mark.parametrize(
    "row, where",
    [
        ("PAK,Pakistan,2022,many", "line 2, value_text"),
        ("PAK,Pakistan,22,26", "line 2, year"),
        ('PAK,Pakistan,2022,"61,102,019"', "line 2, value_text"),
    ],
    ids=["a word", "a short year", "a questionnaire's code"],
)
def test_an_unreadable_figure_is_named_by_line_and_column(tmp_path, row, where):
    found = read(tmp_path, victims=row + "\n")

    assert [problem.path for _, problem in found.problems] == [where]
    assert all("61" not in str(problem) for _, problem in found.problems)


@pytest.mark.parametrize("cell", ["..", "…", "", "–", "N/A"])
def test_a_gap_that_the_publisher_left_is_counted_as_one_and_is_no_zero(tmp_path, cell):
    found = read(tmp_path, victims=f"PAK,Pakistan,2022,{cell}\nPAK,Pakistan,2021,29\n")

    assert [one.period for one in found.observations] == [2021]
    assert found.tables[0].unused == (("no figure", 1),)
    assert found.problems == ()


def test_a_yes_no_cell_must_be_yes_no_or_not_applicable(tmp_path):
    found = read(tmp_path, yes_no="PAK,Pakistan,Yes,Yes,Maybe,Yes,Yes,Yes\n")

    assert [problem.path for _, problem in found.problems] == ["line 2, CRC_Armed_Conflict_Ratified"]
    assert found.actions == ()


def test_every_row_is_used_not_needed_or_unreadable(tmp_path):
    rows = 'PAK,Pakistan,2022,"26,539"\nHKG,Hong Kong,2022,3\nKAZ,Kazakhstan,2021,x\nKAZ,Kazakhstan\n'
    table = read(tmp_path, victims=rows).tables[0]

    assert (table.rows, table.used, len(table.problems)) == (4, 1, 2)
    assert table.unused == (("not one of the 193 members", 1),)


def test_the_full_victim_table_keeps_parts_and_leaves_citizenship_uncounted(tmp_path):
    row = "KAZ,Kazakhstan,{},{},{},{},Total,2021,{}\n"
    rows = [
        row.format("Detected trafficking victims", "Total", "Total", "Female", "<5"),
        row.format("Detected trafficking victims", "by form of exploitation", "Forced labour", "Total", "7"),
        row.format("Persons convicted", "by citizenship", "Q6.1_10s_2019", "Total", '"61,102,019"'),
        row.format("Detected trafficking victims", "by form of exploitation", "Magic", "Total", "7"),
    ]
    (tmp_path / "sources.toml").write_text(
        '[table."g.csv"]\nreader = "glotip"\nsource = "unodc-glotip"\nas_of = 2025-04-14\n', encoding="utf-8"
    )
    (tmp_path / "g.csv").write_text(GLOTIP + "".join(rows), encoding="utf-8")

    found = register.read(tmp_path)

    assert [(one.sex, one.form, one.bounds) for one in found.observations] == [
        ("female", "total", Bounds(low=1, high=4)),
        ("total", "forced labour", Bounds(low=7, high=7)),
    ]
    assert found.tables[0].unused == (("Persons convicted, by citizenship", 1),)
    assert [problem.path for _, problem in found.problems] == ["line 5, Category"]


def test_a_goal_series_keeps_its_unit_and_says_when_it_is_an_estimate(tmp_path):
    (tmp_path / "sources.toml").write_text(
        '[table."s.csv"]\nreader = "sdg"\nsource = "unsd-sdg"\nas_of = 2020-10-19\n', encoding="utf-8"
    )
    rows = "SG_REG_BRTH,PAK,lt5y,e,,percent,2018,42.2\nXX_NONE,PAK,,c,,percent,2018,1\n"
    (tmp_path / "s.csv").write_text(SDG + rows, encoding="utf-8")

    found = register.read(tmp_path)

    assert [(one.unit, one.status, one.bounds.low) for one in found.observations] == [
        ("percent", "estimated", 42.2)
    ]
    assert found.tables[0].unused == (("series XX_NONE", 1),)


def test_a_folders_own_sources_stand_over_the_built_in_ones(tmp_path):
    (tmp_path / "sources.toml").write_text(
        '[source.ours]\ngrade = "D"\nname = { en = "Ours", fr = "La nôtre" }\n'
        'publisher = { en = "Us", fr = "Nous" }\n'
        '[table."ours.csv"]\nreader = "detected_victims"\nsource = "ours"\nas_of = 2026-01-31\n',
        encoding="utf-8",
    )
    (tmp_path / "ours.csv").write_text(VICTIMS + "XA,Made up,2025,12\n", encoding="utf-8")

    found = register.read(tmp_path).observations[0].found

    assert (found.source.name.fr, found.source.grade, found.as_of) == ("La nôtre", "D", date(2026, 1, 31))


def test_a_source_that_no_catalogue_knows_counts_as_an_independent_report(tmp_path):
    row = "PAK,Pakistan,TIP,,accession,2010-01-13,2014-01-27,somebody,party\n"

    assert read(tmp_path, treaties=row).actions[0].found.source.grade is Grade.INDEPENDENT


def test_a_table_without_source_or_date_says_so_for_each_row(tmp_path):
    (tmp_path / "sources.toml").write_text('[table."v.csv"]\nreader = "detected_victims"\n', encoding="utf-8")
    (tmp_path / "v.csv").write_text(VICTIMS + "XA,Made up,2025,12\n", encoding="utf-8")

    problems = register.read(tmp_path).problems

    assert [problem.path for _, problem in problems] == ["line 2, file"]


@pytest.mark.parametrize(
    "content, said",
    [("[table", "is not TOML"), ('[table."v.csv"]\nreader = "magic"\n', "reader of 'v.csv' is unknown")],
)
def test_a_wrong_catalogue_is_refused(tmp_path, content, said):
    (tmp_path / "sources.toml").write_text(content, encoding="utf-8")

    with pytest.raises(InvalidRecord, match=said) as caught:
        register.read(tmp_path)
    assert str(caught.value).count("sources.toml") == 1


def test_a_missing_folder_and_an_empty_one_are_refused_with_what_would_work(tmp_path):
    with pytest.raises(Unreachable, match="no such folder"):
        register.read(tmp_path / "gone")
    with pytest.raises(Unreachable, match=r"no known table.*treaty_status\.csv"):
        register.read(tmp_path)


def test_files_that_the_catalogue_does_not_know_are_named(tmp_path):
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")

    assert read(tmp_path, victims="XA,Made up,2025,12\n").files_not_read == ("notes.txt",)


def test_a_figure_that_two_files_of_one_source_repeat_is_kept_once():
    twice = register.merged([a_register(an_observation("<5")), a_register(an_observation("<5"))])

    assert len(twice.observations) == 1


def test_absence_from_a_table_of_figures_is_evidence_of_its_own():
    found = a_register(an_observation(state="XB"), covered=[("detected_victims", a_place(line=0))])

    assert len(found.absences("XA", "detected_victims")) == 1
    assert found.absences("XB", "detected_victims") == ()


def test_what_a_day_could_know_never_shrinks_as_days_pass():
    found = a_register(an_action(as_of=FRESH), an_observation(as_of=date(2025, 1, 1)))

    known = [found.known_on(date(year, 6, 1)) for year in (2024, 2025, 2026)]

    assert [(len(one.actions), len(one.observations)) for one in known] == [(0, 0), (0, 1), (1, 1)]


def test_every_reader_that_the_catalogue_names_exists():
    assert {entry["reader"] for entry in words.table("sources.toml")["table"].values()} <= set(
        published.KINDS
    )
