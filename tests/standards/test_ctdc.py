"""Flat tables in the manner of CTDC, in each of their layouts."""

import collections
import csv
import gzip
import io
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from palermo.errors import InvalidRecord
from palermo.standards import ctdc, read
from palermo.standards import field as fields
from palermo.standards.vocabulary import vocabulary
from tests.standards.public import public


def table(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def rows_of(*rows, **options):
    return list(read.records(table(*rows), **options))


def document(*rows, **options):
    (row,) = rows_of(*rows, **options)
    assert row.problems == ()
    return row.record.document


def codes(answers):
    return [answer["value"] for answer in answers]


GLOBAL = [
    "yearOfRegistration",
    "gender",
    "ageBroad",
    "majorityStatus",
    "citizenship",
    "typeOfExploitConcatenated",
]
MEANS = ["meansOfControlDebtBondage", "meansOfControlThreats", "meansOfControlTakesEarnings"]


def test_the_global_layout_tells_yes_no_and_not_recorded_apart():
    found = document([*GLOBAL, *MEANS], ["2016", "Female", "9--17", "Minor", "UA", "x", "1", "0", "-99"])

    assert codes(item["kind"] for item in found["means"]) == ["DebtBondage"]
    assert codes(found["case"]["means_excluded"]) == ["Threats"]
    assert found["case"]["year_registered"] == 2016
    assert found["person"]["age_band"]["value"] == "9-17"
    assert found["person"]["child_flag"]["value"] == "child"
    assert codes(found["person"]["citizenships"]) == ["UA"]


def test_missing_cells_of_the_global_layout_leave_no_trace():
    found = document([*GLOBAL, *MEANS], ["2016", *["-99"] * 8])

    assert found == {"schema_version": "1.0", "case": {"year_registered": 2016}}


OLDER = ["yearOfRegistration", "traffickMonths", "meansDebtBondageEarnings", "meansAbusePsyPhySex"]


@pytest.mark.parametrize("work", ["typeOfLabourConstruction", "sectorOfLabourConstruction"])
@pytest.mark.parametrize("sex", ["typeOfSexProstitution", "sectorOfSexProstitution"])
def test_older_and_newer_names_of_the_synthetic_release_read_the_same(work, sex):
    found = document(
        [*OLDER, "isForcedLabour", "isSexualExploit", work, sex, "CountryOfExploitation"],
        ["2020", "13--24", "1", "", "1", "1", "1", "1", "US"],
    )

    labour, sexual = found["exploitation"]
    assert (labour["form"]["value"], labour["industry"]["value"]) == ("ForcedLabour", "F_Construction")
    assert (sexual["form"]["value"], sexual["subform"]["value"]) == ("SexualExploitation", "Prostitution")
    assert {item["country"]["value"] for item in found["exploitation"]} == {"US"}
    assert found["person"]["trafficked_band"]["value"] == "13-24"
    assert found["case"]["data_source"]["value"] == "synthetic"


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        ("meansDebtBondageEarnings", "DebtBondageEarnings"),
        ("meansAbusePsyPhySex", "Abuse"),
        ("meansThreats", "Threats"),
    ],
)
def test_a_composite_flag_is_never_opened_into_its_parts(flag, code):
    header = dict.fromkeys([*OLDER, "meansThreats"], "")

    found = document(list(header), list((header | {flag: "1"}).values()))

    assert codes(item["kind"] for item in found["means"]) == [code]


DERIVED = [
    "Age Band",
    "Trafficking Duration",
    "Means Debt Bondage Earnings",
    "Woman",
    "Is Citizen of Country",
]


def test_zero_in_a_derived_table_says_nothing():
    found = document(DERIVED, ["0", "0", "0", "0", "0"])

    assert found == {
        "schema_version": "1.0",
        "case": {"data_source": {"value": "synthetic", "state": "answered"}},
    }


def test_one_in_a_derived_table_says_yes():
    person = document(DERIVED, ["2", "3", "1", "1", "1"])["person"]

    assert (person["age_band"]["value"], person["trafficked_band"]["value"]) == ("9-17", "25+")
    assert person["sex"]["value"] == "f"
    assert person["citizen_of_exploitation_country"] is True


KANON = ["control_category", "RecruiterCategory", "ExploitType", "Labor_Type", "isForcedLabour"]


def test_kinds_of_work_are_industries_parts_forms_or_stay_unnamed():
    def exploitation(kind):
        return document(KANON, ["", "", "Labor", kind, ""]).get("exploitation")

    assert exploitation("Construction")[0]["industry"]["value"] == "F_Construction"
    assert exploitation("Domestic Work")[0]["subform"]["value"] == "DomesticWork"
    assert codes(item["form"] for item in exploitation("Begging")) == ["ForcedLabour", "ForcedBegging"]
    assert exploitation("Other")[0]["form_text"] == "Labor_Type: other work"


def test_an_unknown_value_refuses_the_row_and_keeps_the_code_apart():
    first, second = rows_of(KANON, ["Threats", "", "", "", "1"], ["Witchcraft", "", "", "", "7"])

    assert not first.refused
    assert second.raw == {"means[].kind": "Witchcraft", "exploitation[].form": "7"}
    assert [problem.rule for problem in second.problems] == ["unknown-value", "unknown-value"]
    assert "Threats, Financial" in second.problems[0].remedy


def test_an_unknown_year_and_an_unknown_country_are_told():
    (row,) = rows_of(GLOBAL, ["MMXVI", "Female", "-99", "-99", "Wonderland", "-99"])

    assert [problem.path for problem in row.problems] == ["case.year_registered", "person.citizenships"]


WITH_SHELTER = (["", *KANON, "Shelter"], *[[n, "", "", "", "", "1", f"S{n}"] for n in range(12)])


def test_an_unknown_column_is_kept_and_so_needs_a_consent_that_no_such_table_has():
    reading = read.records(table(*WITH_SHELTER))

    assert reading.unclaimed == ("Shelter",)
    assert [problem.rule for problem in reading.problems] == ["unknown-column"]
    assert {problem.path for row in reading for problem in row.problems} == {"local"}


def test_a_column_mapped_to_nothing_is_left_out():
    reading = read.records(table(*WITH_SHELTER), mapping={"Shelter": ""})

    assert reading.unclaimed == ()
    assert all(row.problems == () and "local" not in row.record.document for row in reading)


def test_a_shifted_header_is_refused_with_the_distance():
    rows = [["Threats", "", "Labor", "", "1"], ["Physical", "Other", "Sexual", "", "0"]] * 6
    shifted = [["k1", *row] for row in rows]

    with pytest.raises(InvalidRecord) as caught:
        rows_of([*KANON, "note"], *shifted)

    assert caught.value.problems[0].rule == "shifted-header"
    assert "1 column(s) to the right" in caught.value.problems[0].wrong


def test_changing_one_record_leaves_the_others_as_they_were():
    same = rows_of(GLOBAL, *[["2016", "Female", "-99", "-99", "UA", "-99"]] * 5)

    for number, row in enumerate(same):
        row.record.document["person"]["citizenships"].append(number)
        row.record.document["person"]["sex"]["value"] = number

    assert [row.record.document["person"]["citizenships"][1:] for row in same] == [[0], [1], [2], [3], [4]]
    assert [row.record.document["person"]["sex"]["value"] for row in same] == [0, 1, 2, 3, 4]


def test_rows_read_again_are_those_read_alone():
    lines = [["2016", sex, "-99", "-99", "UA", "-99"] for sex in ("Female", "Male", "Nobody")] * 4

    together = rows_of(GLOBAL, *lines)

    alone = [rows_of(GLOBAL, line)[0] for line in lines]
    assert together == [replace(row, number=number) for number, row in enumerate(alone, start=2)]


def test_a_row_is_kept_to_be_read_again_only_if_it_is_statistical_throughout():
    header, line = [*GLOBAL, "note"], ["2016", "Female", "-99", "-99", "UA", "-99"]

    with read.records(table(header, *[[*line, "private"]] * 5, *[[*line, ""]] * 5)) as reading:
        list(reading)
        kept = [row for row in reading._met.values() if row]

    assert [set(row.record.tiers()) for row in kept] == [{"T1"}]


def test_every_code_and_place_of_the_mapping_is_declared():
    given = tomllib.loads(files("palermo.standards").joinpath("ctdc.toml").read_text("utf-8"))
    lists = {
        "means": "means",
        "form": "exploitation_form",
        "sex": "exploitation_subform",
        "relation": "relation",
    }
    work = {
        *vocabulary("industry"),
        *vocabulary("exploitation_subform"),
        *vocabulary("exploitation_form"),
        "unnamed",
    }

    for kind, name in lists.items():
        assert set(given["flag"][kind]) <= set(vocabulary(name))
    assert set(given["flag"]["work"]) | set(given["column"]["labour"]["values"].values()) <= work
    for column in given["column"].values():
        at = "exploitation[].country" if column["at"] == "exploitation.country" else column["at"]
        values = set(column.get("values", {}).values()) - {""}
        if "." in at:
            declared = fields.field(at)
            assert not declared.vocabulary or values <= set(vocabulary(declared.vocabulary))
        elif at != "work":
            assert values <= set(vocabulary(lists[at]))


def slow_counts(path):
    """The table's own counts by year and exploitation, by the plainest means."""
    with gzip.open(path, "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    return collections.Counter(row["yearOfRegistration"].removesuffix(".0") for row in rows), len(rows)


def test_every_row_of_the_recoded_table_is_accounted_for_and_counted_alike():
    path = public("ctdc/ctdc_kanon_2020_recoded10.csv.gz")
    years, total = slow_counts(path)

    reading = read.records(path)
    found = collections.Counter(
        str(row.record.document["case"]["year_registered"]) for row in reading if row.record is not None
    )

    assert total == 48_801
    assert (reading.tally.read, reading.tally.kept, reading.tally.refused) == (48_801, 48_801, 0)
    assert found == years


def test_every_row_of_the_synthetic_table_is_accounted_for():
    reading = read.records(public("ctdc/ctdc_synthetic_2025_north_america19.csv.gz"), format="ctdc")

    women = sum(
        row.record.document.get("person", {}).get("sex", {}).get("value") == "f"
        for row in reading
        if row.record is not None
    )

    assert (reading.tally.read, reading.tally.refused) == (91_043, 0)
    assert women == 70_453


def test_a_layout_needs_two_columns_of_its_own():
    assert ctdc.layout(["gender", "ageBroad"]) is None
    assert ctdc.layout(["trafficking duration", "Age Band", "is citizen of COUNTRY"]).name == "synthetic19"
