"""Sex, age, form and year: which column holds them, and the United Nations' codes of their values."""

import pytest

from palermo.errors import InvalidRecord
from palermo.prevention import dimension, sheet
from palermo.prevention.dimension import AGE, FORM, SEX


def test_columns_are_found_by_the_names_they_are_known_by():
    found = dimension.found(["Region", "Gender", "age_band", "Form", "year"])

    assert found == {"year": "year", "sex": "Gender", "age": "age_band", "form": "Form"}


def test_a_column_named_for_a_dimension_goes_before_the_one_that_is_known():
    assert dimension.found(["sex", "papers"], {"sex": "papers"}) == {"sex": "papers"}
    assert dimension.found(["sex"], {"age": "sex"}) == {"age": "sex"}


@pytest.mark.parametrize(
    "named, said",
    [
        ({"height": "sex"}, "dimension height"),
        ({"age": "era"}, "dimension age: There is no column `era`. Use sex"),
    ],
)
def test_a_dimension_or_column_that_is_none_is_refused(named, said):
    with pytest.raises(InvalidRecord, match=said):
        dimension.found(["sex"], named)


@pytest.mark.parametrize(
    "one, given, value",
    [
        (SEX, "Female", "f"),
        (SEX, "Féminin", "f"),
        (SEX, "M", "m"),
        (AGE, "48+", "48+"),
        (AGE, "Young", "Young"),
        (FORM, "forced labour", "ForcedLabour"),
        (SEX, "_T", "_T"),
    ],
)
def test_a_value_is_the_code_that_its_words_mean(one, given, value):
    assert one.value(given) == value


@pytest.mark.parametrize(
    "value, wider, inside",
    [("0-8", "child", True), ("child", "0-8", False), ("0-8", "adult", False), ("Young", "_T", True)],
)
def test_an_age_is_inside_the_wider_one(value, wider, inside):
    assert AGE.within(value, wider) is inside


@pytest.mark.parametrize(
    "value, code",
    [("0-8", "Y0T8"), ("48+", "Y_GE48"), ("child", "Y0T17"), ("adult", "Y_GE18"), ("_T", "_T"), ("Old", "")],
)
def test_ages_have_the_codes_of_the_united_nations(value, code):
    assert dimension.age_code(value) == code


def test_every_sex_has_a_code_and_every_form_a_series():
    assert [dimension.sex_code(one) for one in SEX.vocabulary] == ["F", "M", "_O", "_U"]
    assert dimension.sex_code("other words") == ""
    assert {dimension.series(one) for one in FORM.vocabulary} == {
        f"VC_HTF_DETV{letters}R" for letters in ("FL", "SX", "OG", "OP")
    }
    assert dimension.series("_T") == "VC_HTF_DETVR"
    assert dimension.series("theirs") == ""


def test_forms_named_in_the_table_of_series_are_in_the_vocabulary():
    assert {*dimension._FORMS} <= {*FORM.vocabulary}
    assert {*dimension._SEXES, *dimension._AGES} - {"_T"} <= {*SEX.vocabulary, *AGE.vocabulary}


def test_years_are_numbers():
    lines = ["A,B,when,count", "1,0,2024,5", "0,1,then,5"]
    read = sheet.parse(lines, columns=["when"])

    dimension.numbered(read, None)
    with pytest.raises(InvalidRecord, match=r"column when: 'then': no year\. Give numbers"):
        dimension.numbered(read, "when")
