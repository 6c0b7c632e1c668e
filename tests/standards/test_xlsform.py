"""Submissions of the public HTCDS form, as KoBo and ODK export them."""

import csv
import io
import json

import pytest

from palermo.standards import read, xlsform
from tests.standards.public import public

SERVER = {
    "start": "2024-05-06T10:00:00.000+01:00",
    "_uuid": "0a1b2c3d-0000-4000-8000-000000000001",
    "__version__": "v1",
}
ANSWERS = {
    "con_Consent": "TRUE",
    "prs_First_Name": "Mira",
    "prs_Second_Name": "Solen",
    "prs_Title": "Baker",
    "prs_Citizenship": "XA",
    "vic_Methods_of_Control": "DebtBondage  PhysicalThreats",
    "vic_TypeOfExploitation": "ForcedLabour Servitude",
    "vic_ForcedLabourIndustry": "F_Construction C_Manufacturing",
    "cas_ReasonForIncomingReferral": "Additional Services Required",
    "vic_LocationOfExploitation": "a yard near the harbour",
}


def exported(*submissions):
    text = io.StringIO()
    writer = csv.DictWriter(
        text, list(dict.fromkeys(name for each in submissions for name in each)), restval=""
    )
    writer.writeheader()
    writer.writerows(submissions)
    return io.BytesIO(text.getvalue().encode())


def document(given):
    (row,) = read.records(given)
    assert [str(problem) for problem in row.problems if problem.severity == "error"] == []
    return row.record.document


def codes(answers):
    return [answer["value"] for answer in answers]


def check(found):
    assert found["person"]["names"] == [{"given": "Mira", "family": "Solen"}]
    assert found["person"]["job_title"] == "Baker"
    assert codes(item["kind"] for item in found["means"]) == ["DebtBondage", "PhysicalThreats"]
    assert [item["form"]["value"] for item in found["exploitation"]] == [
        "ForcedLabour",
        "Servitude",
        "ForcedLabour",
    ]
    assert found["referral"][0]["reason"]["value"] == "AdditionalServicesRequired"
    assert found["case"]["ref"] == SERVER["_uuid"]
    assert found["provenance"]["observed_at"] == "2024-05-06"


def test_an_exported_csv_is_told_and_read():
    reading = read.records(exported(SERVER | ANSWERS))

    assert reading.format == "xlsform"
    check(document(exported(SERVER | ANSWERS)))


@pytest.mark.parametrize(
    "text",
    [
        lambda each: json.dumps([each]),
        lambda each: json.dumps({"count": 1, "next": None, "results": [each]}, indent=1),
        lambda each: json.dumps(each) + "\n",
    ],
    ids=["array", "results", "lines"],
)
def test_exported_json_reads_as_exported_csv(text):
    given = text(SERVER | ANSWERS).encode()

    assert read.records(io.BytesIO(given)).format == "xlsform"
    assert document(io.BytesIO(given)) == document(exported(SERVER | ANSWERS))


def test_one_column_a_choice_reads_as_one_cell_of_choices():
    apart = {name: cell for name, cell in ANSWERS.items() if name != "vic_Methods_of_Control"}
    apart |= {"vic_Methods_of_Control/DebtBondage ": "1", "vic_Methods_of_Control/PhysicalThreats": "True"}
    apart |= {"vic_Methods_of_Control/PhysicalAbuse": "0"}

    assert document(exported(SERVER | apart)) == document(exported(SERVER | ANSWERS))


def test_questions_inside_groups_are_known_by_their_last_name():
    grouped = {f"intake/who/{name}": cell for name, cell in ANSWERS.items()}
    nested = {"intake": {"who": ANSWERS}}

    assert document(exported(SERVER | grouped)) == document(exported(SERVER | ANSWERS))
    assert document(io.BytesIO(json.dumps([SERVER | nested]).encode())) == document(
        exported(SERVER | ANSWERS)
    )


def test_what_the_server_and_the_agency_add_is_kept_and_named():
    added = SERVER | ANSWERS | {"_submitted_by": "worker7", "bed": "B4", "_tags": ""}

    assert xlsform.unclaimed(added) == ("__version__", "_submitted_by", "bed", "_tags")
    assert document(exported(added))["local"] == {
        "__version__": "v1",
        "_submitted_by": "worker7",
        "bed": "B4",
    }


def test_lists_inside_json_submissions_are_kept_as_text():
    added = SERVER | ANSWERS | {"_geolocation": [None, None], "_notes": []}

    assert document(io.BytesIO(json.dumps([added]).encode()))["local"]["_geolocation"] == "[null, null]"


def test_faults_of_a_submission_are_told_by_its_number():
    rows = list(read.records(exported(SERVER | ANSWERS, SERVER | ANSWERS | {"prs_Birthdate": "soon"})))
    broken = list(
        read.records(
            io.BytesIO(b'[{"_uuid": "u", "prs_Gender": "Feminine", "con_Consent": "TRUE"}, {"_uuid": 1 2}]')
        )
    )

    assert [(row.number, row.refused) for row in rows] == [(2, False), (3, True)]
    assert [(row.number, row.refused) for row in broken] == [(1, False), (2, True)]


def test_a_ragged_row_of_an_export_is_refused():
    text = exported(SERVER | ANSWERS).getvalue() + b"only,two\n"

    assert [row.refused for row in read.records(io.BytesIO(text))] == [False, True]


def survey():
    with public("htcds/htcds_xlsform_survey.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["type"] not in ("start", "end", "calculate")]


def choices():
    with public("htcds/htcds_xlsform_choices.csv").open(encoding="utf-8", newline="") as file:
        found = {}
        for row in csv.DictReader(file):
            found.setdefault(row["list_name"], []).append(row["name"])
        return found


def test_every_choice_of_every_question_of_the_public_form_is_read():
    lists = choices()
    asked = [(row["name"], *row["type"].split()) for row in survey()]

    for name, kind, *rest in asked:
        typed = {"date": "2024-01-02"}.get(kind, "XA" if name == "prs_MailingCountry" else "Other")
        answers = lists[rest[0]] if rest else [typed]
        cells = [" ".join(answers)] if kind == "select_multiple" else answers
        submissions = [SERVER | {"con_Consent": "TRUE", name: cell} for cell in cells]
        rows = list(read.records(exported(*submissions), format="xlsform"))

        assert [str(problem) for row in rows for problem in row.problems if row.refused] == [], name
        assert all(
            answer.strip() in str([row.record.document for row in rows])
            for answer in answers
            if name != "con_Consent"
        )
    assert len(asked) == 31
