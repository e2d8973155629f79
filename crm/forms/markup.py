"""How the boxes and fields of forms look, in the design system's HTML. In Python, because a page has dozens of them, each with
a handful of attributes, and a template takes a good part of the page's time for these. All is escaped piece by piece.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.template.loader import render_to_string
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe

from crm.forms.errors import messages_of

_Widget = Mapping[str, Any]


def box_class(widget: _Widget, name: str) -> str:
    """The class of a box: the design system's, whether something is wrong with it (Django sets aria-invalid), its own."""
    attrs = widget["attrs"]
    wrong = f" {name}--error" if attrs.get("aria-invalid") else ""
    return f' class="{name}{wrong}{_own_class(widget)}"'


def attributes(widget: _Widget) -> str:
    """The attributes of a box, except its class, which stands beside the design system's own."""
    return "".join(_attribute(*one) for one in widget["attrs"].items())


def _attribute(name: str, value: Any) -> str:
    if value is False or name == "class":
        return ""
    return f" {escape(name)}" + ("" if value is True else f'="{escape(value)}"')


def _named(name: str, value: str) -> str:
    return f' {name}="{value}"' if value else ""


def _own_class(widget: _Widget) -> str:
    own = widget["attrs"].get("class")
    return f" {escape(own)}" if own else ""


def _value(widget: _Widget) -> str:
    return "" if widget["value"] is None else f' value="{escape(widget["value"])}"'


def _input(widget: _Widget) -> str:
    kind, name = escape(widget["type"]), escape(widget["name"])
    look = "" if kind == "hidden" else box_class(widget, "govuk-input")
    return f'<input{look} type="{kind}" name="{name}"{_value(widget)}{attributes(widget)}>'


def _checkbox(widget: _Widget) -> str:
    name, own = escape(widget["name"]), _own_class(widget)
    return f'<input class="govuk-checkboxes__input{own}" type="checkbox" name="{name}"{_value(widget)}{attributes(widget)}>'


def _textarea(widget: _Widget) -> str:
    look, words = box_class(widget, "govuk-textarea"), escape(widget["value"] or "")
    return f'<textarea{look} name="{escape(widget["name"])}"{attributes(widget)}>\n{words}</textarea>'


def _select(widget: _Widget) -> str:
    look, groups = box_class(widget, "govuk-select"), widget["optgroups"]
    options = "".join(_group(name, choices) for name, choices, _ in groups)
    return f'<select{look} name="{escape(widget["name"])}"{attributes(widget)}>{options}\n</select>'


def _group(name: str | None, choices: list[_Widget]) -> str:
    inside = "".join(_option(one) for one in choices)
    return f'\n  <optgroup label="{escape(name)}">{inside}\n  </optgroup>' if name else inside


def _option(one: _Widget) -> str:
    flags = "".join(f" {flag}" for flag in ("selected", "disabled") if one["attrs"].get(flag))
    return f'\n  <option value="{escape(str(one["value"]))}"{flags}>{escape(one["label"])}</option>'


def _choices(kind: str, between: str) -> Callable[[_Widget], str]:
    """Several checkboxes or radios, each with its label; `between` stands before a group that has a name."""
    look = "checkboxes" if kind == "checkbox" else "radios"

    def one(option: _Widget) -> str:
        attrs = option["attrs"]
        place = escape(attrs.get("id", ""))
        flags = "".join(f" {flag}" for flag in ("checked", "disabled", "required") if attrs.get(flag))
        value = f'name="{escape(option["name"])}" value="{escape(str(option["value"]))}"'
        return (
            f'\n  <div class="govuk-{look}__item">\n'
            f'    <input class="govuk-{look}__input" type="{kind}" {value}{_named("id", place)}{flags}>\n'
            f'    <label class="govuk-label govuk-{look}__label" for="{place}">{escape(option["label"])}</label>\n'
            "  </div>"
        )

    def every(widget: _Widget) -> str:
        inside = "".join(
            (between.format(escape(group)) if group else "") + "".join(map(one, options))
            for group, options, _ in widget["optgroups"]
        )
        return f'<div class="govuk-{look}{_own_class(widget)}" data-module="govuk-{look}">{inside}\n</div>'

    return every


def _picker(widget: _Widget) -> str:
    """One text box that takes a name, URN or company number; the script adds suggestions (crm.forms.widgets)."""
    look = box_class(widget, "govuk-input")
    text = f'name="{escape(widget["text_name"])}" value="{escape(widget["text"])}" autocomplete="off" data-picker-text'
    return (
        f'<div data-picker="{escape(widget["source"])}">\n'
        f'  <input{look} type="text" {text}{attributes(widget)}>\n'
        f'  <input type="hidden" name="{escape(widget["name"])}" value="{escape(widget["chosen_id"])}" data-picker-id>\n'
        "</div>"
    )


def _date_parts(widget: _Widget) -> str:
    """Day, month and year in three boxes (crm.forms.widgets)."""
    place, wrong = widget["attrs"].get("id"), widget["attrs"].get("aria-invalid")
    parts = "".join(_date_part(part, bool(wrong)) for part in widget["subwidgets"])
    return f'<div class="govuk-date-input"{_named("id", escape(place or ""))}>{parts}\n</div>'


def _date_part(part: _Widget, wrong: bool) -> str:
    look = f"govuk-input govuk-date-input__input govuk-input--width-{part['width']}{' govuk-input--error' if wrong else ''}"
    place, value = escape(part["attrs"]["id"]), f' value="{escape(part["value"])}"' if part["value"] else ""
    return (
        '\n  <div class="govuk-date-input__item">\n    <div class="govuk-form-group">\n'
        f'      <label class="govuk-label govuk-date-input__label" for="{place}">{escape(part["label"])}</label>\n'
        f'      <input class="{look}" type="text" inputmode="numeric" autocomplete="off" id="{place}"'
        f' name="{escape(part["name"])}"{value}{_named("aria-invalid", "true" if wrong else "")}>\n'
        "    </div>\n  </div>"
    )


def _file(widget: _Widget) -> str:
    look = box_class(widget, "govuk-file-upload")
    return f'<input{look} type="file" name="{escape(widget["name"])}"{attributes(widget)}>'


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "search", "tel", "input")
_BOXES: dict[str, Callable[[_Widget], str]] = {
    **dict.fromkeys(_INPUTS, _input),
    "checkbox": _checkbox,
    "textarea": _textarea,
    "select": _select,
    "radio": _choices("radio", '\n  <p class="govuk-radios__divider">{}</p>'),
    "checkbox_select": _choices(
        "checkbox", '\n  <p class="govuk-body govuk-!-font-weight-bold govuk-!-margin-bottom-1">{}</p>'
    ),
    "organisation_picker": _picker,
    "date_parts": _date_parts,
    "file": _file,
    "clearable_file_input": _file,
}
_DRAWN = {f"django/forms/widgets/{name}.html": draw for name, draw in _BOXES.items()}


class FormRenderer(TemplatesSetting):
    """Draws boxes and fields here, and whole forms and lists of errors by their templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """The HTML of a widget, field or form."""
        if draw := _DRAWN.get(template_name):
            return mark_safe(draw(context["widget"]))  # noqa: S308 (escaped piece by piece)
        if template_name == self.field_template_name:
            return field_markup(context["field"])
        return SafeString(super().render(template_name, context, request))


def field_markup(field: BoundField, label_class: str = "", *, hide_optional: bool = False) -> SafeString:
    """One field: label or legend, hint, errors, box; hint and errors have the ids that Django puts into aria-describedby.

    `hide_optional` leaves "(optional)" out, as a form with `hide_optional = True` does.
    """
    if field.is_hidden:
        return SafeString(field.as_widget())
    optional = not (field.field.required or hide_optional or getattr(field.form, "hide_optional", False))
    label = escape(field.label) + (" (optional)" if optional else "")
    if field.widget_type == "checkbox":
        inside = _ticked(field)
    elif field.use_fieldset:
        inside = _with_legend(field, label, label_class)
    else:
        inside = _with_label(field, label, label_class)
    wrong = " govuk-form-group--error" if field.errors else ""
    missing = _missing(field) if getattr(field, "missing", None) else ""
    return mark_safe(f'<div class="govuk-form-group{wrong}">\n{inside}\n</div>{missing}')  # noqa: S308 (escaped piece by piece)


def _ticked(field: BoundField) -> str:
    hint = field.help_text and (
        f'\n      <div class="govuk-hint govuk-checkboxes__hint" id="{field.auto_id}_helptext">{field.help_text}</div>'
    )
    return (
        f'{_errors(field)}<div class="govuk-checkboxes govuk-checkboxes--small" data-module="govuk-checkboxes">\n'
        f'    <div class="govuk-checkboxes__item">\n      {field.as_widget()}\n'
        f'      <label class="govuk-label govuk-checkboxes__label" for="{field.id_for_label}">{escape(field.label)}</label>'
        f"{hint}\n    </div>\n  </div>"
    )


def _with_legend(field: BoundField, legend: str, look: str) -> str:
    described = field.aria_describedby
    return (
        f'  <fieldset class="govuk-fieldset"{_named("aria-describedby", described or "")}>\n'
        f'    <legend class="govuk-fieldset__legend{f" {look}" if look else ""}">{legend}</legend>\n'
        f"    {_hint(field)}{_errors(field)}{field.as_widget()}\n  </fieldset>"
    )


def _with_label(field: BoundField, label: str, look: str) -> str:
    place = field.id_for_label or field.auto_id
    shown = f'  <label class="govuk-label{f" {look}" if look else ""}" for="{place}">{label}</label>\n'
    return f"{shown}  {_hint(field)}{_errors(field)}{field.as_widget()}"


def _hint(field: BoundField) -> str:
    """Hints are our own words, and may be HTML."""
    return (
        f'<div class="govuk-hint" id="{field.auto_id}_helptext">{field.help_text}</div>\n  ' if field.help_text else ""
    )


def _errors(field: BoundField) -> str:
    if not field.errors:
        return ""
    lines = "".join(
        f'<p class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> {escape(words)}</p>'
        for words in messages_of(field)
    )
    return f'<div id="{field.auto_id}_error">{lines}</div>\n  '


def _missing(field: BoundField) -> str:
    """Beside a picker: add an organisation that the registry does not have (crm.forms.missing_organisations)."""
    context = {"missing": field.missing, "row_label": field.label, "beside": True}  # type: ignore[attr-defined]
    return render_to_string("components/missing_organisation.html", context)
