"""An id of the framework never changes its meaning; new declarations add and supersede."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from palermo.appraisal import chapter, provision
from palermo.appraisal.provision import Set, instruments, meaning, provisions
from palermo.appraisal.reference_check import ReferenceCheck, checked
from tests.appraisal.made import TODAY
from tests.appraisal.test_dossier import appraised

GOLDEN = Path(__file__).with_name("meanings.csv")
CHECK = ReferenceCheck(
    provision="GPA-P05", by="Amina Diallo", on=date(2026, 3, 1), paragraph="16", note="Off by one."
)


def golden():
    with GOLDEN.open(encoding="utf-8", newline="") as table:
        return {row["id"]: row["meaning"] for row in csv.DictReader(table)}


def test_every_id_means_what_it_has_always_meant():
    """Whoever changes a text gives it a new id; a new id gets a new row in meanings.csv."""
    assert {name: meaning(one) for name, one in provisions().items()} == golden()


@pytest.mark.parametrize("name", ["reference_status", "paragraph", "checked_by", "measures"])
def test_where_a_provision_stands_is_no_part_of_what_it_means(name):
    one = provisions()["GPA-P05"]

    assert meaning(one) == meaning(replace(one, **{name: "another"}))


@pytest.mark.parametrize("name", ["text", "pillar", "addressee", "scored", "instrument"])
def test_what_a_provision_asks_of_whom_is_its_meaning(name):
    one = provisions()["GPA-P05"]
    other = replace(provisions()["GPA-R15"], instrument="A/RES/72/1")

    assert meaning(one) != meaning(replace(one, **{name: getattr(other, name)}))


def test_an_addressee_is_a_state_the_united_nations_or_all():
    assert {one.addressee for one in provisions().values()} <= {"state", "un", "all"}
    assert all(one.scored is (one.addressee != "un") for one in provisions().values())


def test_what_supersedes_is_of_a_later_day_and_nothing_supersedes_itself():
    for one in provisions().values():
        for name in one.supersedes:
            assert provisions()[name].valid_from < one.valid_from
            assert instruments()[one.instrument].kind == "declaration"


@pytest.mark.parametrize(
    "on, there, gone",
    [
        (date(2018, 1, 1), {"PD17-g", "GPA-P01"}, {"PD21-g", "PD25-a"}),
        (date(2022, 1, 1), {"PD21-g", "PD17-h"}, {"PD17-g", "PD25-a"}),
        (TODAY, {"PD21-g", "PD25-a"}, {"PD17-g"}),
        (date(2010, 7, 29), set(), {"GPA-P01"}),
    ],
)
def test_a_new_declaration_adds_and_supersedes(on, there, gone):
    asked = {one.id for one in provision.in_force(on)}

    assert there <= asked
    assert not gone & asked


def test_the_plan_itself_is_never_superseded():
    assert not {name for one in provisions().values() for name in one.supersedes} & {
        one.id for one in provisions().values() if one.set is Set.PLAN
    }


# -- references that people checked -------------------------------------------------------------------------


def test_a_check_says_where_a_provision_stands_and_changes_nothing_else():
    one = provisions()["GPA-P05"]
    found = checked(one, {"GPA-P05": CHECK})

    assert (found.paragraph, found.checked_by, found.checked_on) == ("16", "Amina Diallo", date(2026, 3, 1))
    assert found.reference_checked
    assert meaning(found) == meaning(one)
    assert checked(provisions()["GPA-P06"], {"GPA-P05": CHECK}) is provisions()["GPA-P06"]


@pytest.mark.parametrize("today, marked", [(TODAY, False), (date(2026, 2, 28), True)])
def test_a_report_marks_a_number_until_the_day_on_which_somebody_checked_it(today, marked):
    cells = [
        row.cells[1].items for row in rows(appraised(today=today, checks={"GPA-P05": CHECK})) if is_p05(row)
    ]

    assert len(cells) == 1
    keys = [getattr(one, "key", None) or one.label.key for one in cells[0]]
    assert keys[-1] == ("reference.unchecked" if marked else "reference.checked")
    assert dict(cells[0][0].values)["paragraph"] == ("15" if marked else "16")


def rows(appraisal):
    tables = next(one for one in chapter.report(appraisal).sections if one.id == "provisions")
    return [row for block in tables.blocks for row in getattr(block, "rows", ())]


def is_p05(row):
    return row.cells[0].items[0] == "GPA-P05"
