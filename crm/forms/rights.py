"""What people ask about their own data, and the boxes for answering and erasing."""

from typing import Any

from django import forms
from django.utils import timezone

from crm.forms.registry import day_box, words_box
from guilds.rights.models import RequestKind, Why


class AskForm(forms.Form):
    """What somebody would like to have done."""

    wish = words_box("What is it about?", help_text="No names of young people")

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wish"].required = needed


class NoteRequestForm(forms.Form):
    """Somebody asked by letter, mail or telephone."""

    about = forms.CharField(
        label="Who asks",
        max_length=300,
        help_text="As much as is needed to find them again and to answer",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="What they ask for", choices=RequestKind.choices, widget=forms.RadioSelect)
    wish = words_box("In their words", required=False)
    received_on = day_box("When it came", help_text="There is one month from this day to answer")

    def clean_received_on(self) -> Any:
        """What has not come yet is not here."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Enter today or a day before it", code="future")
        return day


class AnswerForm(forms.Form):
    """What was done, or why not."""

    reason = words_box("What was done, or why not", help_text="Whoever asked reads this")
    version = forms.IntegerField(widget=forms.HiddenInput)


class FindPersonForm(forms.Form):
    """By what somebody is looked for."""

    words = forms.CharField(
        label="Name, e-mail address or telephone number",
        min_length=3,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"min_length": "Enter 3 characters or more", "required": "Enter what you know of the person"},
    )


class EraseForm(forms.Form):
    """What is to be erased. `others` and `mentions` are (key, words) pairs, `requests` (id, words)."""

    others = forms.MultipleChoiceField(
        label="Is this the same person?",
        help_text="These have the same name or address. Tick only those that you are sure of",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    mentions = forms.MultipleChoiceField(
        label="Where else they are named",
        help_text="The name, address and number are taken out of these and of their histories; files are removed. Untick "
        "what is about somebody else of the same name",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    why = forms.ChoiceField(
        label="Why", choices=[pair for pair in Why.choices if pair[0] != Why.AGE], widget=forms.RadioSelect
    )
    request = forms.ChoiceField(label="Which request this answers", required=False)
    sure = forms.BooleanField(
        label="I have looked at all of this, and it is to be erased for good",
        error_messages={"required": "Tick the box if you are sure: nobody can bring this back"},
    )
    hide_optional = True

    def __init__(self, *args: Any, others: Any, mentions: Any, requests: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("others", others), ("mentions", mentions)):
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        self.fields["request"].choices = [("", "None"), *requests]  # type: ignore[attr-defined]
