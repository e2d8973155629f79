"""What every page that lists records shares: filters as the API has them, an order, and pages that cost the same everywhere."""

from functools import cached_property, partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from crm.exports.columns import Column, chosen, for_reader
from crm.filtersets.base import OrganisationFilter, organisation_id
from crm.views.base import Page
from crm.views.exports import export
from crm.views.list_table import ColumnChoice, ListTable, SavedViews, looks_of
from crm.views.paging import Listing, page_of
from guilds.access.models import LISTED_AS, SavedView
from guilds.organisations.models import Organisation


class ListPage(Page):
    """Rows that their reader may see, filtered, sorted, a page at a time, in the columns that the reader chose; or as a file.

    `orderings` are (value, words) pairs, the usual one first; a value is a column that is never empty, "-" before it for
    falling. `narrowing` names the filters that only links set: they stay in the address, and the page says them.
    `columns` are all that the list can show (crm.exports.lists); a list without them has a template of its own.
    """

    filterset_class: ClassVar[Any]
    orderings: ClassVar[tuple[tuple[str, str], ...]]
    narrowing: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[tuple[Column, ...]] = ()
    title: ClassVar[str] = ""

    def rows(self) -> QuerySet:
        """All that the reader may see, with what the list shows."""
        raise NotImplementedError

    @property
    def list_name(self) -> str:
        """The name under which views of this list are saved and its exports are logged."""
        match = self.request.resolver_match
        assert match is not None
        return str(match.url_name)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The page that the address asks for; filters that make no sense are told, and then nothing is listed."""
        views = list(SavedView.objects.visible_to(request.user).filter(page=self.list_name))
        usual = next((view for view in views if view.is_usual and view.query), None)
        if usual and not request.GET:
            return redirect(f"{request.path}?{usual.query}")
        filters = self.filterset_class(request.GET, queryset=self._rows(), request=request)
        self._prepare(filters.form)
        sound = filters.form.is_valid()
        order = (sound and filters.form.cleaned_data.pop("ordering")) or self.orderings[0][0]
        if sound and self.columns and request.GET.get("export") in LISTED_AS:
            return self._export(filters, order)
        listing = page_of(filters.qs, request.GET.get("cursor", ""), order=order) if sound else Listing([], None, None)
        context = {
            "filters": filters.form,
            "listing": listing,
            "sound": sound,
            "filtered": self._filtered(filters.form),
            "narrowed": self._narrowed(filters),
            "saved": SavedViews.of(views, request),
            "columns": ColumnChoice.of(self._columns, self._chosen_columns, request),
            "looks": looks_of(request),
        }
        return self.page(**context, **self.extras(listing), table=partial(self._table, listing, order))

    def _rows(self) -> QuerySet:
        return self.rows().prefetch_related(*(column.relation for column in self._chosen_columns if column.relation))

    @cached_property
    def _columns(self) -> list[Column]:
        return for_reader(self.columns, self.request.user)

    @cached_property
    def _chosen_columns(self) -> list[Column]:
        return chosen(self._columns, self.request.GET.getlist("columns"))

    def _table(self, listing: Listing, order: str) -> ListTable:
        """Only where the template has it; some lists have a shape of their own."""
        allowed_orders = {value.removeprefix("-") for value, _ in self.orderings}
        return ListTable.of(self._chosen_columns, listing.rows, self.request, order, allowed_orders)

    def _export(self, filters: Any, order: str) -> HttpResponseBase:
        """Every row that the filters leave, however many, in the columns that the page shows."""
        return export(
            self.request,
            rows=filters.qs.order_by(order, "-id" if order.startswith("-") else "id"),
            columns=self._chosen_columns,
            list_name=self.list_name,
            title=self.title,
            filters=self._said(filters.form),
        )

    def _said(self, form: forms.Form) -> str:
        """The filters as the log keeps them: no words that somebody searched for."""
        kept = {name: str(value) for name, value in form.data.items() if name in form.fields and name != "q" and value}
        return urlencode(kept)

    def extras(self, listing: Listing) -> dict[str, Any]:
        """What else the template needs."""
        return {}

    def _prepare(self, form: forms.Form) -> None:
        form.fields["ordering"] = forms.ChoiceField(label="Sorted by", choices=self.orderings, required=False)
        for field in form.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        for name in self.narrowing:
            form.fields[name].widget = forms.HiddenInput()

    def _filtered(self, form: forms.Form) -> bool:
        """Whether the reader asked for less than everything."""
        return any(form.data.get(name) for name in form.fields if name != "ordering")

    def _narrowed(self, filters: Any) -> list[tuple[str, str]]:
        """What the hidden filters stand for, in words: (label, name)."""
        asked = [name for name in self.narrowing if filters.form.is_valid() and filters.form.cleaned_data.get(name)]
        return [(filters.filters[name].label, self._name_of(filters, name)) for name in asked]

    def _name_of(self, filters: Any, name: str) -> str:
        value = filters.form.cleaned_data[name]
        if not isinstance(filters.filters[name], OrganisationFilter):
            return str(value)
        pk = organisation_id(*value) if isinstance(value, tuple) else value
        found = Organisation.objects.visible_to(self.request.user).filter(pk=pk).values_list("name", flat=True)
        return found.first() or "an organisation that you can't see"
