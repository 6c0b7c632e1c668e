"""Every format of a report: named files, the same bytes each time."""

import io
import json
import zipfile

import pytest

from palermo.appraisal import chapter, dataset, output
from palermo.appraisal.output import Format, Package
from palermo.appraisal.words import Language
from tests.appraisal.made import an_appraisal
from tests.appraisal.test_paper import FONTS
from tests.appraisal.test_report import FACTS


def a_package():
    appraisal = an_appraisal(*FACTS)
    return Package(report=chapter.report(appraisal), data=dataset.of([appraisal]), fonts=FONTS)


def test_each_language_has_its_files_and_what_has_none_is_written_once():
    asked = [Format.HTML, Format.CSV, Format.JSON]

    names = [one.name for one in output.files(a_package(), asked, [Language.ENGLISH, Language.FRENCH])]

    tables = ("figures", "assessments", "evidence")
    assert names == [
        "XA.en.html",
        "XA.fr.html",
        *(f"XA.en.{one}.csv" for one in tables),
        *(f"XA.fr.{one}.csv" for one in tables),
        "XA.json",
    ]


@pytest.mark.parametrize("format_", Format)
def test_every_format_gives_the_same_bytes_twice(format_):
    if format_ is Format.SDMX:
        pytest.importorskip("pysdmx", reason="the extra [sdmx] is not installed")

    first, second = (output.one(a_package(), format_, Language.FRENCH) for _ in range(2))

    assert first == second
    assert first.content


def test_every_format_has_its_maker_and_its_type():
    assert set(output.MAKERS) == set(output.TYPES) == set(Format)


def test_several_files_of_one_format_come_as_one_archive():
    made = output.one(a_package(), Format.CSV, Language.ENGLISH)

    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert archive.namelist() == ["XA.en.figures.csv", "XA.en.assessments.csv", "XA.en.evidence.csv"]
    assert made.name == "XA.en.csv.zip"


def test_the_json_is_the_report_with_its_hash():
    package = a_package()

    read = json.loads(output.one(package, Format.JSON, Language.ENGLISH).content)

    assert read["content_hash"] == package.report.content_hash
