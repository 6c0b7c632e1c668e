"""The Human Trafficking Case Data Standard: filled templates with every known fault, and itself."""

import csv
import io

import openpyxl
import pytest

from palermo.errors import InvalidRecord
from palermo.standards import field as fields
from palermo.standards import header, htcds, read
from palermo.standards.header import Named, Names
from tests.standards import workbooks
from tests.standards.public import public

TEMPLATES = ["htcds/HTCDS_Excel_Spreadsheet_v2.0.xlsx", "htcds/HTCDS_Excel_single_select_v2.0.xlsx"]


@pytest.fixture(scope="module", params=TEMPLATES, ids=["plain", "single select"])
def book(request, tmp_path_factory):
    out = tmp_path_factory.mktemp("htcds") / "filled.xlsx"
    places = workbooks.filled(public(request.param), out)
    return out, places


def rows_by_fault(book):
    path, places = book
    found = {row.number: row for row in read.records(path)}
    return {fault: found[place] for fault, place in places.items()}


def codes(answers):
    return [answer["value"] for answer in answers]


def test_every_filled_row_is_read_or_refused_with_the_expected_rule(book):
    rows = rows_by_fault(book)

    refused = {
        fault: {problem.rule for problem in row.problems if problem.severity == "error"}
        for fault, row in rows.items()
        if row.refused
    }
    assert set(refused) == set(workbooks.REFUSED)
    assert all(rule in refused[fault] for fault, rule in workbooks.REFUSED.items())


def test_labels_codes_blanks_and_cut_labels_all_become_codes(book):
    rows = {fault: row.record.document for fault, row in rows_by_fault(book).items() if not row.refused}

    labels = rows["labels of lists, as the template's own menus write them"]
    assert codes(item["kind"] for item in labels["means"]) == ["DebtBondage", "ThreatsLawEnforcement"]
    assert labels["exploitation"][0]["industry"]["value"] == "E_WaterSupplySewerageWasteManagement"
    coded = rows["codes instead of labels"]
    assert codes(item["form"] for item in coded["exploitation"]) == ["ForcedLabour", "ForcedBegging"]
    blanks = rows["a code with a trailing blank, labels with hard blanks"]
    assert codes(item["kind"] for item in blanks["means"]) == ["DebtBondage", "PhysicalThreats"]
    assert blanks["person"]["gender"]["value"] == "Feminine"
    cut = rows["a label cut off by the template"]["exploitation"][0]["industry"]["value"]
    assert cut == "G_WholesaleAndRetailTradeRepairOfMotorVehicles"


def test_shifted_address_codes_are_read_by_their_labels(book):
    document = rows_by_fault(book)[
        "addresses under codes that are shifted against their labels"
    ].record.document

    (address,) = document["person"]["addresses"]
    assert address["street"] == "Blue Lane 4"
    assert address["city"] == "Harbour Town"
    assert address["postal_code"] == "XA-1207"
    assert address["country"]["value"] == "XA"


def test_a_misspelt_and_a_blank_code_are_read_by_their_labels(book):
    rows = rows_by_fault(book)

    misspelt = rows["the column whose code is misspelt"].record.document
    blank = rows["the column whose code is blank"].record.document
    assert misspelt["case"]["status_decided_by"]["value"] == "Police"
    (referral,) = blank["referral"]
    assert (referral["direction"]["value"], referral["reason"]["value"]) == (
        "outgoing",
        "AdditionalServicesRequired",
    )


def test_single_and_multiple_choice_are_read_alike(book):
    rows = rows_by_fault(book)

    industries = rows["several industries where the standard has one"].record.document["exploitation"]
    assert [item.get("industry", {}).get("value") for item in industries] == [
        "F_Construction",
        None,
        "C_Manufacturing",
    ]
    assert [item["form"]["value"] for item in industries] == ["ForcedLabour", "Servitude", "ForcedLabour"]
    citizens = rows["one citizenship by name, another by code"].record.document["person"]["citizenships"]
    assert codes(citizens) == ["XA", "XB"]


def test_methods_that_are_defined_but_not_listed_are_known(book):
    means = rows_by_fault(book)[
        "a method that is defined but cannot be chosen from the list"
    ].record.document["means"]

    assert codes(item["kind"] for item in means) == ["RestrictsMovement", "UsesChildren"]


def test_other_without_words_is_read_with_a_warning(book):
    row = rows_by_fault(book)["other without words"]

    assert {problem.rule for problem in row.problems} == {"R12"}


def test_where_consent_is_refused_only_statistics_are_taken(book):
    row = rows_by_fault(book)["consent refused"]

    document = row.record.document
    assert document["case"]["consent"]["value"] == "refused"
    assert document["case"]["status"]["value"] == "Active"
    assert not {"local", "consent"} & set(document)
    assert "names" not in document.get("person", {})
    assert "Zohreh" not in str(document)
    assert "no-consent" in {problem.rule for problem in row.problems}


def test_a_cell_made_safe_for_spreadsheets_is_given_back(book):
    document = rows_by_fault(book)["a cell that a spreadsheet would run"].record.document

    assert document["person"]["names"][0]["family"] == '=HYPERLINK("x")'


def test_a_column_of_ones_own_is_kept_and_named(book):
    reading = read.records(book[0])

    assert reading.unclaimed == ("Shelter bed",)
    kept = [row.record.document["local"] for row in reading if row.record and "local" in row.record.document]
    assert {"Shelter bed": "B3"} in kept


def test_the_oddities_of_the_header_are_told(book):
    rules = [(problem.rule, problem.wrong) for problem in read.records(book[0]).problems]

    assert sum(rule == "header-conflict" for rule, _ in rules) == 4
    misspelt = [wrong for rule, wrong in rules if rule == "misspelt-header"]
    assert any("vic_TraffickingStatusDecisionMakingOrg" in wrong for wrong in misspelt)
    assert any("cas_ReasonForOutgoingReferral" in wrong for wrong in misspelt)


def test_no_identifying_value_is_in_any_problem(book):
    text = " ".join(
        f"{problem} {problem.wrong_fr} {problem.remedy_fr} {row.raw}"
        for row in read.records(book[0])
        for problem in row.problems
    )

    for value in ("Mira", "Solen", "Zohreh", "Ilmar", "+999", "03/04/1999", "Blue Lane"):
        assert value not in text


def test_the_84_fields_are_those_of_the_standard():
    assert len(htcds.columns()) == 84
    assert set(htcds.columns()) == set(fields.by_htcds())
    assert sum(column.core for column in htcds.columns().values()) == 40


def test_fields_labels_and_values_are_those_of_the_public_files():
    with public("htcds/htcds_fields_v2.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["name"]: row["label"] for row in csv.DictReader(file)}
    with public("htcds/htcds_values_v2.csv").open(encoding="utf-8", newline="") as file:
        values = [(row["field"], row["value"], row["label"]) for row in csv.DictReader(file)]

    assert {name: column.label for name, column in htcds.columns().items() if name in listed} == listed
    for name, code, label in values:
        cell = {"con_Consent": "TRUE", name: label}
        by_label, problems = htcds.document_of(cell)
        by_code, _ = htcds.document_of({**cell, name: f"{code} "})
        assert problems == []
        assert by_label == by_code
        assert code in str(by_code)


def test_every_country_of_the_form_is_known_by_code_and_by_label():
    with public("htcds/htcds_xlsform_choices.csv").open(encoding="utf-8", newline="") as file:
        countries = [row for row in csv.DictReader(file) if row["list_name"] == "citizenship"]

    spelt = htcds.spelling("country")
    assert len(countries) == 249
    assert all(spelt.code(row["label"]) == spelt.code(row["name"]) == row["name"] for row in countries)


def sheet(*rows, name="cases.csv"):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    stream = io.BytesIO(text.getvalue().encode())
    stream.name = name
    return stream


def test_a_header_of_labels_alone_or_codes_alone_is_enough():
    by_label = list(read.records(sheet(["Gender", "Type of Exploitation"], ["Feminine", "Surrogacy"])))
    by_code = list(read.records(sheet(["prs_Gender", "vic_TypeOfExploitation"], ["Feminine", "Surrogacy"])))

    assert by_label[0].record.document == by_code[0].record.document


def test_the_same_field_over_two_columns_is_told_as_unknown_not_guessed():
    reading = read.records(
        sheet(["prs_Gender", "prs_Gender", "cas_Status"], ["Feminine", "Masculine", "Active"]), format="htcds"
    )

    with pytest.raises(InvalidRecord) as caught:
        list(reading)

    assert caught.value.problems[0].rule == "duplicate-header"


def test_a_header_without_rows_is_refused():
    with pytest.raises(InvalidRecord) as caught:
        list(read.records(sheet(["prs_Gender", "cas_Status"])))

    assert caught.value.problems[0].rule == "header-only"


def test_wrong_bytes_in_the_header_are_refused():
    text = b"prs_Gender,cas_Status\nGen\0der,Status\nFeminine,Active\n"

    with pytest.raises(InvalidRecord) as caught:
        list(read.records(io.BytesIO(text)))

    assert caught.value.problems[0].rule == "zero-byte"


@pytest.mark.parametrize(
    ("name", "cell", "rule"),
    [
        ("prs_Birthdate", "yesterday", "unreadable-date"),
        ("prs_NumberOfChildren", "two", "unreadable-number"),
        ("prs_Deceased", "perhaps", "unreadable-tick"),
        ("con_Consent", "maybe", "unreadable-tick"),
    ],
)
def test_cells_of_the_wrong_kind_are_told_by_field_and_never_by_value(name, cell, rule):
    _, (problem,) = htcds.document_of({name: cell})

    assert problem.rule == rule
    assert problem.path == htcds.columns()[name].home.path
    assert cell not in str(problem)


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("1999-4-3", "1999-04-03"),
        ("1999/04", "1999-04"),
        ("1999", "1999"),
        ("1999-04-03T00:00:00", "1999-04-03"),
    ],
)
def test_dates_written_year_first_are_read_as_precisely_as_they_are(cell, date):
    document, _ = htcds.document_of({"prs_Birthdate": cell})

    assert document["person"]["birth"] == date


def test_roles_of_trafficked_persons_stand_apart_from_those_of_perpetrators():
    document, _ = htcds.document_of({"per_RoleInProcess": "Smuggler;SoldIndividual;Sold Individual"})

    assert codes(document["perpetrator"][0]["role"]) == ["Smuggler"]
    assert codes(document["perpetrator"][0]["person_role"]) == ["SoldIndividual"]


def test_values_decide_where_code_and_label_disagree():
    names = Names(
        [
            Named(code="a_Number", label="Number", fits=str.isdigit),
            Named(code="a_Word", label="Word", fits=str.isalpha),
            Named(code="a_Mark", label="Mark"),
        ]
    )

    def chosen(value):
        found = header.match([["a_Number", "a_Mark"], ["Word", "Mark"], [value, "!"]], names)
        return found.columns[0].code

    assert chosen("alpha") == "a_Word"
    assert chosen("12") == "a_Number"


def test_a_workbook_of_another_kind_has_no_sheet_of_cases(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["budget", "2024"])
    book.save(tmp_path / "budget.xlsx")

    with pytest.raises(InvalidRecord) as caught:
        read.records(tmp_path / "budget.xlsx")

    assert caught.value.problems[0].rule == "no-sheet"
