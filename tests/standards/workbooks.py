"""A filled HTCDS workbook made from the public template, with every fault that such files are known to have.

    python -m tests.standards.workbooks TEMPLATE OUT

All people in it are made up; they come from country XA, which does not exist.
"""

import sys
import warnings
from pathlib import Path

import openpyxl

FIRST = 3  # two header rows stand above
PEOPLE = {
    # what the row shows -> cells by the label over the column
    "labels of lists, as the template's own menus write them": {
        "Methods of Control": "Debt bondage;Threats of law enforcement",
        "Type of Exploitation": "Forced labour",
        "Forced Labour Industry": "Water supply; sewerage, waste management and remediation",
    },
    "codes instead of labels": {
        "Gender": "Masculine",
        "Type of Exploitation": "ForcedLabour;ForcedBegging",
        "Trafficking Status": "ActualVictimOfTrafficking",
    },
    "a code with a trailing blank, labels with hard blanks": {
        "Methods of Control": "DebtBondage ;PhysicalThreats",
        "Gender": "Feminine\u00a0",
    },
    "addresses under codes that are shifted against their labels": {
        "Mailing Street": "Blue Lane 4",
        "Mailing City": "Harbour Town",
        "Mailing State/Province": "North",
        "Mailing Zip/Postal Code": "XA-1207",
        "Mailing Country": "XA",
    },
    "the column whose code is misspelt": {"Trafficking Status Decision Making Organization": "Police"},
    "the column whose code is blank": {"Reason for Outgoing Referral": "Additional Services Required"},
    "several industries where the standard has one": {
        "Type of Exploitation": "Forced labour;Servitude",
        "Forced Labour Industry": "Construction;Manufacturing",
    },
    "one citizenship by name, another by code": {"Citizenship": "Made-up country XA;XB"},
    "a method that is defined but cannot be chosen from the list": {
        "Methods of Control": "RestrictsMovement;UsesChildren"
    },
    "other without words": {"Type of Exploitation": "Other", "Methods of Control": "Other"},
    "a label cut off by the template": {
        "Type of Exploitation": "Forced labour",
        "Forced Labour Industry": "Wholesale and retail trade; repair of motor vehicles and motorcycl",
    },
    "consent refused": {"Consent": "FALSE", "First Name": "Zohreh", "Mobile Phone": "+99900011122"},
    "a code that no list has": {"Gender": "Femenine?"},
    "a birth date that could be two dates": {"Birthdate": "03/04/1999"},
    "names without any consent": {"Consent": None, "First Name": "Ilmar"},
    "a cell that a spreadsheet would run": {"Second Name": '\'=HYPERLINK("x")'},
}
REFUSED = {
    "a code that no list has": "R15",
    "a birth date that could be two dates": "unreadable-date",
    "names without any consent": "R08",
}
EVERYONE = {
    "Consent": True,
    "Case Owner": "Worker 7",
    "Status": "Active",
    "First Name": "Mira",
    "Second Name": "Solen",
}


def filled(template, out):
    """Fills the template with one person a fault, adds a column of its own, and gives the row of each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    columns = {sheet.cell(2, place).value: place for place in range(1, sheet.max_column + 1)}
    local = len([label for label in columns if label]) + 2
    sheet.cell(1, local).value = "Shelter bed"
    for row, cells in enumerate(PEOPLE.values(), start=FIRST):
        for label, value in {**EVERYONE, **cells}.items():
            sheet.cell(row, columns[label]).value = value
        sheet.cell(row, local).value = f"B{row}"
    book.save(out)
    return {name: row for row, name in enumerate(PEOPLE, start=FIRST)}


if __name__ == "__main__":
    for fault, line in filled(Path(sys.argv[1]), Path(sys.argv[2])).items():
        print(f"row {line}: {fault}")
