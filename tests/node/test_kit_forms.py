"""Forms: the design system's markup, dates in parts, faults that lead to their input."""

import datetime as dt

import pytest
from django import forms as django_forms
from hypothesis import given
from hypothesis import strategies as st

from palermo.node import forms


class Sample(django_forms.Form):
    name = django_forms.CharField(help_text="As on its letters.")
    day = forms.DayField(required=False)
    began = forms.PartialDateField(required=False)
    kind = django_forms.ChoiceField(
        required=False,
        widget=django_forms.RadioSelect,
        choices=[("a", forms.Choice("Police", "Border police too.")), ("b", "Shelter")],
    )
    agrees = django_forms.BooleanField(required=False)


def a_form(**answers):
    return Sample({"name": "Shelter", **answers})


def date_answers(name, *parts):
    return {f"{name}_{place}": part for place, part in enumerate(parts)}


def test_a_text_input_has_its_label_hint_and_class():
    drawn = str(Sample()["name"].as_field_group())

    assert 'class="govuk-input"' in drawn
    assert 'for="id_name"' in drawn
    assert '<div class="govuk-hint" id="id_name_helptext">As on its letters.</div>' in drawn
    assert 'aria-describedby="id_name_helptext"' in drawn


def test_a_faulty_input_says_so_and_points_at_its_message():
    drawn = str(a_form(name="")["name"].as_field_group())

    assert "govuk-form-group--error" in drawn
    assert "govuk-input--error" in drawn
    assert 'id="id_name_error"' in drawn
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn


def test_only_what_may_stay_empty_is_marked():
    form = Sample()

    assert "(optional)" in str(form["day"].as_field_group())
    assert "(optional)" not in str(form["name"].as_field_group())


def test_a_filter_does_not_mark_its_fields():
    class Filter(forms.FilterForm):
        words = django_forms.CharField(required=False)

    assert "(optional)" not in str(Filter()["words"].as_field_group())


def test_a_class_of_our_own_stays_beside_the_systems():
    widget = django_forms.TextInput({"class": "govuk-input--width-10"})

    assert 'class="govuk-input govuk-input--width-10"' in widget.render("n", "", renderer=forms.KitRenderer())


def test_radio_buttons_have_a_line_of_help_each():
    drawn = str(a_form(kind="b")["kind"].as_field_group())

    assert 'class="govuk-radios__input"' in drawn
    assert 'aria-describedby="id_kind_0_hint"' in drawn
    assert "Border police too." in drawn
    assert drawn.count(" checked") == 1


def test_a_whole_day_is_read_from_three_boxes():
    form = a_form(**date_answers("day", "27", "3", "2021"))

    assert form.is_valid()
    assert form.cleaned_data["day"] == dt.date(2021, 3, 27)


def test_a_day_that_is_not_in_the_calendar_is_refused_and_shown_again():
    form = a_form(**date_answers("day", "31", "2", "2021"))

    assert form.errors["day"] == ["Enter a real date, such as 27 3 2021."]
    assert 'value="31"' in str(form["day"])


@pytest.mark.parametrize(
    "parts, edtf",
    [
        (("", "", "2021"), "2021"),
        (("", "3", "2021"), "2021-03"),
        (("5", "03", "2021"), "2021-03-05"),
        (("", "", ""), ""),
        ((" 5 ", " 3 ", " 2021 "), "2021-03-05"),
        (("٥", "٣", "٢٠٢١"), "2021-03-05"),
    ],
)
def test_a_date_known_in_part_becomes_edtf(parts, edtf):
    form = a_form(**date_answers("began", *parts))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["began"] == edtf


@pytest.mark.parametrize(
    "parts, word",
    [
        (("5", "3", ""), "year"),
        (("5", "", "2021"), "month"),
        (("30", "2", "2021"), "real date"),
        (("", "13", "2021"), "real date"),
        (("", "x", "2021"), "real date"),
        (("-", "3", "2021"), "real date"),
        (("", "", "21"), "year"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_the_change_that_would_work(parts, word):
    assert word in a_form(**date_answers("began", *parts)).errors["began"][0]


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_day_of_the_calendar_comes_back_as_it_was_asked(day):
    again = a_form(**date_answers("began", str(day.day), str(day.month), str(day.year)))

    assert again.is_valid()
    assert again.cleaned_data["began"] == day.isoformat()


def test_a_stored_date_fills_the_boxes():
    form = Sample(initial={"began": "2019-05", "day": dt.date(2021, 3, 27)})

    assert 'name="began_1" value="05"' in str(form["began"])
    assert 'name="began_0" value' not in str(form["began"])
    assert 'name="day_0" value="27"' in str(form["day"])


def test_faults_lead_to_the_first_input_of_their_field():
    form = a_form(name="", **date_answers("began", "5", "", "2021"))

    assert [fault.target for fault in forms.faults(form)] == ["id_name", "id_began_0"]


def test_a_fault_of_the_whole_form_comes_first_and_leads_nowhere():
    form = a_form(name="")
    form.add_error(None, "Both cannot be.")

    assert forms.faults(form)[0] == forms.Fault(text="Both cannot be.", target="")


def test_a_form_nobody_sent_has_no_faults():
    assert forms.faults(Sample()) == ()
    assert forms.faults(None) == ()
