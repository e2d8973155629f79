"""Saved scopes of coverage: all of them, a new one, another name or selection, an end."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from crm.forms.scopes import ScopeForm, facts_of
from crm.views.base import Page, RecordPage
from crm.views.form_page import FormPage
from guilds.access.permissions import allowed
from guilds.impact import scope_actions as actions
from guilds.impact.saved_scopes import SavedScope, in_words
from guilds.impact.scopes import Places

#: Filters of the page of coverage, and the boxes that they fill in when they are to be kept.
_FROM_FILTERS = {
    "coastal": "coastal", "provider_kind": "provider_kinds", "local_kind": "local_kinds", "district": "districts",
    "guild": "guild", "kind": "kind",
}  # fmt: skip
_SEVERAL = frozenset({"provider_kinds", "local_kinds", "districts"})


class ScopeList(Page):
    """Every scope with what it selects."""

    permission_name = "scope.view"
    template_name = "scopes/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        places = Places()
        scopes = SavedScope.objects.visible_to(request.user)
        return self.page(
            rows=[(scope, in_words(scope, places.districts, places.guilds), coverage_of(scope)) for scope in scopes],
            may_change=allowed(request.user, "scope.change"),
        )


class NewScope(FormPage):
    """Give a part of the schools a name."""

    permission_name = "scope.change"
    heading, submit_label, done = "Save a scope", "Save the scope", "The scope is saved"

    def form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """Empty, or what was sent."""
        return ScopeForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """What the page of coverage was filtered by."""
        asked = {box: self.request.GET.get(name, "") for name, box in _FROM_FILTERS.items()}
        return {box: [said] if box in _SEVERAL else said for box, said in asked.items() if said}

    def act(self, form: ScopeForm) -> str:
        """Save it, and show its coverage."""
        saved = actions.save_scope(by=self.request.user, **form.facts())
        return coverage_of(saved, self.request.GET.get("period", ""))

    def way_back(self) -> str:
        """The list."""
        return reverse("scope_list")

    def words(self) -> dict[str, Any]:
        """What it is good for."""
        explained = "Everybody who reads coverage finds it there. A school must fit all that you choose."
        return super().words() | {"explained": explained}


class ScopePage(FormPage, RecordPage):
    """A form about one scope."""

    permission_name = "scope.change"
    record: SavedScope

    def records(self) -> QuerySet:
        """All."""
        return SavedScope.objects.all()

    def way_back(self) -> str:
        """The list."""
        return reverse("scope_list")


class CorrectScope(ScopePage):
    """Another name or selection; links to it go on working."""

    heading, done = "Change the scope", "The scope is changed"

    def form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """As it is, or what was sent."""
        return ScopeForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return facts_of(self.record)

    def act(self, form: ScopeForm) -> str:
        """Change it."""
        version = form.cleaned_data["version"]
        actions.correct_scope(by=self.request.user, scope=self.record, expected_version=version, **form.facts())
        return self.way_back()


class DeleteScope(ScopePage):
    """Nobody needs it any more."""

    heading, submit_label, done = "Delete the scope", "Delete the scope", "The scope is deleted"

    def form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """Nothing to fill in."""
        return forms.Form(*args, **kwargs)

    def act(self, form: forms.Form) -> str:
        """Delete it."""
        actions.delete_scope(by=self.request.user, scope=self.record)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """What goes, and what stays."""
        explained = "Links to it will no longer work. No school and no figure changes; history keeps what it was."
        return super().words() | {"about": self.record.name, "explained": explained, "grave": True}


def coverage_of(scope: SavedScope, period: str = "") -> str:
    """The page of coverage by a scope, of this year or another."""
    asked = {"scope": scope.slug} | ({"period": period} if period else {})
    return f"{reverse('coverage')}?{urlencode(asked)}"
