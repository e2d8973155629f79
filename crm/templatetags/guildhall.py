"""The design system's components as template tags: ``{% load guildhall %}``."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from crm.addresses import record_address
from crm.forms.errors import summary_of
from crm.forms.markup import field_markup
from crm.templatetags.bars import Bar
from crm.templatetags.facts import fact
from crm.templatetags.rows import rows_of
from crm.templatetags.tags import tag
from crm.views.list_table import address_with
from guilds.access.models import LISTED_AS

register = template.Library()


@register.filter
def get_key(mapping: Mapping[str, Any], key: str) -> Any:
    """The value under a key that a template cannot spell with a dot, such as ``aria-invalid``."""
    return mapping.get(key)


@register.simple_tag(name="field")
def field_tag(field: BoundField, label_class: str = "", hide_optional: bool = False) -> SafeString:
    """One form field with a class for its label: ``{% field form.title label_class="govuk-label--m" %}``."""
    return field_markup(field, label_class, hide_optional=hide_optional)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """Every error of forms, formsets or lists of them, each a link to its box: ``{% error_summary form schools %}``."""
    return {"errors": summary_of(_flat(forms))}


def _flat(forms: Iterable[Any]) -> Iterable[BaseForm | BaseFormSet]:
    for form in forms:
        if isinstance(form, BaseForm | BaseFormSet):
            yield form
        elif isinstance(form, list | tuple):
            yield from _flat(form)


@register.simple_tag
def status_tag(status: Any, label: str = "") -> SafeString:
    """A status in its colour: ``{% status_tag pledge.status pledge.get_status_display %}``. In Python: lists have dozens."""
    return mark_safe(tag(status, label))  # noqa: S308 (escaped piece by piece)


@register.simple_tag
def to_record(name: str, pk: Any, *more: str) -> str:
    """The address of the page about one record, where a page has dozens: ``{% to_record "pledge_detail" row.pk %}``."""
    return record_address(name, pk, *more)


@register.inclusion_tag("components/bar.html")
def bar(value: float | None, target: float | None = None, label: str = "", most: float | None = None) -> dict[str, Any]:
    """A figure as a bar with a mark at its target; ``most`` is the largest of the bars it stands among."""
    return {"bar": Bar.of(value, target, most), "label": label}


@register.simple_block_tag(end_name="endtable")
def table(content: str, caption: str, headings: str, hide_caption: bool = False) -> str:
    """Rows in a table: ``{% table "Pledges" "Employer, Made, Positions#" %}<tr>…</tr>{% endtable %}``; # is for numbers."""
    words = [heading.strip() for heading in headings.split(",")]
    context = {
        "id": f"table-{slugify(caption)}",
        "caption": caption,
        "hide_caption": hide_caption,
        "headings": [{"words": word.rstrip("#"), "numeric": word.endswith("#")} for word in words],
        "rows": content,
    }
    return render_to_string("components/table.html", context)


@register.simple_tag
def summary_list(rows: Iterable[Sequence[Any]]) -> SafeString:
    """Facts about one thing, as rows of (key, value) or (key, value, address, words of the link)."""
    inside = "\n".join(fact(*row) for row in rows)
    return mark_safe(f'<dl class="govuk-summary-list">\n{inside}\n</dl>')  # noqa: S308 (escaped piece by piece)


@register.simple_tag
def summary_row(key: str, value: Any, address: str = "", words: str = "") -> SafeString:
    """One fact inside a ``<dl class="govuk-summary-list">``."""
    return mark_safe(fact(key, value, address, words))  # noqa: S308 (escaped piece by piece)


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """Words and address in turn: ``{% breadcrumbs "Home" "/" "Pledges" "/pledges/" %}``."""
    return {"crumbs": list(zip(parts[::2], parts[1::2], strict=True))}


@register.simple_tag
def menu(pages: Iterable[Mapping[str, str]]) -> SafeString:
    """The pages of the menu (crm.context.navigation). In Python: every page has them all."""
    return mark_safe("".join(_in_menu(**page) for page in pages))  # noqa: S308 (our own words and addresses)


def _in_menu(words: str, address: str, current: str) -> str:
    here = f' aria-current="{current}"' if current else ""
    active = " govuk-service-navigation__item--active" if current else ""
    shown = f'<strong class="govuk-service-navigation__active-fallback">{words}</strong>' if current else words
    link = f'<a class="govuk-service-navigation__link" href="{address}"{here}>{shown}</a>'
    return f'<li class="govuk-service-navigation__item{active}">\n{link}\n</li>\n'


@register.inclusion_tag("components/filter_panel.html", takes_context=True)
def filter_panel(context: template.Context, form: BaseForm, filtered: bool = False) -> dict[str, Any]:
    """A list's filters, sent by GET to the page they stand on; on a phone open only while they narrow it, or are wrong."""
    request = context["request"]
    opened = filtered or bool(form.errors)
    return {"form": form, "path": request.path, "opened": opened, "columns": request.GET.getlist("columns")}


@register.inclusion_tag("components/list_table.html", takes_context=True)
def list_table(context: template.Context, choosing: bool = False) -> dict[str, Any]:
    """The table of a list page; with a box before each row for doing something with several."""
    table = context["table"]()
    rows = mark_safe(rows_of(table, choosing=choosing))  # noqa: S308 (escaped piece by piece)
    return {"table": table, "title": context["view"].title, "choosing": choosing, "rows": rows}


@register.inclusion_tag("components/list_tools.html", takes_context=True)
def list_tools(context: template.Context) -> dict[str, Any]:
    """Saved views, the choice of columns and the files of a list page."""
    names = ("saved", "columns", "view", "request", "listing", "csrf_token")
    files = {f"export_{form}": address_with(context["request"], export=form) for form in LISTED_AS}
    return {name: context[name] for name in names if name in context} | files


@register.inclusion_tag("components/formset.html")
def formset(formset: BaseFormSet, row_label: str, add_label: str) -> dict[str, Any]:
    """A formset's rows with a button for one more: ``{% formset schools "School or college" "Add another" %}``."""
    return {"formset": formset, "row_label": row_label, "add_label": add_label}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Any) -> dict[str, Any]:
    """Previous and next: ``page`` is a Django page or anything with ``previous`` and ``next`` cursors or addresses."""
    request = context.get("request")
    parameters = request.GET if request else None
    return {"links": list(_page_links(page, parameters)), "page": page}


def _page_links(page: Any, parameters: Any) -> Iterable[dict[str, str]]:
    """The links that a page has; a cursor or a number replaces only its own parameter in the address."""
    for direction, words in (("previous", "Previous"), ("next", "Next")):
        where = _address(page, direction, parameters)
        if where:
            yield {"rel": "prev" if direction == "previous" else "next", "words": words, "address": where}


def _address(page: Any, direction: str, parameters: Any) -> str:
    if hasattr(page, "paginator"):
        if not getattr(page, f"has_{direction}")():
            return ""
        return _with(parameters, "page", getattr(page, f"{direction}_page_number")())
    cursor = page.get(direction) if isinstance(page, Mapping) else getattr(page, direction, None)
    if not cursor or "?" in str(cursor) or "/" in str(cursor):
        return str(cursor or "")
    return _with(parameters, "cursor", cursor)


def _with(parameters: Any, name: str, value: Any) -> str:
    changed = parameters.copy() if parameters is not None else None
    if changed is None:
        return f"?{name}={value}"
    for other in ("page", "cursor"):
        changed.pop(other, None)
    changed[name] = value
    return f"?{changed.urlencode()}"
