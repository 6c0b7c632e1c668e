"""A schema says what may be released, and is refused with every reason why not."""

import tomllib
from importlib.resources import files
from string import Formatter

import pytest

from palermo.errors import InvalidRecord, Unreachable
from palermo.prevention.release import schema_text
from palermo.prevention.release.fault import faults
from palermo.prevention.release.plan import Plan
from tests.prevention.release.made_up import a_schema_text

A_COLUMN = '[[column]]\nname = "sex"\ncodes = ["f", "m"]\nclosed = true\n'


def rules(text):
    with pytest.raises(InvalidRecord) as told:
        schema_text.read(text)
    return [problem.rule for problem in told.value.problems]


def test_each_code_of_a_multi_value_column_is_a_field_of_its_own():
    schema = schema_text.read(a_schema_text())

    forms = [field.codes for field in schema.fields if field.column == "form"]

    assert forms == [("ForcedLabour",), ("SexualExploitation",), ("ForcedBegging",), ("Servitude",)]
    assert schema.sizes[:4] == (4, 3, 5, 4)


def test_a_cell_is_read_and_written_again():
    schema = schema_text.read(a_schema_text())
    cells = ["2022", "unknown", "-99", "XB", "Servitude; ForcedLabour", "", "C14", "0"]

    values = [one for column, cell in zip(schema.columns, cells, strict=True) for one in column.values(cell)]

    assert schema.row(values) == (
        *("2022", "unknown", "NULL", "XB", "ForcedLabour;Servitude", "", "C_Manufacturing", "0"),
    )


def test_a_cell_of_counts_is_named_by_columns_and_codes():
    schema = schema_text.read(a_schema_text())

    assert schema.named((0, 4, 5), (2, 1, 1)) == ("year|form|form", "2022|ForcedLabour|SexualExploitation")


def test_every_mapping_of_a_text_is_shown():
    shown = list(schema_text.read(a_schema_text()).mappings())

    assert ("age_band", "-99", "") in shown
    assert ("industry", "C14", "C_Manufacturing") in shown


def test_codes_carry_their_labels():
    sex = schema_text.read(a_schema_text()).columns[1]

    assert (sex.said("f", "fr"), sex.said("f", "en")) == ("Féminin", "Female")
    assert schema_text.read(A_COLUMN).columns[0].said("f", "fr") == "f"


def test_bins_lie_between_public_edges_and_beyond_them():
    schema = schema_text.read(
        '[[column]]\nname = "age"\nbins = [0, 18, 19, 30]\n'
        '[[column]]\nname = "on"\nbins = [2020-01-01, 2021-01-01]\n'
        '[[column]]\nname = "pay"\nbins = [0.5, 2.5]\n'
    )

    assert schema.columns[0].codes == ("<0", "0-17", "18", "19-29", "30+")
    assert schema.columns[1].codes == ("<2020-01-01", "2020-01-01/2020-12-31", "2021-01-01+")
    assert schema.columns[2].codes == ("<0.5", "0.5-<2.5", "2.5+")
    assert [schema.columns[0].values(cell) for cell in ("-1", "0", "17.9", "18", "30", "")] == [
        *((1,), (2,), (2,), (3,), (5,), (0,)),
    ]
    assert [schema.columns[1].values(cell) for cell in ("2020-12-31", "31/12/2020")] == [(2,), None]
    assert schema.columns[2].values("nan") is None


def test_a_written_schema_reads_the_same():
    schema = schema_text.read(a_schema_text(person='person = "id"\nduplicates = "merge"'))

    again = schema_text.read(schema_text.written(schema))

    assert again.fields == schema.fields
    assert schema_text.written(again) == schema_text.written(schema)
    assert (again.person, again.duplicates, again.population) == ("id", "merge", schema.population)
    binned = schema_text.read('[[column]]\nname = "age"\nbins = [0, 18]\n')
    assert schema_text.read(schema_text.written(binned)).fields == binned.fields


FAULTY = {
    "not-toml": "column = [",
    "no-columns": 'population = "x"',
    "unknown-key": A_COLUMN + "close = true",
    "wrong-type": A_COLUMN.replace('["f", "m"]', "[1, 2]"),
    "no-name": A_COLUMN.replace('name = "sex"\n', ""),
    "column-twice": A_COLUMN + A_COLUMN,
    "one-list": A_COLUMN + 'vocabulary = "sex"',
    "open-list": A_COLUMN.replace("true", "false"),
    "empty-list": A_COLUMN.replace('"f", "m"', ""),
    "long-list": A_COLUMN.replace('"f", "m"', ", ".join(f'"c{one}"' for one in range(301))),
    "many-columns": "".join(A_COLUMN.replace("sex", f"sex{one}") for one in range(61)),
    "code-twice": A_COLUMN.replace('"m"', '"f"'),
    "odd-code": A_COLUMN.replace('"m"', '"a|b"'),
    "unknown-spelling": A_COLUMN + 'spellings = { "F" = "w" }',
    "unknown-vocabulary": '[[column]]\nname = "sex"\nvocabulary = "sexes"\n',
    "bins-order": '[[column]]\nname = "age"\nbins = [18, 0]\n',
    "identity-column": A_COLUMN.replace("sex", "Date of birth"),
    "identifier-list": A_COLUMN.replace('"f", "m"', '"AB1234567", "x@y.example"'),
    "date-list": A_COLUMN.replace('"f", "m"', '"2021-03-05", "5/3/2021"'),
    "text-list": A_COLUMN.replace('"f"', f'"{"long " * 20}end"'),
}


@pytest.mark.parametrize("rule", FAULTY)
def test_a_faulty_schema_is_refused_by_its_rule(rule):
    assert rules(FAULTY[rule]) == [rule]


@pytest.mark.parametrize(
    "name",
    [
        "Full name",
        "Prénom",
        "Téléphone",
        "GPS",
        "latitude",
        "Passport number",
        "e-mail",
        "notes",
        "Commentaire",
    ],
)
def test_columns_of_names_places_and_free_text_are_refused_by_what_they_are_called(name):
    assert rules(A_COLUMN.replace("sex", name)) == ["identity-column"]


@pytest.mark.parametrize(
    "codes, rule",
    [
        ('"48.20849, 16.37208", "50.08804, 14.42076"', "identifier-list"),
        ('"a@x.example", "b@y.example"', "identifier-list"),
        ('"2021-03-05", "2021-03-06"', "date-list"),
        ('"05.03.2021", "06/03/2021"', "date-list"),
    ],
)
def test_places_addresses_and_dates_are_no_codes(codes, rule):
    assert rules(A_COLUMN.replace('"f", "m"', codes)) == [rule]


def test_a_schema_too_wide_says_how_much_noise_fewer_columns_save():
    with pytest.raises(InvalidRecord) as told:
        schema_text.read(FAULTY["many-columns"])

    problem = told.value.problems[0]
    assert "With 20 columns, counts of three values have 6 times less noise" in problem.remedy
    assert "6 fois moins de bruit" in problem.remedy_fr
    sigmas = [
        Plan(sizes=(2,) * width, epsilon=4.0, delta=1e-6).sigma(ways=3, cap=width) for width in (61, 20)
    ]
    assert round(sigmas[0] / sigmas[1]) == 6


def test_a_list_too_long_says_how_much_noise_coarser_codes_save():
    with pytest.raises(InvalidRecord, match="one region has 3 times less of it than the sum of 10 countries"):
        schema_text.read(FAULTY["long-list"])


def test_no_and_not_recorded_stay_distinct():
    child = schema_text.read(a_schema_text()).columns[-1]

    assert (child.values("no"), child.values("0"), child.values("")) == ((2,), (0,), (0,))


def test_every_fault_of_a_schema_is_told_at_once():
    text = a_schema_text(
        changes={"closed = true\nsplit": "closed = false\nsplit", '"sex"\nblank': '"sexes"\nblank'}
    )

    assert rules(text) == ["unknown-vocabulary", "open-list", "open-list"]


@pytest.mark.parametrize(
    "key",
    ["codes", "vocabulary", "bins"],
)
def test_a_list_of_the_wrong_type_is_told_once(key):
    assert "wrong-type" in rules(f'[[column]]\nname = "sex"\nclosed = true\n{key} = true\n')


def test_the_person_is_no_column_to_release():
    assert rules(A_COLUMN.replace("[[column]]", 'person = "sex"\n[[column]]')) == ["column-twice"]


def test_a_code_that_also_means_not_recorded_is_refused():
    assert rules(A_COLUMN + 'blank = ["F"]') == ["code-twice"]


def test_a_schema_that_cannot_be_opened_says_so(tmp_path):
    with pytest.raises(Unreachable, match=r"no\.toml"):
        schema_text.opened(tmp_path / "no.toml")


def test_a_schema_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "schema.toml").write_bytes('population = "État"'.encode("cp1252"))

    with pytest.raises(InvalidRecord, match="not in UTF-8"):
        schema_text.opened(tmp_path / "schema.toml")


def test_a_schema_is_read_from_a_file(tmp_path):
    (tmp_path / "schema.toml").write_text("\ufeff" + A_COLUMN, encoding="utf-8")

    assert schema_text.opened(tmp_path / "schema.toml").sizes == (2,)


def test_every_fault_has_the_same_places_in_both_languages():
    for rule, texts in faults().items():
        assert set(texts) == {"wrong", "remedy", "wrong_fr", "remedy_fr"}, rule
        for one in ("wrong", "remedy"):
            assert places(texts[one]) == places(texts[f"{one}_fr"]), rule


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_texts_of_faults_are_toml():
    assert tomllib.loads(files("palermo.prevention.release").joinpath("faults.toml").read_text("utf-8"))
