"""SDMX: written with pysdmx, valid against the schemas, and read back equal."""

import builtins

import pytest

from palermo.appraisal import dataset
from palermo.appraisal.provision import Set, provisions
from palermo.appraisal.published import SDG_SERIES
from palermo.appraisal.sdmx import code, message, metadata
from palermo.appraisal.sdmx.structure import components, structures
from palermo.errors import Unreachable
from tests.appraisal.made import an_appraisal
from tests.appraisal.test_report import FACTS

pysdmx_io = pytest.importorskip("pysdmx.io", reason="the extra [sdmx] is not installed")


@pytest.fixture(scope="module")
def data():
    return dataset.of([an_appraisal(*FACTS), an_appraisal(*FACTS[:3], code="XB")])


@pytest.fixture(scope="module")
def folder(data, tmp_path_factory):
    made = tmp_path_factory.mktemp("sdmx")
    for name, content in message.messages(data).items():
        (made / name).write_bytes(content)
    return made


def without_use(component):
    """pysdmx writes no use of a measure, and reads a measure as required."""
    return type(component)(
        **{name: getattr(component, name) for name in component.__struct_fields__} | {"required": True}
    )


def test_the_structure_is_valid_and_read_back_equal(data, folder):
    read = pysdmx_io.read_sdmx(folder / "structure.xml", validate=True)
    back = {(type(one).__name__, one.id): one for one in read.structures}
    made = structures(data)

    for one in (*made.codelists, made.concepts, made.dataflow):
        assert back[type(one).__name__, one.id] == one
    definition = back["DataStructureDefinition", "APPRAISAL"]
    wanted = {one.id: one for one in made.definition.components}
    found = {one.id: one for one in definition.components}
    assert found.keys() == wanted.keys()
    assert {name: without_use(one) for name, one in found.items()} == {
        name: without_use(one) for name, one in wanted.items()
    }


@pytest.mark.parametrize("name, validate", [("data.xml", True), ("data.csv", False)])
def test_the_data_is_read_back_equal(data, folder, name, validate):
    [read] = pysdmx_io.get_datasets(folder / name, folder / "structure.xml", validate=validate)

    back = [
        {
            key: None if value is None or value != value or str(value) in ("", "<NA>") else value
            for key, value in row.items()
        }
        for row in read.data.to_dict("records")
    ]
    assert [{name: row.get(name) for name in components()} for row in back] == [
        message.row(one) for one in data.figures
    ]


def test_every_code_of_the_data_stands_in_its_list(data):
    lists = {name: {held for held, _ in one.codes} for name, one in code.codes_of(components(), data).items()}

    for one in data.figures:
        written = message.row(one)
        assert all(written[name] in lists[name] for name in lists if written[name] is not None)


def test_a_hidden_figure_has_bounds_and_no_value(data):
    hidden = next(one for one in data.figures if one.status == "suppressed")

    written = message.row(hidden)

    assert (written["OBS_VALUE"], written["LOWER"], written["UPPER"]) == (None, 1, 4)
    assert written["OBS_STATUS"] == "Q"


def test_goal_series_keep_the_codes_of_the_statistics_division(data):
    measures = dict(code.codes_of(["MEASURE"], data)["MEASURE"].codes)

    assert set(SDG_SERIES) <= measures.keys()
    assert (code.sex("female"), code.age("lt5y"), code.age("18 years or over")) == ("F", "Y0T4", "Y_GE18")


def test_the_lists_hold_the_whole_framework_in_both_languages(data):
    by_id = {one.id: one for one in code.lists(data)}
    plan = {one.id for one in provisions().values() if one.set is Set.PLAN}

    assert plan <= {held for held, _ in by_id["CL_PROVISION"].codes}
    assert len(by_id["CL_AREA"].codes) == 195
    assert all(name.en and name.fr for one in by_id.values() for _, name in one.codes)


def test_french_names_stand_beside_the_english_ones(folder):
    text = (folder / "structure.xml").read_text("utf-8")

    assert '<com:Name xml:lang="fr">Femmes</com:Name>' in text
    assert text.count('xml:lang="fr"') == text.count('xml:lang="en"')


def test_the_metadata_fills_the_fields_of_the_template(data, folder):
    [report] = pysdmx_io.read_sdmx(folder / "metadata.xml", validate=True).reports

    assert report == metadata.report(data)
    assert [one.id for one in report.attributes] == [one["id"] for one in metadata.fields()]
    assert all(part.value for one in report.attributes for part in one.attributes)


def test_the_same_rows_give_the_same_bytes():
    first, second = (dataset.of([an_appraisal(*FACTS)]) for _ in range(2))

    assert message.messages(first) == message.messages(second)


def test_without_the_package_the_error_says_what_to_install(data, monkeypatch):
    imported = builtins.__import__

    def absent(name, *rest):
        if name.startswith("pysdmx"):
            raise ImportError(name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)

    with pytest.raises(Unreachable, match=r"palermo\[sdmx\]"):
        message.messages(data)
