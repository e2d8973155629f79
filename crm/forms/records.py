"""Boxes in which somebody chooses among records."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator


class _ReadAtOnce(ModelChoiceIterator):
    """Django reads choices by a cursor of its own: four ways to the database where one does, for a page's worth of them."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for record in self.queryset.all():
            yield self.choice(record)


class OneRecord(forms.ModelChoiceField):
    """One of some records."""

    iterator = _ReadAtOnce


class SomeRecords(forms.ModelMultipleChoiceField):
    """Any of some records."""

    iterator = _ReadAtOnce
