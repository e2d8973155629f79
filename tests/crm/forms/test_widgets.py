"""What comes out of the picker and the date in three boxes."""

from datetime import date
from types import SimpleNamespace

import pytest
from django import forms

from crm.forms.widgets import DateParts, OrganisationPicker, Picked


class Pick(forms.Form):
    employer = forms.Field(widget=OrganisationPicker("employer"))


class When(forms.Form):
    on = forms.DateField(widget=DateParts)


def test_picker_without_scripts_gives_the_words():
    form = Pick({"employer_text": "  Bay   Hotel "})

    assert form.is_valid()
    assert form.cleaned_data["employer"] == Picked(id="", text="Bay Hotel")


def test_picker_with_a_suggestion_gives_its_id_too():
    form = Pick({"employer_text": "Bay Hotel", "employer": "0190"})

    assert form.is_valid()
    assert form.cleaned_data["employer"] == Picked(id="0190", text="Bay Hotel")


def test_empty_picker_is_refused_even_if_an_id_was_left_behind():
    assert "employer" in Pick({"employer_text": " ", "employer": "0190"}).errors


def test_picker_shows_again_what_was_typed():
    html = str(Pick({"employer_text": 'The "Bay"'})["employer"])

    assert 'value="The &quot;Bay&quot;"' in html
    assert 'data-picker="/organisations/pick/?role=employer"' in html


def test_picker_shows_an_organisation():
    html = str(Pick(initial={"employer": SimpleNamespace(pk="0190", name="Bay Hotel")})["employer"])

    assert 'name="employer_text" value="Bay Hotel"' in html
    assert 'name="employer" value="0190"' in html


def test_date_of_three_parts():
    form = When({"on_day": "4", "on_month": "3", "on_year": "2017"})

    assert form.is_valid()
    assert form.cleaned_data["on"] == date(2017, 3, 4)


@pytest.mark.parametrize(("day", "month", "year"), [("31", "2", "2017"), ("4", "", "2017"), ("x", "3", "2017")])
def test_date_that_is_none_is_refused_and_shown_again(day, month, year):
    form = When({"on_day": day, "on_month": month, "on_year": year})

    assert "on" in form.errors
    assert f'value="{day}"' in str(form["on"])


def test_no_date_at_all_is_empty():
    assert When({}).errors["on"] == ["This field is required."]
