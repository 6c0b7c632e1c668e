from dataclasses import fields, is_dataclass

import pytest

from palermo.errors import InvalidRecord, Unknown, WrongState
from palermo.prevention.release import intake, made, risk, risk_text, schema_text
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.plan import Plan
from palermo.prevention.release.report import Asked, Report
from tests.prevention.release import made_up
from tests.prevention.release.few import a_table
from tests.prevention.release.test_holdout import SIZES, copied, many

KNOWN, HIDDEN = ["sex", "citizenship"], ["form"]


@pytest.fixture(scope="module")
def schema():
    return schema_text.read(made_up.a_schema_text())


@pytest.fixture(scope="module")
def release(schema):
    plan = Plan(sizes=schema.sizes, epsilon=4.0, delta=1e-5)
    secret = intake.of_rows(made_up.COLUMNS, made_up.rows(1_500), schema)
    return secret, made.make(secret, plan, seed=1, effort=made.Effort(fits=1, moves=50))


@pytest.fixture(scope="module")
def report(schema, release):
    secret, published = release
    asked = risk.asked(schema, known=KNOWN, sensitive=HIDDEN, trials=1, runs=20, among=200)
    return risk.report(secret, published, asked=asked, make=risk.making(published.plan, moves=20))


def a_release(*, rows=True):
    """A release of other persons, all alike."""
    plan = Plan(sizes=SIZES, epsilon=1.0, delta=1e-5)
    secret = Secret(a_table(*[(1, 1, 1)] * 1_200, sizes=SIZES))
    return made.make(secret, plan, seed=1, rows=rows, effort=made.Effort(fits=1, moves=1))


def test_a_report_answers_its_four_questions(report, schema):
    assert report.real.persons == 1_500
    assert report.alone.trials == 1
    assert [one.column for one in report.inferences] == list(report.asked.sensitive)
    assert 0 < report.membership.bound < 0.5
    assert not report.broken


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_report_says_what_was_tried_what_was_found_and_what_stays_open(report, schema, language):
    told = risk_text.text(report, schema, language)

    sections = risk_text.sections(report, schema, language)
    assert len(sections) == 4
    for section in sections:
        assert section.title in told
        assert section.tried in told
        assert section.found
        assert section.open in told
    assert "{" not in told


def test_a_report_says_that_it_stays_inside_and_is_signed(report, schema):
    told = risk_text.text(report, schema, "en")

    assert "For use inside only" in told
    assert "do not publish it" in told
    assert told.rstrip().endswith("_")
    assert Report.releasable is False


def test_a_report_holds_nothing_of_one_person(report):
    """Only numbers, and values of numbers: no row, no code, no array."""

    def leaves(value):
        if is_dataclass(value):
            return [leaf for one in fields(value) for leaf in leaves(getattr(value, one.name))]
        return [leaf for one in value for leaf in leaves(one)] if isinstance(value, tuple) else [value]

    assert {type(leaf) for leaf in leaves(report)} <= {int, float}


def test_a_release_that_copies_persons_breaks_its_promise_and_the_report_says_so(schema):
    persons = many()
    release = a_release()
    asked = Asked(known=(0,), sensitive=(1,), trials=1, runs=40, among=100)

    found = risk.report(Secret(persons), release, asked=asked, make=copied)

    assert found.broken
    assert "Do not publish" in risk_text.head(found, _columns(), "en")[-1]
    lines = risk_text.sections(found, _columns(), "en")[3].found
    assert any("promise is broken" in line for line in lines)
    assert "Having been in the table" in risk_text.sections(found, _columns(), "en")[1].found[-1]


def test_a_table_without_single_rows_is_told_as_such(schema):
    persons = a_table(*[(1, 1, 1)] * 30, *[(2, 0, 0)] * 30, sizes=SIZES)
    asked = Asked(known=(0,), sensitive=(1, 2), trials=1, runs=20, among=50)

    found = risk.report(Secret(persons), a_release(), asked=asked, make=copied)

    assert risk_text.sections(found, _columns(), "en")[1].found == (risk_text.told("alone-none", "en"),)


def test_a_column_nobody_recorded_is_told_as_such():
    persons = a_table(*[(1, 0, 1)] * 30, sizes=SIZES)
    asked = Asked(known=(0,), sensitive=(1,), trials=1, runs=20, among=50)

    found = risk.report(Secret(persons), a_release(), asked=asked, make=copied)

    assert risk_text.sections(found, _columns(), "en")[2].found == ("b: nobody recorded it.",)


def test_a_release_of_counts_alone_has_no_report(release, schema):
    secret, _ = release
    asked = risk.asked(schema, known=KNOWN, sensitive=HIDDEN)

    with pytest.raises(WrongState, match="no rows"):
        risk.report(secret, a_release(rows=False), asked=asked)


def test_every_code_of_a_split_column_is_asked_about(schema):
    asked = risk.asked(schema, known=["sex"], sensitive=["form"])

    assert [schema.fields[place].codes for place in asked.sensitive] == [
        ("ForcedLabour",),
        ("SexualExploitation",),
        ("ForcedBegging",),
        ("Servitude",),
    ]


def test_a_column_both_known_and_hidden_is_refused(schema):
    with pytest.raises(InvalidRecord, match="column sex: The column is both") as raised:
        risk.asked(schema, known=["sex"], sensitive=["sex"])

    assert raised.value.problems[0].wrong_fr


def test_a_report_about_nothing_is_refused(schema):
    with pytest.raises(InvalidRecord) as raised:
        risk.asked(schema, known=[], sensitive=[])

    assert [problem.path for problem in raised.value.problems] == ["known", "sensitive"]


def test_a_column_that_the_schema_lacks_is_refused_with_those_it_has(schema):
    with pytest.raises(Unknown, match=r"no column name\. Use one of: year, sex"):
        risk.asked(schema, known=["name"], sensitive=["form"])


@pytest.mark.parametrize("wrong", [{"least": 1}, {"trials": 0}, {"among": 0}, {"runs": 19}])
def test_too_little_to_try_is_refused(wrong):
    with pytest.raises(ValueError, match=r"Ask for 20|at the least"):
        Asked(known=(0,), sensitive=(1,), **wrong)


def _columns():
    """A schema of three columns a, b and c with the sizes of the small tables."""
    lists = [[str(code) for code in range(1, size + 1)] for size in SIZES]
    return schema_text.read(
        "\n".join(
            f'[[column]]\nname = "{name}"\nclosed = true\ncodes = {codes}'
            for name, codes in zip("abc", lists, strict=True)
        )
    )
