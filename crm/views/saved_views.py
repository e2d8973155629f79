"""Views of lists that somebody keeps, and the page of what was taken out of lists."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse

from crm.exports.lists import EXPORTS
from crm.filtersets.exports import ExportFilterSet
from crm.views.base import Page
from crm.views.list_table import kept_query
from crm.views.lists import ListPage
from guilds.access import bookkeeping
from guilds.access.models import ExportLog, SavedView


class SaveView(Page):
    """Keep a list as it looks now. What can't be kept is told on the list, as it was."""

    permission_name = "home.view"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it, and go back to the list."""
        page, query = request.POST.get("page", ""), kept_query(QueryDict(request.POST.get("query", "")))
        back = f"{_list_address(page)}?{query}"
        try:
            view = bookkeeping.save_view(
                user=request.user,  # type: ignore[arg-type]
                page=page,
                name=request.POST.get("name", ""),
                query=query,
                usual=bool(request.POST.get("usual")),
            )
        except ValidationError as refusal:
            messages.error(request, "The view is not saved. " + " ".join(refusal.messages))
        else:
            messages.success(request, f"The view “{view.name}” is saved")
        return redirect(back)


class ViewNameForm(forms.Form):
    """What a saved view is called, and whether the list begins with it."""

    name = forms.CharField(label="Name", max_length=60)
    usual = forms.BooleanField(label="Begin with this view", required=False)


class ChangeView(Page):
    """Rename a saved view, make it the usual one, or forget it."""

    permission_name = "home.view"
    template_name = "lists/view.html"

    @cached_property
    def saved(self) -> SavedView:
        """The view of the address; anybody else's is not there. Raises Http404."""
        return get_object_or_404(SavedView.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form with what it is now."""
        return self._show(ViewNameForm(initial={"name": self.saved.name, "usual": self.saved.is_usual}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        back = _list_address(self.saved.page)
        if "forget" in request.POST:
            bookkeeping.drop_view(view=self.saved)
            messages.success(request, f"The view “{self.saved.name}” is forgotten")
            return redirect(f"{back}?ordering=")
        form = ViewNameForm(request.POST)
        if form.is_valid():
            try:
                bookkeeping.rename_view(view=self.saved, name=form.cleaned_data["name"])
                bookkeeping.make_usual(view=self.saved, usual=form.cleaned_data["usual"])
            except ValidationError as refusal:
                form.add_error("name", refusal.messages)  # type: ignore[arg-type]
            else:
                messages.success(request, f"The view “{self.saved.name}” is saved")
                return redirect(f"{back}?{self.saved.query}")
        return self._show(form)

    def _show(self, form: ViewNameForm) -> HttpResponse:
        return self.page(
            form=form, saved=self.saved, cancel_address=f"{_list_address(self.saved.page)}?{self.saved.query}"
        )


class ExportList(ListPage):
    """Who took what out of the system."""

    permission_name = "export.view"
    template_name = "lists/exports.html"
    filterset_class = ExportFilterSet
    columns, title = EXPORTS, "Exports"
    orderings = (("-created_at", "Latest first"), ("created_at", "Earliest first"))

    def rows(self) -> QuerySet:
        """With who it was."""
        return ExportLog.objects.visible_to(self.request.user).select_related("user")


def _list_address(page: str) -> str:
    """The address of a list by its name. Raises Http404 for what is no list."""
    if not page.endswith("_list"):
        raise Http404
    try:
        return reverse(page)
    except NoReverseMatch:
        raise Http404 from None
