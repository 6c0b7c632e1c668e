"""The public table written anew as status pages, and read back by the names of States: the same acts."""

import csv
from datetime import date

import pytest

from palermo.appraisal import register
from palermo.appraisal.provision import instruments
from palermo.appraisal.treaty import Act
from tests.appraisal.depositary import pages
from tests.appraisal.made import public

MARKS = {
    "ratification": "",
    "accession": "a",
    "succession": "d",
    "acceptance": "A",
    "approval": "AA",
    "definitive signature": "s",
    "": "",
}
CONSENT = "Definitive signature(s), Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"
TREATIES = ("UNTOC", "TIP", "SOM", "UNCAC", "SLAVERY1956", "TRAFFIC1921", "CEDAW", "CRC", "ICMW")


@pytest.fixture(scope="module")
def table():
    with public("treaty_status.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def known():
    return register.table_read(public("treaty_status.csv"))


def written(iso, mark=""):
    return f"{date.fromisoformat(iso):%d %b %Y} {mark}".strip() if iso else ""


def status_page(rows, treaty, form):
    participants = [
        (row["name"], "", written(row["signature_date"]), written(row["action_date"], MARKS[row["action"]]))
        for row in rows
        if row["treaty"] == treaty
    ]
    as_of = f"{date.fromisoformat(next(row['as_of'] for row in rows if row['treaty'] == treaty)):%d-%m-%Y}"
    if form == "xml":
        return pages.untc_xml(participants, consent=CONSENT, status=as_of)
    return pages.untc_html(participants, consent=CONSENT, status=f"STATUS AS AT : {as_of}", below="")


def facts(actions, treaty):
    return {(one.state, one.act, one.on, one.found.as_of) for one in actions if one.treaty == treaty}


@pytest.mark.parametrize("form", ["html", "xml"])
@pytest.mark.parametrize("treaty", TREATIES)
def test_the_table_as_a_page_is_read_back_with_every_act(table, known, treaty, form, tmp_path):
    reference = instruments()[treaty].reference.removeprefix("UNTC ")
    file = tmp_path / f"{reference}.en.{form}"
    file.write_bytes(status_page(table, treaty, form))
    found = register.table_read(file)

    assert found.problems == ()
    undated = {one for one in facts((*known.actions, *known.beside), treaty) if one[2] is None}
    assert facts((*found.actions, *found.beside), treaty) == (
        facts((*known.actions, *known.beside), treaty) - undated
    )
    assert {one[1] for one in undated} <= {Act.SIGNATURE, Act.RATIFICATION, Act.ACCESSION}
