"""Every line of the error summary leads to a box that is on the page, and boxes name their hints and errors."""

import re

import pytest
from django import forms
from django.template import Context, Template

from crm.forms.widgets import DateParts, OrganisationPicker


class EveryKindOfBox(forms.Form):
    title = forms.CharField(help_text="What people call it")
    kind = forms.ChoiceField(choices=[("a", "Fair"), ("b", "Visit")], widget=forms.RadioSelect)
    guild = forms.ChoiceField(choices=[("", "Choose"), ("h", "Hospitality")])
    on = forms.DateField(label="Date", widget=DateParts, help_text="For example, 14 3 2017")
    employer = forms.Field(widget=OrganisationPicker("employer"))
    days = forms.MultipleChoiceField(choices=[("1", "Monday"), ("2", "Tuesday")], widget=forms.CheckboxSelectMultiple)
    notes = forms.CharField(widget=forms.Textarea, required=False)
    file = forms.FileField()
    agreed = forms.BooleanField(label="The school agrees")


class Row(forms.Form):
    learners = forms.IntegerField()


Rows = forms.formset_factory(Row, extra=0)


def rendered(source: str, **context) -> str:
    return Template("{% load guildhall %}" + source).render(Context(context))


def ids(page: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', page)


@pytest.fixture
def page() -> str:
    rows = Rows({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-learners": "many"})
    return rendered(
        "{% error_summary form rows %}{{ form }}{% formset rows 'School' 'Add a school' %}",
        form=EveryKindOfBox({}),
        rows=rows,
    )


def test_every_link_of_the_summary_leads_to_one_box(page):
    targets = re.findall(r'href="#([^"]+)"', page)

    assert len(targets) == 9
    assert [ids(page).count(target) for target in targets] == [1] * 9


def test_every_description_that_a_box_names_is_there(page):
    named = {name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()}

    assert named
    assert named <= set(ids(page))


def test_no_id_stands_twice(page):
    visible = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)

    assert len(ids(visible)) == len(set(ids(visible)))


def test_labels_lead_to_boxes(page):
    assert set(re.findall(r'<label[^>]* for="([^"]+)"', page)) <= set(ids(page))


def test_empty_boxes_are_told_what_to_do(page):
    for words in (
        "Enter title",
        "Choose kind",
        "Choose guild",
        "Enter date",
        "Choose file",
        "Tick “The school agrees”",
    ):
        assert words in page
    assert "This field is required" not in page


def test_errors_of_a_row_name_the_row(page):
    assert "Row 1: Enter a whole number." in page


def test_errors_of_the_whole_form_are_in_the_summary_without_a_link():
    form = EveryKindOfBox({})
    form.add_error(None, "The pledge was withdrawn")

    assert "<li>The pledge was withdrawn</li>" in rendered("{% error_summary form %}", form=form)


def test_no_summary_when_nothing_is_wrong():
    assert "govuk-error-summary" not in rendered("{% error_summary form %}", form=EveryKindOfBox())


def test_optional_boxes_say_so_unless_told_not_to():
    form = EveryKindOfBox()

    assert "Notes (optional)" in rendered("{{ form.notes.as_field_group }}", form=form)
    assert "(optional)" not in rendered("{% field form.notes hide_optional=True %}", form=form)


def test_no_box_carries_a_style_that_the_content_policy_forbids(page):
    assert " style=" not in page
