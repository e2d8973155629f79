"""The boxes of forms say what is in them, and nothing that somebody typed becomes part of the page."""

import pytest
from django import forms

pytestmark = pytest.mark.once
NASTY = '"><script>'


class Typed(forms.Form):
    name = forms.CharField(min_length=30, help_text="As on the letter", widget=forms.TextInput(attrs={"class": "own"}))
    sort = forms.ChoiceField(choices=[(NASTY, NASTY), ("Group", [(1, "One"), (2, "Two")])], initial=2)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"spellcheck": True, "data-x": False}))
    hidden = forms.CharField(initial=NASTY, widget=forms.HiddenInput)


def test_a_box_has_its_class_its_state_its_attributes_and_its_value():
    form = Typed({"name": NASTY, "sort": "1", "note": NASTY, "hidden": NASTY})
    assert not form.is_valid()
    html = str(form["name"])
    assert 'class="govuk-input govuk-input--error own"' in html and 'aria-invalid="true"' in html
    assert 'minlength="30"' in html and 'value="&quot;&gt;&lt;script&gt;"' in html
    assert " spellcheck" in str(form["note"]) and "data-x" not in str(form["note"])
    assert 'type="hidden"' in str(form["hidden"]) and "class=" not in str(form["hidden"])
    assert "<script>" not in str(form)


def test_an_empty_box_has_no_value_and_a_select_its_choice_in_its_group():
    form = Typed()
    assert "value=" not in str(form["name"]) and "--error" not in str(form["name"])
    html = " ".join(str(form["sort"]).split())
    assert '<optgroup label="Group"> <option value="1">One</option> <option value="2" selected>Two</option>' in html
    assert '<option value="&quot;&gt;&lt;script&gt;">&quot;&gt;&lt;script&gt;</option>' in html
